"""What a reader of one kind of event finds in its ``detail``, and words that states share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

type Reader = Callable[[str, dict[str, Any], list[str]], Reading]
"""Reads a ``detail``, given the event's ``detail-type`` and the list of malformed names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one event says, in the words of the document.

    Attributes:
        category: ECS ``event.category``; empty when ECS has none that fits.
        types: ECS ``event.type``.
        kind: ECS ``event.kind``.
        outcome: ECS ``event.outcome``; ``None`` while nothing has ended.
        subject: Name or id of the one thing the event is about.
        state: State it is in now, in the service's own word.
        reason: Why, in the service's sentence.
        message: The sentence for people, where the service writes one.
        event: Further fields of ``event``.
        sections: Other root fields of the document.
        health: What AWS Health says, for ``events.health``.
    """

    category: tuple[str, ...] = ()
    types: tuple[str, ...] = ("info",)
    kind: str = "event"
    outcome: str | None = None
    subject: str | None = None
    state: str | None = None
    reason: str | None = None
    message: str | None = None
    event: dict[str, Any] = field(default_factory=dict)
    sections: dict[str, Any] = field(default_factory=dict)
    health: dict[str, Any] = field(default_factory=dict)


_FAILED = ("FAIL", "ROLLBACK", "ERROR", "TIMED_OUT", "TIMEOUT", "FAULT", "ABORT")
_SUCCEEDED = ("SUCCEED", "SUCCESS", "COMPLETE")
_STARTED = ("STARTED", "IN_PROGRESS", "RESUMED", "RUNNING", "CREATED", "READY")


def outcome_of(state: str | None) -> str | None:
    """ECS ``event.outcome`` of a state's word; ``None`` for one that is no end, or unknown."""
    word = (state or "").upper().replace(" ", "_")
    if any(part in word for part in _FAILED):
        return "failure"
    if word.endswith("IN_PROGRESS"):
        return None
    return "success" if any(part in word for part in _SUCCEEDED) else None


def phase_of(state: str | None) -> tuple[str, ...]:
    """ECS ``event.type`` of a run's state: ``start``, ``end``, or ``change`` for what is between.

    A stopped, cancelled or superseded run has ended, without an outcome.
    """
    word = (state or "").upper()
    if word in _STARTED:
        return ("start",)
    ended = outcome_of(state) or word in {"STOP", "STOPPED", "CANCELED", "SUPERSEDED"}
    return ("end",) if ended else ("change",)


def last_part(arn: str | None) -> str | None:
    """What follows the last slash or colon of an ARN: mostly the name of the resource."""
    return arn.replace(":", "/").rsplit("/", 1)[-1] or None if arn else None
