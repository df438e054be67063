"""What a setup run did, step by step, for the log and for the stack's events."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

type Outcome = Literal["done", "skipped"]


class Line(NamedTuple):
    """One step's result.

    Attributes:
        step: What was to be done, such as ``index templates``.
        outcome: ``done``, or ``skipped`` when the server lacks what the step needs.
        detail: How much, or what is missing.
    """

    step: str
    outcome: Outcome
    detail: str


@dataclass(slots=True)
class SetupReport:
    """The lines of one run, in order."""

    lines: list[Line] = field(default_factory=list)

    def done(self, step: str, detail: str) -> None:
        """Note that a step did its work."""
        self.lines.append(Line(step, "done", detail))

    def skipped(self, step: str, detail: str) -> None:
        """Note that a step could not apply here, and why."""
        self.lines.append(Line(step, "skipped", detail))
