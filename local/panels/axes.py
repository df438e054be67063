"""The axes of charts: few lines, round numbers, times in UTC.

Reference: https://vega.github.io/vega-lite/docs/axis.html
"""

import math

from local.panels.filters import Json
from local.panels.time_range import DAY_MS, MINUTE_MS, TimeRange

KIB = 1024
BYTE_UNITS = {"TB": KIB**4, "GB": KIB**3, "MB": KIB**2, "KB": KIB, "B": 1}
DURATION_UNITS = {"s": 1e9, "ms": 1e6, "µs": 1e3, "ns": 1}  # of event.duration, in nanoseconds
NUMBER = (  # SI prefixes, but a billion is B
    "abs(datum.value) > 0 && abs(datum.value) < 1 ? format(datum.value, '.2~g') : "
    "replace(format(datum.value, '.3~s'), 'G', 'B')"
)
STEPS = (1, 2, 5, 10)  # times a power of ten: distances between ticks that people count in
MOST_TICKS = 5
MIDNIGHT = "utchours(datum.value) == 0 && utcminutes(datum.value) == 0"


def time_axis(times: TimeRange) -> Json:
    """The x channel of a chart over the whole of a time range."""
    return {
        "field": "x",
        "type": "temporal",
        "title": None,
        "scale": {
            "type": "utc",
            # Not `domain`, which Vega-Lite mistakes beside an x2, and not plain numbers, which it
            # wraps into dates that its own scale cannot read.
            "domainMin": {"expr": f"{times.start_ms}"},
            "domainMax": {"expr": f"{times.end_ms}"},
            "nice": False,
        },
        "axis": {"labelExpr": _time_label(times), "grid": False, "tickCount": {"expr": "width/90"}},
    }


def value_axis(format_: Json, top: float, *, whole: bool) -> Json:
    """The y channel of a chart of numbers, from zero.

    Args:
        format_: How the numbers are shown; bytes get ticks at round numbers of their unit.
        top: The largest number.
        whole: Whether they are counts, between which there is nothing.
    """
    axis = {"labelExpr": _number_label(format_), "values": ticks(top, format_, whole=whole)}
    return {"field": "value", "type": "quantitative", "title": None, "axis": axis}


def ticks(top: float, format_: Json, *, whole: bool) -> list[float]:
    """Round numbers from zero to ``top``, at most ``MOST_TICKS`` after the zero."""
    if top <= 0:
        return [0]
    unit = next((one for one in _units(format_).values() if one <= top), 1)
    power = 10.0 ** math.floor(math.log10(top / unit / MOST_TICKS))
    step = unit * next(power * n for n in STEPS if top / unit / (power * n) <= MOST_TICKS)
    step = max(1, step) if whole else step
    return [n * step for n in range(int(top / step) + 1)]


def term_axis(field: str, *, label_limit: int = 150) -> Json:
    """A channel of named values, in the order in which they came."""
    return {
        "field": field,
        "type": "nominal",
        "title": None,
        "sort": None,
        "axis": {"labelLimit": label_limit, "labelAngle": 0, "grid": False, "labelOverlap": True},
    }


def _units(format_: Json) -> dict[str, float]:
    """Units of a format, the largest first; none for plain numbers."""
    known: dict[str, dict[str, float]] = {"bytes": {**BYTE_UNITS}, "duration": DURATION_UNITS}
    return known.get(format_["id"], {})


def _number_label(format_: Json) -> str:
    """An expression that gives the label of a tick."""
    conditions = [
        f"datum.value >= {size} ? format(datum.value / {size}, '.3~g') + ' {unit}' : "
        for unit, size in _units(format_).items()
    ]
    return "".join(conditions) + (NUMBER if not conditions else "'0'")


def _time_label(times: TimeRange) -> str:
    if times.duration_ms > 10 * DAY_MS:
        return "utcFormat(datum.value, '%-d %b')"
    if times.duration_ms > 3 * DAY_MS:  # names of days fill the axis; noon stays unnamed
        return f"{MIDNIGHT} ? utcFormat(datum.value, '%a %-d %b') : ''"
    clock = "%H:%M:%S" if times.duration_ms < 10 * MINUTE_MS else "%H:%M"
    return f"utcFormat(datum.value, {MIDNIGHT} ? '%a %-d %b' : '{clock}')"
