"""Times as Inspector writes them, which differ between its events and its API.

Reference: https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html
"""

from datetime import UTC, datetime
from typing import Any

from logcore.shape import EARLIEST_MS, LATEST_MS, time, utc

SPOKEN = "%b %d, %Y, %I:%M:%S %p"
"""``Jan 19, 2023, 10:46:15 PM``, which events have, in UTC."""


def moment(value: Any, name: str, malformed: list[str]) -> str | None:  # noqa: ANN401  any JSON
    """ISO 8601 in UTC from an event's words, from ISO 8601, or from seconds since the epoch."""
    found = _milliseconds(value)
    if found is None:
        return time(value, name, malformed)
    if not EARLIEST_MS <= found < LATEST_MS:
        malformed.append(name)
        return None
    return utc(int(found))


def _milliseconds(value: Any) -> float | None:  # noqa: ANN401  any JSON
    if type(value) in (int, float):
        return float(value) * 1_000
    if not isinstance(value, str) or len(value) > 40:  # noqa: PLR2004  no time is so long
        return None
    try:  # newer Javas write a narrow blank before AM and PM
        spoken = datetime.strptime(value.replace("\u202f", " "), SPOKEN).replace(tzinfo=UTC)
    except ValueError:
        return None
    return spoken.timestamp() * 1_000
