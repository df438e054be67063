"""What an EventBridge rule delivers: one JSON event around the service's own ``detail``.

Reference: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
"""

from typing import Any

from logcore.errors import PayloadError
from logcore.record import LogRecord, Origin
from logcore.shape import milliseconds
from logcore.transports.envelope import text_at


def record(event: dict[str, Any], data: bytes) -> LogRecord:
    """The one record of an event; its ``body`` is the event's ``detail``.

    Raises:
        PayloadError: a part is missing or has another type.
    """
    try:
        origin = Origin(
            transport="eventbridge",
            account=text_at(event, "account"),
            region=text_at(event, "region"),
            owner=text_at(event, "account"),
            event_source=text_at(event, "source"),
            detail_type=text_at(event, "detail-type"),
        )
        time_ms = milliseconds(event["time"])
        if time_ms is None:
            raise ValueError(f"time is {event['time']!r}, expected ISO 8601")  # noqa: TRY301  one exit
        text = data.decode("utf-8", "replace")
        return LogRecord(text_at(event, "id"), time_ms, text, origin, event["detail"])
    except (KeyError, TypeError, ValueError) as error:
        raise PayloadError("envelope_malformed", f"EventBridge event: {error!r}") from error
