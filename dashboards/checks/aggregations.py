"""Aggregations of charts: ids, order, how many of which kind, and fields that can carry them.

Reference: https://docs.opensearch.org/latest/aggregations/
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from dashboards.checks.fields import Fields, by_pattern, of_object
from dashboards.checks.saved import SavedFile, SavedObject

CHART = {"metric": (1, 9), "segment": (0, 1), "group": (0, 3)}
"""Fewest and most aggregations by role (``schema``)."""

ROLES: dict[str, dict[str, tuple[int, int]]] = {
    "histogram": CHART,
    "line": CHART,
    "area": CHART,
    "horizontal_bar": CHART,
    "pie": {"metric": (1, 1), "segment": (1, 9)},
    "heatmap": {"metric": (1, 1), "segment": (0, 1), "group": (0, 1)},
    "metric": {"metric": (1, 9), "group": (0, 1)},
    "table": {"metric": (1, 9), "bucket": (0, 9)},
    "markdown": {},
    "vega": {},
}
"""Roles by type of visualisation; other types are not drawn outside OpenSearch Dashboards."""

NUMBERS = frozenset({"number"})
MEASURABLE = frozenset({"number", "date"})
ANYTHING = frozenset({"string", "ip", "date", "number", "boolean"})
FIELD_KINDS = {
    "cardinality": ANYTHING,
    "sum": NUMBERS,
    "avg": NUMBERS,
    "min": MEASURABLE,
    "max": MEASURABLE,
    "terms": ANYTHING,
    "date_histogram": frozenset({"date"}),
}
"""Kinds of field by type of aggregation; ``count`` takes none."""

INTERVAL = re.compile(r"auto|\d*(ms|[smhdwMy])")


def findings(file: SavedFile) -> Iterator[str]:
    """Charts of an unknown type, and aggregations that a chart cannot draw or an index not run."""
    patterns = by_pattern(file)
    for chart in file.of_type("visualization"):
        state = chart.opened.get("visState", {})
        roles = ROLES.get(state.get("type"))
        if roles is None:
            yield f"{chart}: type {state.get('type')!r}; expected one of {', '.join(ROLES)}"
            continue
        aggs = state.get("aggs", [])
        known = of_object(chart, patterns)
        if aggs and known is None:
            yield f"{chart}: has aggregations and no index pattern"
        yield from (f"{chart}: {finding}" for finding in _state(chart, state))
        yield from (f"{chart}: {finding}" for finding in _roles(aggs, roles))
        for agg in aggs:
            found = _aggregation(agg, aggs, known or {})
            yield from (f"{chart}: aggregation {agg.get('id')}: {finding}" for finding in found)


def _state(chart: SavedObject, state: dict[str, Any]) -> Iterator[str]:
    if state.get("title") != chart.attributes.get("title"):
        yield f"visState has the title {state.get('title')!r}"
    if not isinstance(state.get("params"), dict):
        yield "visState has no params"


def _roles(aggs: list[dict[str, Any]], roles: dict[str, tuple[int, int]]) -> Iterator[str]:
    for id_, count in Counter(agg.get("id") for agg in aggs).items():
        if count > 1 or not isinstance(id_, str):
            yield f"aggregation id {id_!r}; expected a text, given once"
    found = Counter(str(agg.get("schema")) for agg in aggs)
    for role in sorted(found.keys() - roles.keys()):
        yield f"schema {role}; expected one of {', '.join(roles) or 'none'}"
    for role, (fewest, most) in roles.items():
        if not fewest <= found[role] <= most:
            yield f"{found[role]} aggregations with schema {role}; expected {fewest} to {most}"


def _aggregation(agg: dict[str, Any], aggs: list[dict[str, Any]], known: Fields) -> Iterator[str]:
    kind, params = agg.get("type"), agg.get("params", {})
    if kind == "count":
        return
    if kind not in FIELD_KINDS:
        yield f"type {kind!r}; expected count or one of {', '.join(FIELD_KINDS)}"
        return
    field = known.get(params.get("field"), {})
    if not field.get("aggregatable"):
        yield f"field {params.get('field')} is not declared or cannot be aggregated"
    elif field["type"] not in FIELD_KINDS[kind]:
        wanted = " or ".join(sorted(FIELD_KINDS[kind]))
        yield f"{kind} of {field['name']}, a {field['type']}; expected a {wanted}"
    if kind == "terms":
        yield from _terms(params, aggs)
    if kind == "date_histogram" and not INTERVAL.fullmatch(str(params.get("interval"))):
        yield f"interval {params.get('interval')!r}; expected auto or such as 30m"


def _terms(params: dict[str, Any], aggs: list[dict[str, Any]]) -> Iterator[str]:
    metrics = {agg.get("id") for agg in aggs if agg.get("schema") == "metric"}
    if params.get("orderBy") not in {*metrics, "_key"}:
        yield f"orderBy {params.get('orderBy')!r}; expected the id of a metric or _key"
    size = params.get("size")
    if not isinstance(size, int) or size < 1:
        yield f"size {size!r}; expected 1 or more"
