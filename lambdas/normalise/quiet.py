"""Keeps the function from answering its own lines with more of them.

What CloudWatch gets from a function is written to its log: the line of a batch, and its metrics.
Where somebody subscribed that log to the stream, a batch may hold nothing else. Were each of them
answered by lines, they would go round for good. So the first is answered, and then one a minute at
most, which is enough for an alarm.
"""

import time
from collections.abc import Callable
from typing import NamedTuple

from lambdas.delivery.delivery import Report
from logcore.own_logs import OWN_LOGS

PAUSE_S = 60.0
"""How long batches of own lines go unanswered after one that was: less than an alarm looks back."""


class Heard(NamedTuple):
    """What is to be published.

    Attributes:
        report: What became of the events of one batch or more.
        payloads: How many Kinesis records these were.
    """

    report: Report
    payloads: int


class Quiet:
    """Gathers the reports of batches that hold the pipeline's own lines and nothing else.

    They are published with the next batch of anything else, or ``PAUSE_S`` after the last of them
    that was. What an environment still holds when Lambda ends it is not counted.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held = Heard(Report(), 0)
        self._answered: float | None = None

    def hear(self, report: Report, payloads: int) -> Heard | None:
        """What is to be published after a batch; nothing while it is better kept quiet."""
        self._held.report.add(report)
        held = Heard(self._held.report, self._held.payloads + payloads)
        if _is_own(report):
            if not self._is_due():
                self._held = held
                return None
            self._answered = self._clock()
        self._held = Heard(Report(), 0)
        return held

    def _is_due(self) -> bool:
        return self._answered is None or self._clock() - self._answered >= PAUSE_S


def _is_own(report: Report) -> bool:
    """Whether a batch holds own lines and nothing else."""
    own = sum(number for (_, rule), number in report.dropped.items() if rule == OWN_LOGS)
    return own > 0 and own == report.received
