"""What the local cloud declined to deliver: kept, counted and shown, so that no loss is silent.

AWS drops a delivery that it may not make and tells nobody but a metric. Here each one is an error
line in the log and an entry of ``GET /_local/refused``, so that a demonstration fails with its
cause instead of staying empty.
"""

import logging
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from local.aws.routes import route
from local.aws.settings import Settings

PATH = "/_local/refused"
KEPT = 1000  # newest entries; a loop that is refused for hours must not fill the memory

log = logging.getLogger("local.aws.refusals")

_lock = threading.Lock()
_refusals: deque["Refusal"] = deque(maxlen=KEPT)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that was not delivered.

    Attributes:
        service: who refused, by its AWS short name: ``logs``, ``events``, ``firehose``.
        reason: what was refused and why, with the names needed to put it right.
        time: Unix seconds.
    """

    service: str
    reason: str
    time: float


def refuse(service: str, reason: str) -> None:
    """Note a delivery that was not made; the caller then goes on without it."""
    log.error("%s refused: %s", service, reason)
    with _lock:
        _refusals.append(Refusal(service, reason, time.time()))


def refused() -> list[dict[str, Any]]:
    """Give the kept refusals, oldest first: ``[{"service": ..., "reason": ..., "time": ...}]``."""
    with _lock:
        return [asdict(refusal) for refusal in _refusals]


def apply(_settings: Settings) -> None:
    """Answer ``GET /_local/refused``."""
    route("GET", PATH, lambda _request: refused())
