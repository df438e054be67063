"""Draws answers as HTML: tiles with big numbers, bars with names, tables, and documents."""

from typing import Any

from local.panels.filters import Json
from local.panels.palette import Palette
from local.panels.rows import NUMBER, Column, Result, Row
from local.panels.saved_objects import IndexPattern

WITH_A_MEANING = {"Labels", "Background"}  # values of metricColorMode that colour the number


def tiles(params: Json, result: Result, trend: list[Row]) -> Json:
    """One tile per number; per value and number where they are split.

    Args:
        params: Of the visualisation; its colour ranges say when a number is good or bad.
        result: The numbers.
        trend: The same numbers over time, for the small curve of a tile that is not split.
    """
    found = [
        {
            "label": " · ".join([*(str(row[key.key]) for key in result.keys), value.title]),
            "value": row[value.key],
            "format": value.format,
            "tone": _tone(params.get("metric", {}), row[value.key]),
            "trend": [] if result.keys else [step[value.key] or 0 for step in trend],
        }
        for row in result.rows
        for value in result.values
    ]
    return {"kind": "tiles", "tiles": found}


def bars(result: Result, palette: Palette) -> Json:
    """Names with a bar each, largest first; a second key cuts the bars into coloured parts."""
    name, value = result.keys[0], result.values[0]
    split = result.keys[1] if len(result.keys) > 1 else None
    parts: dict[str, list[Json]] = {}
    for row in result.rows:
        label = str(row[split.key]) if split else ""
        parts.setdefault(str(row[name.key]), []).append({"label": label, "value": row[value.key]})
    totals: dict[str, float] = {}
    for part in (part for row in parts.values() for part in row):
        totals[part["label"]] = totals.get(part["label"], 0) + (part["value"] or 0)
    labels = sorted(totals, key=lambda label: -totals[label])
    colours = palette.colours(labels) if split else {}
    own = palette.badges(list(parts)) if not split else {}
    return {
        "kind": "bars",
        "bars": [
            {"label": label, "parts": row, "colour": own.get(label)} for label, row in parts.items()
        ],
        "legend": [{"label": label, "colour": colours[label]} for label in labels if split],
        "format": value.format,
        "title": value.title,
        "field": name.field,
        "name_format": name.format,
        "part_field": split.field if split else "",
    }


def table(result: Result, palette: Palette) -> Json:
    """Every row and column; the first number has a bar behind it."""
    first = result.values[0] if result.values and result.rows else None
    columns = [_table_column(column, barred=column is first) for column in _all_columns(result)]
    terms = {str(row[key.key]) for row in result.rows for key in result.keys}
    return {
        "kind": "table",
        "columns": columns,
        "rows": result.rows,
        "badges": palette.badges(sorted(terms)),
    }


def documents(attributes: Json, pattern: IndexPattern, answer: Json) -> Json:
    """The documents of a saved search: its columns, and each document whole to unfold."""
    names = [name for name in attributes.get("columns", []) if name != "_source"]
    hits = [
        {
            "time": _value(hit["_source"], pattern.time_field),
            "cells": [_value(hit["_source"], name) for name in names],
            "source": hit["_source"],
        }
        for hit in answer["hits"]["hits"]
    ]
    texts = {text for hit in hits for text in hit["cells"] if isinstance(text, str)}
    return {
        "kind": "documents",
        "columns": [{"name": name, "format": pattern.formats.get(name)} for name in names],
        "hits": hits,
        "total": answer["hits"]["total"]["value"],
        "badges": Palette({}).badges(sorted(texts)),
    }


def _tone(metric: Json, value: float | None) -> str | None:
    """Good for the first of several colour ranges, bad for the last, warn for those between."""
    ranges = metric.get("colorsRange", [])
    if metric.get("metricColorMode") not in WITH_A_MEANING or len(ranges) < 2 or value is None:  # noqa: PLR2004  one range tells nothing apart
        return None
    at = max((n for n, one in enumerate(ranges) if value >= one["from"]), default=0)
    rank = len(ranges) - 1 - at if metric.get("invertColors") else at
    return {0: "good", len(ranges) - 1: "bad"}.get(rank, "warn")


def _all_columns(result: Result) -> list[Column]:
    return [*result.keys, *result.values]


def _table_column(column: Column, *, barred: bool) -> Json:
    return {
        "key": column.key,
        "title": column.title,
        "format": column.format or NUMBER,
        "number": column.kind in {"metric", "number"},
        "field": column.field,
        "bar": barred,
    }


def _value(source: Json, name: str) -> Any:  # noqa: ANN401  any JSON
    """A field of a document, whether its name was nested or written with dots."""
    if name in source:
        return source[name]
    head, _, rest = name.partition(".")
    below = source.get(head)
    return _value(below, rest) if rest and isinstance(below, dict) else None
