"""Flattens the answer to an aggregation into rows and columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from local.panels.filters import Json, Scope
from local.panels.queries import PERCENTS, TREND, TREND_BARS, Aggregations, bar_interval
from local.panels.time_range import auto_interval

type Row = dict[str, Any]
"""A value by column key."""

NUMBER: Json = {"id": "number"}

WORDS = {
    "avg": "Average",
    "cardinality": "Unique count",
    "max": "Maximum",
    "median": "Median",
    "min": "Minimum",
    "sum": "Sum",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer.

    Attributes:
        key: Its key in every row: ``k0``, ``k1`` for what rows are split by, ``v0`` for numbers.
        title: What a reader sees.
        kind: ``time``, ``number`` or ``term`` for keys, ``metric`` for numbers.
        format: How values are shown, such as ``{"id": "bytes"}``.
        field: Whose values these are; empty where a click cannot filter by them.
        interval_ms: How long one step of a time column lasts.
        additive: Whether the numbers of several rows may be added up.
    """

    key: str
    title: str
    kind: str
    format: Json
    field: str = ""
    interval_ms: int = 0
    additive: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """Rows, the columns that split them, and the columns that are computed."""

    keys: list[Column]
    values: list[Column]
    rows: list[Row]


def result(wanted: Aggregations, answer: Json, formats: dict[str, Json], scope: Scope) -> Result:
    """The answer to an aggregating search as a table.

    Args:
        wanted: What was asked.
        answer: The search's response.
        formats: How a field's values are shown.
        scope: What the search was limited to.
    """
    keys = [_key_column(n, agg, formats, scope) for n, agg in enumerate(wanted.buckets)]
    values = _value_columns(wanted, formats)
    total = answer["hits"]["total"]["value"]
    root = {**answer.get("aggregations", {}), "doc_count": total}
    rows = list(_rows(root, wanted, 0, {}))
    return Result(keys, values, rows)


def trend(wanted: Aggregations, answer: Json, scope: Scope) -> list[Row]:
    """The small curve behind each tile: one row per whole step of time, oldest first.

    A step that the range cuts is left out, or every curve would seem to fall at its end.
    """
    buckets = answer.get("aggregations", {}).get(TREND, {}).get("buckets", [])
    step, times = auto_interval(scope.times, TREND_BARS).ms, scope.times
    whole = [
        bucket
        for bucket in buckets
        if times.start_ms <= bucket["key"] and bucket["key"] + step <= times.end_ms
    ]
    return [_values(bucket, wanted) for bucket in whole]


def _rows(node: Json, wanted: Aggregations, depth: int, above: Row) -> Iterator[Row]:
    if depth == len(wanted.buckets):
        yield above | _values(node, wanted)
        return
    for label, bucket in _buckets(node.get(wanted.buckets[depth]["id"], {})):
        yield from _rows(bucket, wanted, depth + 1, above | {f"k{depth}": label})


def _buckets(aggregation: Json) -> Iterator[tuple[Any, Json]]:
    buckets = aggregation.get("buckets", [])
    if isinstance(buckets, dict):  # a filters aggregation answers by label
        yield from buckets.items()
        return
    for bucket in buckets:
        boolean = bucket.get("key_as_string") in {"true", "false"}
        yield (bucket["key_as_string"] if boolean else bucket["key"]), bucket


def _values(node: Json, wanted: Aggregations) -> Row:
    numbers = (number for agg in wanted.metrics for number in _numbers(node, agg))
    return {f"v{n}": number for n, number in enumerate(numbers)}


def _numbers(node: Json, agg: Json) -> Iterator[float | None]:
    if agg["type"] == "count":
        yield node["doc_count"]
    elif agg["type"] in {"percentiles", "median"}:
        yield from node[agg["id"]]["values"].values()
    else:
        yield node[agg["id"]]["value"]


def _key_column(n: int, agg: Json, formats: dict[str, Json], scope: Scope) -> Column:
    params = agg["params"]
    field = params.get("field", "")
    title = params.get("customLabel") or field or "Filter"
    key, format_ = f"k{n}", formats.get(field, {"id": "string"})
    match agg["type"]:
        case "date_histogram":
            step = bar_interval(params, scope)
            return Column(key, title, "time", {"id": "date"}, interval_ms=step.ms)
        case "histogram":
            return Column(key, title, "number", formats.get(field, NUMBER))
        case "terms":
            return Column(key, title, "term", format_, field=field)
        case _:
            return Column(key, title, "term", {"id": "string"})


def _value_columns(wanted: Aggregations, formats: dict[str, Json]) -> list[Column]:
    described = [one for agg in wanted.metrics for one in _described(agg, formats)]
    return [
        Column(f"v{n}", title, "metric", format_, additive=additive)
        for n, (title, format_, additive) in enumerate(described)
    ]


def _described(agg: Json, formats: dict[str, Json]) -> Iterator[tuple[str, Json, bool]]:
    """Title, format and additivity of each number that a metric gives."""
    kind, params = agg["type"], agg["params"]
    field, label = params.get("field", ""), params.get("customLabel")
    format_ = NUMBER if kind in {"count", "cardinality"} else formats.get(field, NUMBER)
    if kind == "percentiles":
        for percent in params.get("percents", PERCENTS):
            yield f"{percent:g}th percentile of {label or field}", format_, False
    elif kind == "count":
        yield label or "Count", format_, True
    else:
        yield label or f"{WORDS[kind]} of {field}", format_, kind == "sum"
