"""Times of the Common Log Format, which web servers and AWS's access logs write.

Reference: https://httpd.apache.org/docs/2.4/logs.html#common
"""

import re

from logcore.shape import milliseconds

_TIME = re.compile(
    r"(?P<day>\d\d)/(?P<month>[A-Z][a-z]{2})/(?P<year>\d{4}):(?P<clock>\d\d:\d\d:\d\d) "
    r"(?P<offset>[+-]\d{4})"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1
    )
}


def clf_time(value: str | None) -> int | None:
    """Milliseconds since the epoch of ``06/Feb/2019:00:00:38 +0000`` or of ISO 8601."""
    match = _TIME.fullmatch(value or "")
    if match is None:
        return milliseconds(value)
    day, month, year, clock, offset = match.groups()
    return milliseconds(f"{year}-{_MONTHS.get(month, 0):02d}-{day}T{clock}{offset}")
