"""Vega-Lite specifications: read from a file, pointed at an index, and looked through.

A file under ``dashboards/vega`` is a whole specification but for what the compiler fills in:
``$schema``, the index, and the dashboard's own time range and filters.

Reference: https://docs.opensearch.org/latest/dashboards/visualize/vega/
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dashboards.model import DashboardError
from dashboards.visualisations import TIME_FIELD

FOLDER = Path(__file__).parent / "vega"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"  # the major that OSD 2.9 and later ship


def read_spec(name: str, index: str) -> dict[str, Any]:
    """The specification in ``vega/<name>.json``, complete, over the documents of ``index``.

    Raises:
        DashboardError: there is no such file, it is not JSON, or it has no search body.
    """
    file = FOLDER / f"{name}.json"
    try:
        spec: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        url = spec["data"]["url"]
        body = url["body"]
    except FileNotFoundError as error:
        raise DashboardError(f"vega/{file.name} does not exist") from error
    except json.JSONDecodeError as error:
        raise DashboardError(f"vega/{file.name}: {error}") from error
    except (KeyError, TypeError) as error:
        raise DashboardError(f"vega/{file.name} has no data.url.body") from error
    context = {"%context%": True, "%timefield%": TIME_FIELD, "index": index, "body": body}
    return {"$schema": SCHEMA} | spec | {"data": spec["data"] | {"url": context}}


def nodes(tree: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  any JSON
    """Every key of every object in the tree, with its value."""
    if isinstance(tree, list):
        for child in tree:
            yield from nodes(child)
    elif isinstance(tree, dict):
        for key, child in tree.items():
            yield key, child
            yield from nodes(child)
