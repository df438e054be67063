"""Vega panels: their JSON, index, time range and fields, of which the importer knows nothing.

Reference: https://docs.opensearch.org/latest/dashboards/visualize/vega/
"""

import json
from collections.abc import Iterator
from typing import Any

from dashboards.checks.fields import Fields, by_pattern
from dashboards.checks.saved import SavedFile
from dashboards.vega import nodes


def findings(file: SavedFile) -> Iterator[str]:
    """Specifications that are not JSON, search an unknown index or unknown fields."""
    patterns = by_pattern(file)
    titles = {p.attributes.get("title"): patterns[p.id] for p in file.of_type("index-pattern")}
    for chart in file.of_type("visualization"):
        state = chart.opened.get("visState", {})
        if state.get("type") == "vega":
            spec = state.get("params", {}).get("spec")
            yield from (f"{chart}: {finding}" for finding in _spec(spec, titles))


def _spec(text: Any, titles: dict[Any, Fields]) -> Iterator[str]:  # noqa: ANN401  any JSON
    try:
        spec = json.loads(text)
    except (json.JSONDecodeError, TypeError) as error:
        yield f"spec is not JSON: {error}"
        return
    if "/vega-lite/v5" not in str(spec.get("$schema")):
        yield f"$schema {spec.get('$schema')}; expected Vega-Lite 5"
    urls = [value for key, value in nodes(spec) if key == "url" and isinstance(value, dict)]
    if not urls:
        yield "spec searches nothing"
    for url in urls:
        yield from _search(url, titles)


def _search(url: dict[str, Any], titles: dict[Any, Fields]) -> Iterator[str]:
    if url.get("index") not in titles:
        yield f"index {url.get('index')} is no index pattern of the file"
    body = url.get("body", {})
    if "query" in body and ("%context%" in url or "%timefield%" in url):
        yield "body.query cannot stand beside %context% or %timefield%"
    if not url.get("%timefield%") and not _has_time_filter(body):
        yield "%timefield% or %timefilter% is missing: the dashboard's time range would not apply"
    known = titles.get(url.get("index"), {})
    for key, value in nodes(body.get("aggs", {})):
        if key == "field" and not known.get(value, {}).get("aggregatable"):
            yield f"field {value} is not declared or cannot be aggregated"
        if isinstance(value, dict) and "%autointerval%" in value and key != "interval":
            yield f"%autointerval% under {key}; it is replaced under interval alone"


def _has_time_filter(body: dict[str, Any]) -> bool:
    """Whether the query of the search is limited to the dashboard's time range."""
    queried = nodes(body.get("query", {}))
    return any(isinstance(value, dict) and "%timefilter%" in value for _, value in queried)
