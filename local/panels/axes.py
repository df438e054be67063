"""The axes of charts: few lines, round numbers, times in UTC.

Reference: https://vega.github.io/vega-lite/docs/axis.html
"""

from local.panels.filters import Json
from local.panels.time_range import DAY_MS, MINUTE_MS, TimeRange

KIB, MIB, GIB, TIB = 2**10, 2**20, 2**30, 2**40
BYTES = (
    f"datum.value >= {TIB} ? format(datum.value / {TIB}, '.3~r') + ' TB' : "
    f"datum.value >= {GIB} ? format(datum.value / {GIB}, '.3~r') + ' GB' : "
    f"datum.value >= {MIB} ? format(datum.value / {MIB}, '.3~r') + ' MB' : "
    f"datum.value >= {KIB} ? format(datum.value / {KIB}, '.3~r') + ' KB' : "
    "datum.value + ' B'"
)
DURATION = (  # nanoseconds
    "datum.value >= 1e9 ? format(datum.value / 1e9, '.3~r') + ' s' : "
    "datum.value >= 1e6 ? format(datum.value / 1e6, '.3~r') + ' ms' : "
    "format(datum.value / 1e3, '.3~r') + ' µs'"
)
NUMBER = (  # SI prefixes, but a billion is B
    "abs(datum.value) > 0 && abs(datum.value) < 1 ? format(datum.value, '.2~g') : "
    "replace(format(datum.value, '.3~s'), 'G', 'B')"
)
MIDNIGHT = "utchours(datum.value) == 0 && utcminutes(datum.value) == 0"


def time_axis(times: TimeRange) -> Json:
    """The x channel of a chart over the whole of a time range."""
    return {
        "field": "x",
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc", "domain": [times.start_ms, times.end_ms]},
        "axis": {"labelExpr": _time_label(times), "grid": False, "tickCount": {"expr": "width/90"}},
    }


def value_axis(format_: Json, **more: object) -> Json:
    """The y channel of a chart of numbers in one format, from zero."""
    axis: Json = {"labelExpr": _number_label(format_), "tickCount": {"expr": "height/45"}}
    if format_["id"] == "number":
        axis["tickMinStep"] = 1  # there is no half event
    return {"field": "value", "type": "quantitative", "title": None, "axis": axis, **more}


def term_axis(field: str, *, label_limit: int = 150) -> Json:
    """A channel of named values, in the order in which they came."""
    return {
        "field": field,
        "type": "nominal",
        "title": None,
        "sort": None,
        "axis": {"labelLimit": label_limit, "labelAngle": 0, "grid": False, "labelOverlap": True},
    }


def _number_label(format_: Json) -> str:
    return {"bytes": BYTES, "duration": DURATION}.get(format_["id"], NUMBER)


def _time_label(times: TimeRange) -> str:
    if times.duration_ms > 10 * DAY_MS:
        return "utcFormat(datum.value, '%-d %b')"
    clock = "%H:%M:%S" if times.duration_ms < 10 * MINUTE_MS else "%H:%M"
    return f"utcFormat(datum.value, {MIDNIGHT} ? '%a %-d %b' : '{clock}')"
