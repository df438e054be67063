"""Turns the aggregations of a visualisation into the body of a search.

Reference: https://docs.opensearch.org/latest/aggregations/
"""

from dataclasses import dataclass
from typing import Any

from local.panels import kql, time_range
from local.panels.errors import UnsupportedError
from local.panels.filters import Json, Scope
from local.panels.kql import Clause
from local.panels.saved_objects import IndexPattern

METRICS = {"count", "cardinality", "sum", "avg", "min", "max", "percentiles", "median"}
PERCENTS = [1, 5, 25, 50, 75, 95, 99]  # what a percentiles metric shows unless it says otherwise
TREND = "trend"  # name of the extra aggregation behind a tile's small curve
TREND_BARS = 24
HITS = 100  # documents of a saved search; enough to scroll through, small enough to refresh


@dataclass(frozen=True, slots=True)
class Search:
    """One search: where, and what."""

    index: str
    body: Json


@dataclass(frozen=True, slots=True)
class Aggregations:
    """The aggregations of a visualisation that are switched on.

    Attributes:
        metrics: What is computed.
        buckets: What it is split by, outermost first.
    """

    metrics: tuple[Json, ...]
    buckets: tuple[Json, ...]


def aggregations(state: Json) -> Aggregations:
    """Sort a ``visState``'s aggregations into metrics and buckets.

    Raises:
        UnsupportedError: one is of a type that is not drawn here.
    """
    enabled = [agg for agg in state.get("aggs", []) if agg.get("enabled", True)]
    metrics = tuple(agg for agg in enabled if agg["schema"] == "metric")
    buckets = tuple(agg for agg in enabled if agg["schema"] != "metric")
    _refuse_unknown(metrics, METRICS)
    _refuse_unknown(buckets, set(BUCKETS))
    return Aggregations(metrics, buckets)


def aggregate(wanted: Aggregations, pattern: IndexPattern, query: Clause, scope: Scope) -> Search:
    """The search that answers a chart, a tile or a table."""
    aggs = _nested(wanted, 0, scope)
    if not wanted.buckets:  # tiles show a small curve of their own number
        aggs[TREND] = _trend(wanted, pattern.time_field, scope)
    body = {"size": 0, "track_total_hits": True, "query": query, "aggs": aggs}
    return Search(pattern.title, body)


def documents(attributes: Json, pattern: IndexPattern, query: Clause) -> Search:
    """The search that answers a saved search: its latest documents, whole."""
    sort = [{field: {"order": order}} for field, order in _pairs(attributes.get("sort"))]
    body = {
        "size": HITS,
        "track_total_hits": True,
        "query": query,
        "sort": sort or [{pattern.time_field: {"order": "desc"}}],
    }
    return Search(pattern.title, body)


def bar_interval(params: Json, scope: Scope) -> time_range.Interval:
    """How long one bucket of a date histogram lasts within the page's time range.

    Raises:
        TimeError: the interval is no interval.
    """
    text = params.get("interval", "auto")
    return time_range.auto_interval(scope.times) if text == "auto" else time_range.interval(text)


def filter_label(filter_: Json) -> str:
    """What one bucket of a ``filters`` aggregation is called."""
    return filter_.get("label") or filter_["input"]["query"] or "*"


def range_label(range_: Json) -> str:
    """What one bucket of a ``range`` aggregation is called, such as ``0 to 100``."""
    return f"{_bound(range_.get('from'), '-∞')} to {_bound(range_.get('to'), '∞')}"


def _nested(wanted: Aggregations, depth: int, scope: Scope) -> Json:
    """Metrics and the next bucket at one depth; metrics at every depth, as orders name them."""
    aggs = {agg["id"]: _metric(agg) for agg in wanted.metrics if agg["type"] != "count"}
    if depth < len(wanted.buckets):
        agg = wanted.buckets[depth]
        bucket = BUCKETS[agg["type"]](agg["params"], wanted, scope)
        aggs[agg["id"]] = {agg["type"]: bucket, "aggs": _nested(wanted, depth + 1, scope)}
    return aggs


