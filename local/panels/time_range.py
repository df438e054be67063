"""Times as dashboards write them, and how long a bar of a time chart lasts.

Reference: https://docs.opensearch.org/latest/field-types/supported-field-types/date/#date-math
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from local.panels.errors import TimeError

SECOND_MS, MINUTE_MS, HOUR_MS = 1_000, 60_000, 3_600_000
DAY_MS, WEEK_MS = 24 * HOUR_MS, 7 * 24 * HOUR_MS

FIXED_MS = {
    "ms": 1,
    "s": SECOND_MS,
    "m": MINUTE_MS,
    "h": HOUR_MS,
    "d": DAY_MS,
    "w": WEEK_MS,
    "M": 30 * DAY_MS,  # only for the width of a bar; OpenSearch itself counts calendar months
    "y": 365 * DAY_MS,  # the same
}
CALENDAR_UNITS = "wMy"  # always by the calendar; m, h, d are so when there is one of them

AUTO_STEPS = (  # the longest wish in ms, and the interval that is taken for it
    (500, "100ms"),
    (5 * SECOND_MS, "1s"),
    (7_500, "5s"),
    (15 * SECOND_MS, "10s"),
    (45 * SECOND_MS, "30s"),
    (3 * MINUTE_MS, "1m"),
    (9 * MINUTE_MS, "5m"),
    (20 * MINUTE_MS, "10m"),
    (45 * MINUTE_MS, "30m"),
    (2 * HOUR_MS, "1h"),
    (6 * HOUR_MS, "3h"),
    (DAY_MS, "12h"),
    (WEEK_MS, "1d"),
    (3 * WEEK_MS, "1w"),
    (365 * DAY_MS, "1M"),
)
"""The rounding of OpenSearch Dashboards' automatic interval (its ``calc_auto_interval``)."""

AUTO_BARS = 50  # what an automatic interval aims at: the default of `histogram:barTarget`

EXPRESSION = re.compile(r"now(?P<shifts>(?:[+-]\d+[smhdwMy])*)(?:/(?P<floor>[smhdwMy]))?")
SHIFT = re.compile(r"([+-]\d+)([smhdwMy])")
INTERVAL = re.compile(r"(\d*)(ms|[smhdwMy])")


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From ``start_ms`` to ``end_ms``, both milliseconds since the epoch, both included."""

    start_ms: int
    end_ms: int

    @property
    def duration_ms(self) -> int:
        """Its length, at least one millisecond."""
        return max(1, self.end_ms - self.start_ms)


@dataclass(frozen=True, slots=True)
class Interval:
    """How long one bucket of a date histogram lasts.

    Attributes:
        text: As OpenSearch takes it, such as ``30m``.
        ms: Milliseconds; nominal for months and years.
    """

    text: str
    ms: int

    @property
    def parameter(self) -> str:
        """Which parameter of ``date_histogram`` takes it."""
        single = self.text[0] == "1" and self.text[1:] in {"m", "h", "d"}
        return (
            "calendar_interval" if single or self.text[-1] in CALENDAR_UNITS else "fixed_interval"
        )


def time_range(start: str, end: str, now: datetime) -> TimeRange:
    """The range between two times, each date math such as ``now-24h`` or ISO 8601.

    Raises:
        TimeError: a text is neither, or the end is not after the start.
    """
    times = TimeRange(_moment_ms(start, now, end=False), _moment_ms(end, now, end=True))
    if times.end_ms <= times.start_ms:
        raise TimeError(f'"{end}" is not after "{start}"')
    return times


def auto_interval(times: TimeRange, bars: float = AUTO_BARS) -> Interval:
    """The round interval that cuts a range into about so many bars."""
    wish = times.duration_ms / bars
    return interval(next((text for limit, text in AUTO_STEPS if wish <= limit), "1y"))


def interval(text: str) -> Interval:
    """An interval as a saved object writes it: ``30m``, or ``h`` for one hour.

    Raises:
        TimeError: the text is no interval.
    """
    found = INTERVAL.fullmatch(text)
    if not found:
        raise TimeError(f'"{text}" is no interval; expected something like "30m"')
    number, unit = int(found[1] or 1), found[2]
    return Interval(f"{number}{unit}", number * FIXED_MS[unit])


def _moment_ms(text: str, now: datetime, *, end: bool) -> int:
    found = EXPRESSION.fullmatch(text)
    if not found:
        return _iso_ms(text)
    moment = now
    for number, unit in SHIFT.findall(found["shifts"]):
        moment = _shifted(moment, int(number), unit)
    if found["floor"]:
        moment = _floored(moment, found["floor"])
        if end:  # `now/d` as an end is the last moment of today
            moment = _shifted(moment, 1, found["floor"]) - timedelta(milliseconds=1)
    return round(moment.timestamp() * SECOND_MS)


def _iso_ms(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise TimeError(f'"{text}" is no time; expected "now-24h" or ISO 8601') from error
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(aware.timestamp() * SECOND_MS)


def _shifted(moment: datetime, number: int, unit: str) -> datetime:
    if unit in "My":
        months = moment.year * 12 + moment.month - 1 + number * (12 if unit == "y" else 1)
        first = moment.replace(year=months // 12, month=months % 12 + 1, day=1)
        last_day = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        return first.replace(day=min(moment.day, last_day.day))
    return moment + timedelta(milliseconds=number * FIXED_MS[unit])


def _floored(moment: datetime, unit: str) -> datetime:
    second = moment.replace(microsecond=0)
    midnight = second.replace(hour=0, minute=0, second=0)
    return {
        "s": second,
        "m": second.replace(second=0),
        "h": second.replace(minute=0, second=0),
        "d": midnight,
        "w": midnight - timedelta(days=midnight.weekday()),
        "M": midnight.replace(day=1),
        "y": midnight.replace(month=1, day=1),
    }[unit]
