"""Puts a search's query together: time, the dashboard's and the panel's own, and the reader's.

Reference: https://docs.opensearch.org/latest/query-dsl/compound/bool/
"""

import json
from dataclasses import dataclass
from typing import Any

from local.panels import kql
from local.panels.errors import ObjectError, UnsupportedError
from local.panels.kql import Clause
from local.panels.time_range import TimeRange

type Json = dict[str, Any]
"""One JSON object."""

ABOUT_THE_FILTER = {"meta", "$state"}  # what OpenSearch Dashboards keeps beside a filter's query


@dataclass(frozen=True, slots=True)
class Scope:
    """What every panel of a page is limited to.

    Attributes:
        times: The page's time range.
        clauses: The dashboard's own query and filters, then the reader's.
    """

    times: TimeRange
    clauses: tuple[Clause, ...] = ()


def value_filter(field: str, value: str) -> Clause:
    """Documents whose field has exactly this value, as a click on it asks for."""
    return {"match_phrase": {field: value}}


def search_source(attributes: Json) -> Json:
    """The query and filters that a saved object carries in ``searchSourceJSON``.

    Raises:
        ObjectError: the embedded text is not a JSON object.
    """
    text = attributes.get("kibanaSavedObjectMeta", {}).get("searchSourceJSON", "{}")
    try:
        source = json.loads(text)
    except json.JSONDecodeError as error:
        raise ObjectError(f"searchSourceJSON is not JSON: {error}") from error
    if not isinstance(source, dict):
        raise ObjectError(f"searchSourceJSON = {text}; expected an object")
    return source


def source_clauses(source: Json) -> list[Clause]:
    """The clauses of a saved object's query and of its filters that are switched on.

    Raises:
        KqlError: the query cannot be parsed.
        UnsupportedError: the query is in another language than KQL or Lucene.
    """
    query = source.get("query") or {}
    clauses = [_query_clause(query)] if query.get("query") else []
    return clauses + [
        _filter_clause(filter_)
        for filter_ in source.get("filter", [])
        if not filter_.get("meta", {}).get("disabled")
    ]


def within(scope: Scope, time_field: str, clauses: list[Clause]) -> Clause:
    """The query of one search: the page's scope and the panel's own clauses."""
    times = {
        "gte": scope.times.start_ms,
        "lte": scope.times.end_ms,
        "format": "epoch_millis",
    }
    return {"bool": {"filter": [{"range": {time_field: times}}, *scope.clauses, *clauses]}}


def _query_clause(query: Json) -> Clause:
    match query.get("language", "kuery"):
        case "kuery":
            return kql.to_clause(query["query"])
        case "lucene":
            return {"query_string": {"query": query["query"], "analyze_wildcard": True}}
        case other:
            raise UnsupportedError(f"query language {other}; expected kuery or lucene")


def _filter_clause(filter_: Json) -> Clause:
    own = {key: value for key, value in filter_.items() if key not in ABOUT_THE_FILTER}
    clause = own.get("query", own)
    return kql.none_of([clause]) if filter_.get("meta", {}).get("negate") else clause
