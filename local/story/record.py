"""An entry as the record that its transport delivers, without a cloud in between."""

from typing import Any

from local.story.entry import BusEvent, Entry, LogLine
from logcore.codec import dump_json
from logcore.record import LogRecord, Origin
from logcore.shape import utc
from logcore.transports import open_payload


def record_of(entry: Entry, number: int) -> LogRecord:
    """The record of an entry; the number stands for the id that its transport would give."""
    if not isinstance(entry, LogLine):
        (record,) = open_payload(dump_json(event_of(entry, number)))
        return record
    place = entry.place
    origin = Origin(
        transport="cloudwatch_logs",
        account=place.account,
        region=place.region,
        owner=place.account,
        log_group=entry.group,
        log_stream=entry.stream,
    )
    return LogRecord(f"{number:056d}", entry.time_ms, entry.message, origin)


def event_of(entry: BusEvent, number: int) -> dict[str, Any]:
    """What the hub's rule puts on the stream, from the first bus that carries it."""
    return {
        "version": "0",
        "id": f"{number:08x}-0000-4000-a000-000000000000",
        "detail-type": entry.detail_type,
        "source": entry.source,
        "account": entry.seen_at[0].account,
        "time": utc(entry.time_ms),
        "region": entry.seen_at[0].region,
        "resources": list(entry.resources),
        "detail": entry.detail,
    }
