"""Arranges rows into series: what is drawn along one axis, in one colour each."""

from dataclasses import dataclass

from local.panels.filters import Json
from local.panels.palette import Palette
from local.panels.rows import Column, Result, Row


@dataclass(frozen=True, slots=True)
class Series:
    """Points to draw.

    Attributes:
        along: What the points lie along: time, a number or a term.
        points: ``{"x", "series", "value"}`` each.
        legend: ``{"label", "colour", "value"}`` by falling total; ``value`` is absent where the
            numbers may not be added up.
        field: Whose values the series are; empty where a click cannot filter by them.
        format: How the numbers are shown.
        additive: Whether the numbers may be added up.
    """

    along: Column
    points: list[Row]
    legend: list[Json]
    field: str
    format: Json
    additive: bool

    @property
    def colours(self) -> Json:
        """A Vega-Lite scale that gives each series its colour."""
        return {
            "domain": [one["label"] for one in self.legend],
            "range": [one["colour"] for one in self.legend],
        }


def series(result: Result, palette: Palette) -> Series:
    """The rows as points; along time where there is time, else along the first key."""
    along = next((key for key in result.keys if key.kind == "time"), result.keys[0])
    split = [key for key in result.keys if key is not along]
    points = [
        {"x": row[along.key], "series": _label(row, split, value, result), "value": row[value.key]}
        for row in result.rows
        for value in result.values
    ]
    totals: dict[str, float] = {}
    for point in points:
        totals[point["series"]] = totals.get(point["series"], 0) + (point["value"] or 0)
    labels = sorted(totals, key=lambda label: -totals[label])
    colours = palette.colours(labels)
    additive = all(value.additive for value in result.values)
    legend = [
        {"label": label, "colour": colours[label]} | ({"value": totals[label]} if additive else {})
        for label in labels
    ]
    single = len(split) == 1 and len(result.values) == 1
    return Series(
        along=along,
        points=points,
        legend=legend,
        field=split[0].field if single else "",
        format=result.values[0].format,
        additive=additive,
    )


def _label(row: Row, split: list[Column], value: Column, result: Result) -> str:
    """What a point's series is called: its keys, and the number where there are several."""
    parts = [str(row[key.key]) for key in split]
    if len(result.values) > 1 or not parts:
        parts.append(value.title)
    return " · ".join(parts)
