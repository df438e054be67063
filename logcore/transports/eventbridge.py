"""What an EventBridge rule delivers: one JSON event around the service's own ``detail``.

Reference: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
"""

from functools import lru_cache
from typing import Any

from logcore.codec import dump_json
from logcore.errors import PayloadError
from logcore.record import LogRecord, Origin, new_record
from logcore.shape import milliseconds
from logcore.transports.envelope import text_at

BATCHES = {"aws.securityhub": "findings"}
"""Key of the ``detail`` that lists what are records of their own, by the event's ``source``.

Security Hub sends one finding per event and calls them a list all the same:
https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
"""


def records(event: dict[str, Any], data: bytes) -> list[LogRecord]:
    """The records of an event, in order: one, unless its ``detail`` lists several.

    Each of several is the event as it would have come with that one alone. Its id is the event's
    with the position behind, ``7bf73129/1``, in the message too, so that a replay keeps them apart.

    Raises:
        PayloadError: a part is missing or has another type.
    """
    whole = record(event, data)
    parts = _parts(event) if event["source"] in BATCHES else None
    if not parts:
        return [whole]
    try:
        return [record(part, dump_json(part)) for part in parts]
    except (TypeError, RecursionError):  # nested too deep to be written again
        return [whole]


def _parts(event: dict[str, Any]) -> list[dict[str, Any]]:
    """The event once for each of several items; none when there is nothing to take apart."""
    key, detail = BATCHES[event["source"]], event["detail"]
    listed = detail.get(key) if isinstance(detail, dict) else None
    if not isinstance(listed, list) or len(listed) < 2:  # noqa: PLR2004  one is the event itself
        return []
    return [
        event | {"id": f"{event['id']}/{number}", "detail": detail | {key: [item]}}
        for number, item in enumerate(listed)
    ]


def record(event: dict[str, Any], data: bytes) -> LogRecord:
    """The one record of an event; its ``body`` is the event's ``detail``.

    Raises:
        PayloadError: a part is missing or has another type.
    """
    try:
        origin = _origin(
            text_at(event, "account"),
            text_at(event, "region"),
            text_at(event, "source"),
            text_at(event, "detail-type"),
        )
        time_ms = milliseconds(event["time"])
        if time_ms is None:
            raise ValueError(f"time is {event['time']!r}, expected ISO 8601")  # noqa: TRY301  one exit
        text = data.decode("utf-8", "replace")
        return new_record((text_at(event, "id"), time_ms, text, origin, event["detail"]))
    except (KeyError, TypeError, ValueError) as error:
        raise PayloadError("envelope_malformed", f"EventBridge event: {error!r}") from error


@lru_cache(maxsize=4_096)
def _origin(account: str, region: str, source: str, detail_type: str) -> Origin:
    return Origin(
        transport="eventbridge",
        account=account,
        region=region,
        owner=account,
        event_source=source,
        detail_type=detail_type,
    )
