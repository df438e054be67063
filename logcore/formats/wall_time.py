"""Times as machines write them for people: without a zone, without a year, with names of months.

They are read as UTC, which is the zone of EC2 instances unless someone changed it. Nothing is
logged after it was taken in: a time in the record's future is one of another zone, or of last year.
"""

import re

from logcore.shape import milliseconds, utc

_AHEAD_MS = 300_000  # five minutes by which a machine's clock may be fast
_DAY_MS = 86_400_000
MONTHS = {
    name: number
    for number, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1
    )
}
_ACCESS = re.compile(
    r"(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d:\d\d:\d\d(?:\.\d{1,6})?) ([+-]\d\d)(\d\d)"
)


def access_time(text: str) -> int | None:
    """Milliseconds since the epoch of ``01/Mar/2026:12:00:00 +0000``."""
    match = _ACCESS.fullmatch(text)
    if match is None:
        return None
    day, month, year, clock, hours, minutes = match.groups()
    return milliseconds(f"{year}-{MONTHS.get(month, 0):02d}-{day}T{clock}{hours}:{minutes}")


def iso(year: int | str, month: str, day: str, clock: str) -> str:
    """ISO 8601 without a zone, from the words of a time; no time at all for an unknown month.

    Args:
        year: Four digits.
        month: English, three letters.
        day: One or two digits, also with a blank before.
        clock: ``12:00:00``, also with a fraction.
    """
    return f"{year}-{MONTHS.get(month, 0):02d}-{day.strip():0>2}T{clock}"


def without_zone(text: str, record_ms: int) -> int | None:
    """Milliseconds since the epoch of ISO 8601 without a zone; ``None`` when it cannot be.

    Args:
        text: ``2026-03-01T12:00:00``, also with a fraction.
        record_ms: When the record was taken in: the time is not after it.
    """
    found = milliseconds(text)
    return found if found is not None and found <= record_ms + _AHEAD_MS else None


def without_year(month: str, day: str, clock: str, record_ms: int) -> int | None:
    """Like ``without_zone`` for the words of a time, in the year nearest before the record's time.

    A line of 31 December that arrives on 1 January is of last year.
    """
    year = int(utc(record_ms)[:4])
    found = milliseconds(iso(year, month, day, clock))
    if found is None or found > record_ms + _DAY_MS:
        return without_zone(iso(year - 1, month, day, clock), record_ms)
    return found if found <= record_ms + _AHEAD_MS else None
