"""Resolves what OpenSearch Dashboards adds to Vega: its own data source and context words.

The answer is put into the specification, so that the page needs no way to the search server.

Reference: https://docs.opensearch.org/latest/dashboards/visualize/vega/
"""

import copy
import json
from typing import Any

from local.panels import filters, time_range
from local.panels.errors import ObjectError
from local.panels.filters import Json, Scope
from local.panels.queries import Search

CLAUSES = {  # context word: whether it stands for the page's clauses; the others for nothing
    "%dashboard_context-must_clause%": False,
    "%dashboard_context-filter_clause%": True,
    "%dashboard_context-must_not_clause%": False,
}


def read_spec(text: str) -> Json:
    """The specification of a Vega panel.

    Raises:
        ObjectError: it is not JSON (HJSON, which OpenSearch Dashboards takes too, is not read).
    """
    try:
        spec = json.loads(text)
    except json.JSONDecodeError as error:
        raise ObjectError(f"the Vega specification is not JSON: {error}") from error
    if not isinstance(spec, dict):
        raise ObjectError("the Vega specification is not an object")
    return spec


def searches(spec: Json, scope: Scope) -> list[Search]:
    """The searches behind a specification's data, in its order.

    Raises:
        ObjectError: ``%context%`` is used beside a query, which OpenSearch Dashboards refuses.
    """
    return [_search(data["url"], scope) for data in _searched(spec)]


def with_answers(spec: Json, answers: list[Json]) -> Json:
    """The specification with each search replaced by its answer, to fill its panel."""
    filled = {"width": "container", "height": "container"} | copy.deepcopy(spec)
    for data, answer in zip(_searched(filled), answers, strict=True):
        del data["url"]
        data["values"] = answer
    return filled


def _searched(spec: Json) -> list[Json]:
    data = spec.get("data") or {}
    sources = data if isinstance(data, list) else [data]
    return [one for one in sources if isinstance(one.get("url"), dict)]


def _search(url: Json, scope: Scope) -> Search:
    body = copy.deepcopy(url.get("body", {}))
    if url.get("%context%") or url.get("%timefield%"):
        if "query" in body:
            raise ObjectError("a Vega panel with %context% or %timefield% has no query of its own")
        body["query"] = _context(url, scope)
    return Search(url.get("index", "*"), _resolved(body, scope))


def _context(url: Json, scope: Scope) -> Json:
    clauses = scope.clauses if url.get("%context%") else ()
    if "%timefield%" in url:
        return filters.within(Scope(scope.times, clauses), url["%timefield%"], [])
    return {"bool": {"filter": list(clauses)}}


def _resolved(tree: Any, scope: Scope) -> Any:  # noqa: ANN401  any JSON
    """A copy of the tree with context words replaced by what they stand for."""
    if isinstance(tree, list):
        return [one for child in tree for one in _element(child, scope)]
    if isinstance(tree, dict):
        return {key: _member(key, child, scope) for key, child in tree.items()}
    return tree


def _element(child: Any, scope: Scope) -> list[Any]:  # noqa: ANN401  any JSON
    if isinstance(child, str) and child in CLAUSES:
        return list(scope.clauses) if CLAUSES[child] else []
    return [_resolved(child, scope)]


def _member(key: str, child: Any, scope: Scope) -> Any:  # noqa: ANN401  any JSON
    if isinstance(child, dict) and key == "interval" and "%autointerval%" in child:
        wish = child["%autointerval%"]
        bars = time_range.AUTO_BARS if wish is True else wish
        return time_range.auto_interval(scope.times, bars).text
    if isinstance(child, dict) and "%timefilter%" in child:
        return _time_filter(child["%timefilter%"], scope)
    return _resolved(child, scope)


def _time_filter(which: Any, scope: Scope) -> Any:  # noqa: ANN401  a word or true; a number or a range
    times = {"min": scope.times.start_ms, "max": scope.times.end_ms}
    return times.get(which, {"gte": times["min"], "lte": times["max"]})