def _trend(wanted: Aggregations, time_field: str, scope: Scope) -> Json:
    interval = time_range.auto_interval(scope.times, TREND_BARS)
    histogram = {
        "field": time_field,
        interval.parameter: interval.text,
        "min_doc_count": 0,
        "extended_bounds": {"min": scope.times.start_ms, "max": scope.times.end_ms},
    }
    metrics = {agg["id"]: _metric(agg) for agg in wanted.metrics if agg["type"] != "count"}
    return {"date_histogram": histogram, "aggs": metrics}


def _metric(agg: Json) -> Json:
    params = agg["params"]
    match agg["type"]:
        case "median":
            return {"percentiles": {"field": params["field"], "percents": [50]}}
        case "percentiles":
            percents = params.get("percents", PERCENTS)
            return {"percentiles": {"field": params["field"], "percents": percents}}
        case plain:
            return {plain: {"field": params["field"]}}


def _date_histogram(params: Json, _: Aggregations, scope: Scope) -> Json:
    interval = bar_interval(params, scope)
    return {
        "field": params["field"],
        interval.parameter: interval.text,
        "min_doc_count": params.get("min_doc_count", 1),
    }


def _terms(params: Json, wanted: Aggregations, _: Scope) -> Json:
    missing = {"missing": params["missingBucketLabel"]} if params.get("missingBucket") else {}
    return {
        "field": params["field"],
        "size": params.get("size", 5),
        "order": {_order_key(params, wanted): params.get("order", "desc")},
    } | missing


def _order_key(params: Json, wanted: Aggregations) -> str:
    """What terms are ordered by; ``_count`` for a metric that counts."""
    key = str(params.get("orderBy", "_count"))
    if key.startswith("_"):
        return key
    metric = next((agg for agg in wanted.metrics if agg["id"] == key.partition(".")[0]), None)
    if metric is None:
        raise UnsupportedError(f"terms ordered by {key}; expected _key or the id of a metric")
    if metric["type"] == "median":
        return f"{key}.50"
    return "_count" if metric["type"] == "count" else key


def _histogram(params: Json, _: Aggregations, __: Scope) -> Json:
    return {
        "field": params["field"],
        "interval": params["interval"],
        "min_doc_count": params.get("min_doc_count", 1),
    }


def _range(params: Json, _: Aggregations, __: Scope) -> Json:
    ranges = [
        {"key": range_label(one)} | {key: one[key] for key in ("from", "to") if _given(one, key)}
        for one in params["ranges"]
    ]
    return {"field": params["field"], "ranges": ranges}


def _filters(params: Json, _: Aggregations, __: Scope) -> Json:
    clauses = {filter_label(one): kql.to_clause(one["input"]["query"]) for one in params["filters"]}
    return {"filters": clauses}


BUCKETS = {
    "date_histogram": _date_histogram,
    "filters": _filters,
    "histogram": _histogram,
    "range": _range,
    "terms": _terms,
}
"""How the parameters of each bucket aggregation are written in the query DSL."""


def _refuse_unknown(aggs: tuple[Json, ...], known: set[str]) -> None:
    for agg in aggs:
        if agg["type"] not in known:
            raise UnsupportedError(
                f"aggregation {agg['type']}; expected one of {', '.join(sorted(known))}"
            )


def _pairs(sort: Any) -> list[tuple[str, str]]:  # noqa: ANN401  one pair, or a list of pairs
    pairs = sort or []
    return [tuple(pairs)] if pairs and isinstance(pairs[0], str) else [tuple(one) for one in pairs]


def _given(range_: Json, key: str) -> bool:
    return range_.get(key) is not None


def _bound(value: float | None, unbounded: str) -> str:
    return unbounded if value is None else f"{value:g}"
