"""An entry as the record that its transport delivers, without a cloud in between."""

import json

from local.story.entry import Entry, LogLine
from logcore.record import LogRecord, Origin


def record_of(entry: Entry, number: int) -> LogRecord:
    """The record of an entry; the number stands for the id that its transport would give."""
    place = entry.place
    if isinstance(entry, LogLine):
        origin = Origin(
            transport="cloudwatch_logs",
            account=place.account,
            region=place.region,
            owner=place.account,
            log_group=entry.group,
            log_stream=entry.stream,
        )
        return LogRecord(f"{number:056d}", entry.time_ms, entry.message, origin)
    origin = Origin(
        transport="eventbridge",
        account=place.account,
        region=place.region,
        owner=place.account,
        event_source=entry.source,
        detail_type=entry.detail_type,
    )
    return LogRecord(str(number), entry.time_ms, json.dumps(entry.detail), origin, entry.detail)
