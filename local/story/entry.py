"""What a story is made of: things to put into an account, each with what should become of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

REJECTED = "pipeline.rejects"
"""Expected dataset of a line that is malformed on purpose."""


class Place(NamedTuple):
    """An account in a region."""

    account: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One event for CloudWatch Logs.

    Attributes:
        place: Where it is put.
        group: Log group; made when it is not there.
        stream: Log stream within the group.
        time_ms: Milliseconds since the epoch.
        message: The line.
        dataset: Where it should end up; ``REJECTED`` when it is malformed on purpose.
        native_id: The identity its producer gave it, when it has one.
    """

    place: Place
    group: str
    stream: str
    time_ms: int
    message: str
    dataset: str
    native_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusEvent:
    """One event for the default event bus of one or more places.

    Attributes:
        place: Whose event it is: what its document says.
        seen_at: Every place whose bus carries it: GuardDuty shows a finding to the member and to
            the administrator, so the same event takes two ways and must become one document.
        source: EventBridge source.
        detail_type: EventBridge detail-type.
        time_ms: Milliseconds since the epoch.
        detail: The service's own payload.
        dataset: Where it should end up.
        native_id: The identity its producer gave it, when it is not the bus that names it.
        resources: ARNs, or other names, of what it is about.
    """

    place: Place
    seen_at: Sequence[Place]
    source: str
    detail_type: str
    time_ms: int
    detail: dict[str, Any]
    dataset: str
    native_id: str = ""
    resources: Sequence[str] = ()


type Entry = LogLine | BusEvent
