"""Draws answers as Vega-Lite: over time, over named values, as rings and as heat maps.

A specification has no colours of its own but those of its values; the page adds the theme.

Reference: https://vega.github.io/vega-lite/docs/
"""

from local.panels.axes import term_axis, time_axis, value_axis
from local.panels.filters import Json, Scope
from local.panels.palette import Palette
from local.panels.rows import Result, Row
from local.panels.series import Series, series
from local.panels.time_range import TimeRange

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
HOLE = 0.66  # of a ring's radius

MARKS: dict[str, Json] = {
    "histogram": {"type": "bar", "orient": "vertical"},
    "line": {"type": "line", "strokeWidth": 1.75, "strokeJoin": "round"},
    "area": {
        "type": "area",
        "line": {"strokeWidth": 1.5},
        "fillOpacity": 0.55,
    },
}
"""The mark of each chart with two axes."""


def two_axes(kind: str, result: Result, palette: Palette, scope: Scope) -> Json:
    """Bars, lines or areas; along time, which is then filled without gaps, or along values.

    Args:
        kind: ``histogram``, ``line`` or ``area``.
        result: What was found.
        palette: The panel's colours.
        scope: Its time range is the axis, whether or not anything happened.
    """
    drawn = series(result, palette)
    if drawn.along.kind == "time":
        return _over_time(kind, drawn, scope.times)
    points = [point | {"x": str(point["x"])} for point in drawn.points]
    mark = MARKS[kind] | ({"cornerRadiusEnd": 2} if kind == "histogram" else {})
    spec = {
        "data": {"values": points},
        "mark": mark,
        "encoding": {
            "x": term_axis("x"),
            "y": _values(drawn, points, stacked=True),
            "color": _colour(drawn),
        },
    }
    return _chart(spec, drawn, {"x": drawn.along.field, "series": drawn.field})


def ring(result: Result, palette: Palette) -> Json:
    """A ring with the share of each value; the legend beside it has the numbers."""
    value = result.values[0]
    labelled = [
        {"series": " · ".join(str(row[key.key]) for key in result.keys), "value": row[value.key]}
        for row in result.rows
    ]
    colours = palette.colours([one["series"] for one in labelled])
    spec = {
        "data": {"values": labelled},
        "mark": {
            "type": "arc",
            "outerRadius": {"expr": "min(width, height) / 2 - 2"},
            "innerRadius": {"expr": f"(min(width, height) / 2 - 2) * {HOLE}"},
            "padAngle": 0.012 if len(labelled) > 1 else 0,
            "cornerRadius": 2,
        },
        "encoding": {
            "theta": {"field": "value", "type": "quantitative", "stack": True},
            "order": {"field": "value", "sort": "descending"},
            "color": {
                "field": "series",
                "type": "nominal",
                "legend": None,
                "scale": {"domain": list(colours), "range": list(colours.values())},
            },
        },
    }
    legend = [
        {"label": one["series"], "colour": colours[one["series"]], "value": one["value"]}
        for one in labelled
    ]
    field = result.keys[0].field if len(result.keys) == 1 else ""
    return {
        "kind": "vega",
        "shape": "ring",
        "spec": _sized(spec),
        "legend": legend,
        "format": value.format,
        "total": sum(one["value"] or 0 for one in labelled) if value.additive else None,
        "fields": {"series": field},
    }


def heat_map(result: Result, palette: Palette, scope: Scope) -> Json:
    """How much, by colour, for each value and step of time."""
    drawn = series(result, palette)
    timed = drawn.along.kind == "time"
    points = _spans(drawn.points, drawn.along.interval_ms) if timed else drawn.points
    along = time_axis(scope.times) if timed else term_axis("x")
    spec = {
        "data": {"values": points},
        "mark": {"type": "rect", "cornerRadius": 2, "clip": True},
        "encoding": {
            "x": along,
            "y": term_axis("series") | {"scale": {"paddingInner": 0.12}},
            "color": {
                "field": "value",
                "type": "quantitative",
                "legend": None,
                "scale": {"domainMin": 0},
            },
        }
        | ({"x2": {"field": "end"}} if timed else {}),
    }
    return _chart(spec, drawn, {"series": drawn.field}) | {"shape": "heat", "legend": []}


def _over_time(kind: str, drawn: Series, times: TimeRange) -> Json:
    """The series, over bands that answer the pointer wherever it is above a step of time."""
    step = drawn.along.interval_ms
    bars = kind == "histogram"
    points = _spans(drawn.points if bars else _filled(drawn, times), step)
    x = time_axis(times)
    encoding = {
        "x": x | ({} if bars else {"bandPosition": 0}),
        "y": _values(drawn, points, stacked=kind != "line"),
        "color": _colour(drawn),
        "order": {"field": "rank", "type": "quantitative"},
    }
    ranks = {one["label"]: rank for rank, one in enumerate(drawn.legend)}
    ranked = [point | {"rank": ranks[point["series"]]} for point in points]
    starts = sorted({point["x"] for point in points})
    bands = {
        "data": {"values": _spans([{"x": start} for start in starts], step)},
        "mark": {"type": "rect", "opacity": 0, "style": "band", "clip": True},
        "encoding": {"x": x, "x2": {"field": "end"}},
    }
    marks = {
        "data": {"values": ranked},
        "mark": MARKS[kind] | {"clip": True},  # the first step may begin before the range
        "encoding": encoding | ({"x2": {"field": "end"}} if bars else {}),
    }
    layers = [bands, marks] if bars else [marks, bands]
    return _chart({"layer": layers}, drawn, {"series": drawn.field}) | {
        "shape": "time",
        "points": ranked,
    }


def _values(drawn: Series, points: list[Row], *, stacked: bool) -> Json:
    """The y channel; of stacked points the sum at each x counts."""
    sums: dict[str | float, float] = {}
    for point in points:
        sums[point["x"]] = sums.get(point["x"], 0) + (point["value"] or 0)
    top = max(sums.values() if stacked else [point["value"] or 0 for point in points])
    axis = value_axis(drawn.format, top, whole=drawn.additive)
    return axis | {"stack": "zero" if stacked else None}


def _spans(points: list[Row], step: int) -> list[Row]:
    return [point | {"end": point["x"] + step} for point in points]


def _filled(drawn: Series, times: TimeRange) -> list[Row]:
    """The points with a zero where nothing was counted, so that a line comes down to it.

    Numbers that cannot be added up, such as a mean, stay absent: none is not zero.
    """
    step = drawn.along.interval_ms
    if not drawn.additive:
        return drawn.points
    first = min(point["x"] for point in drawn.points)
    begin = first - max(0, first - times.start_ms) // step * step
    found = {(point["x"], point["series"]): point["value"] for point in drawn.points}
    return [
        {"x": x, "series": one["label"], "value": found.get((x, one["label"]), 0)}
        for one in drawn.legend
        for x in range(begin, times.end_ms + 1, step)
    ]


def _colour(drawn: Series) -> Json:
    return {"field": "series", "type": "nominal", "legend": None, "scale": drawn.colours}


def _chart(spec: Json, drawn: Series, fields: dict[str, str]) -> Json:
    return {
        "kind": "vega",
        "shape": "plain",
        "spec": _sized(spec),
        "legend": drawn.legend if len(drawn.legend) > 1 else [],
        "format": drawn.format,
        "fields": {key: field for key, field in fields.items() if field},
    }


def _sized(spec: Json) -> Json:
    """The specification, to fill whatever room the page gives it."""
    return {"$schema": SCHEMA, "width": "container", "height": "container"} | spec
