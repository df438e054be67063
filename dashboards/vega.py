"""Vega-Lite specifications: read from a file, pointed at an index, and looked through.

A file under ``dashboards/vega`` is a whole specification but for what the compiler fills in:
``$schema``, the index, the dataset, the dashboard's own time range and filters, and the colours of
``{"%colours%": "<field>"}``.

Reference: https://docs.opensearch.org/latest/dashboards/visualize/vega/
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dashboards import index_patterns
from dashboards.colours import COLOURS
from dashboards.model import DashboardError
from dashboards.visualisations import TIME_FIELD

FOLDER = Path(__file__).parent / "vega"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"  # the major that OSD 2.9 and later ship


def read_spec(name: str, dataset: str) -> dict[str, Any]:
    """The specification in ``vega/<name>.json``, complete, over the documents of a dataset.

    Raises:
        DashboardError: there is no such file, it is not JSON, or it has no search body.
    """
    file = FOLDER / f"{name}.json"
    try:
        spec = json.loads(file.read_text(encoding="utf-8"), object_hook=_with_colours)
        body = spec["data"]["url"]["body"]
    except FileNotFoundError as error:
        raise DashboardError(f"vega/{file.name} does not exist") from error
    except json.JSONDecodeError as error:
        raise DashboardError(f"vega/{file.name}: {error}") from error
    except (KeyError, TypeError) as error:
        raise DashboardError(f"vega/{file.name} has no data.url.body") from error
    return {"$schema": SCHEMA, **spec, "data": spec["data"] | {"url": _search(dataset, body)}}


def _search(dataset: str, body: dict[str, Any]) -> dict[str, Any]:
    """The search behind a chart.

    ``%context%`` allows no query beside it, so the search of one dataset spells out the context.
    """
    index = index_patterns.title(dataset)
    if dataset == index_patterns.EVERYTHING:
        return {"%context%": True, "%timefield%": TIME_FIELD, "index": index, "body": body}
    times = {"range": {TIME_FIELD: {"%timefilter%": True}}}
    ours = {"term": {"event.dataset": dataset}}
    query = {
        "must": ["%dashboard_context-must_clause%"],
        "filter": [times, ours, "%dashboard_context-filter_clause%"],
        "must_not": ["%dashboard_context-must_not_clause%"],
    }
    return {"index": index, "body": {"query": {"bool": query}, **body}}


def _with_colours(node: dict[str, Any]) -> dict[str, Any]:
    if "%colours%" not in node:
        return node
    chosen = COLOURS[node["%colours%"]]
    return {"domain": list(chosen), "range": list(chosen.values())}


def nodes(tree: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  any JSON
    """Every key of every object in the tree, with its value."""
    if isinstance(tree, list):
        for child in tree:
            yield from nodes(child)
    elif isinstance(tree, dict):
        for key, child in tree.items():
            yield key, child
            yield from nodes(child)
