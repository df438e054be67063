"""Puts a dashboard's saved objects together, in the order and form that the importer wants.

Written for OpenSearch Dashboards 2.8 and later, 3.x included: an importer accepts migration
versions up to its own, and these have not changed since 2.8.

Reference: https://github.com/opensearch-project/OpenSearch-Dashboards/tree/main/src/core/server/saved_objects
"""

import json
import re
from typing import Any

from dashboards import index_patterns, vega
from dashboards.model import Dashboard, Markdown, Panel, SavedSearch, Vega
from dashboards.visualisations import TIME_FIELD, Json, colours, vis_state

MIGRATION_VERSIONS = {
    "index-pattern": "7.6.0",
    "search": "7.9.3",
    "visualization": "7.10.0",
    "dashboard": "7.9.3",
}
"""Newest version by type that OpenSearch Dashboards 2.8 knows; a newer one fails the whole file."""

PANEL_VERSION = "2.8.0"  # oldest OpenSearch Dashboards these panels were tried on
SEARCH_SOURCE_INDEX = "kibanaSavedObjectMeta.searchSourceJSON.index"


def saved_objects(dashboard: Dashboard) -> list[Json]:
    """Everything one file imports: index patterns, then searches and charts, then the dashboard.

    Raises:
        DashboardError: a panel names an unknown dataset, or a Vega file that cannot be used.
    """
    datasets = sorted({panel.dataset for panel in dashboard.panels if _reads_an_index(panel)})
    patterns = [_index_pattern(dataset) for dataset in datasets]
    panels = [_panel_object(panel, dashboard.name) for panel in dashboard.panels]
    panels.sort(key=lambda panel: (panel["type"], panel["id"]))
    return [*patterns, *panels, _dashboard(dashboard)]


def lines(objects: list[Json]) -> str:
    """NDJSON: one object a line, keys sorted, so that a change shows as a change of one line."""
    return "".join(f"{dumped(object_)}\n" for object_ in objects)


def dumped(value: Json | list[Any]) -> str:
    """Compact JSON with sorted keys, as it is embedded in saved objects."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def object_id(dashboard: str, panel: Panel) -> str:
    """Id of a panel's saved object: ``cloudtrail-denied-calls``; changes when the title does."""
    return f"{dashboard}-{re.sub(r'[^a-z0-9]+', '-', panel.title.lower()).strip('-')}"


def _index_pattern(dataset: str) -> Json:
    fields = index_patterns.declared(dataset)
    title = index_patterns.title(dataset)
    attributes = {
        "title": title,
        "timeFieldName": TIME_FIELD,
        "fields": dumped(index_patterns.entries(fields)),
        "fieldFormatMap": dumped(index_patterns.formats(fields)),
    }
    return _saved("index-pattern", index_patterns.object_id(dataset), attributes)


def _panel_object(panel: Panel, dashboard: str) -> Json:
    id_ = object_id(dashboard, panel)
    if isinstance(panel, SavedSearch):
        return _search(panel, id_)
    attributes = {
        "title": panel.title,
        "description": panel.about,
        "version": 1,
        "visState": dumped(_state(panel)),
        "uiStateJSON": dumped(_ui_state(panel)),
        "kibanaSavedObjectMeta": _search_source(panel),
    }
    return _saved("visualization", id_, attributes, _index_reference(panel))


def _search(panel: SavedSearch, id_: str) -> Json:
    attributes = {
        "title": panel.title,
        "description": panel.about,
        "hits": 0,
        "columns": list(panel.columns),
        "sort": [[TIME_FIELD, "desc"]],
        "version": 1,
        "kibanaSavedObjectMeta": _search_source(panel),
    }
    return _saved("search", id_, attributes, _index_reference(panel))


def _state(panel: Panel) -> Json:
    if not isinstance(panel, Vega):
        return vis_state(panel)
    spec = vega.read_spec(panel.spec, panel.dataset)
    params = {"spec": json.dumps(spec, indent=2, ensure_ascii=False)}  # people edit it in place
    return {"title": panel.title, "type": "vega", "params": params, "aggs": []}


def _ui_state(panel: Panel) -> Json:
    chosen = colours(panel)
    return {"vis": {"colors": chosen}} if chosen else {}


def _search_source(panel: Panel) -> Json:
    searches = bool(_index_reference(panel))
    kql = index_patterns.query(panel.dataset, panel.filter) if searches else ""
    source: Json = {"query": {"query": kql, "language": "kuery"}, "filter": []}
    if searches:
        source["indexRefName"] = SEARCH_SOURCE_INDEX
    return {"searchSourceJSON": dumped(source)}


def _index_reference(panel: Panel) -> list[Json]:
    if isinstance(panel, Markdown | Vega):  # text reads no index; Vega names its own in the spec
        return []
    id_ = index_patterns.object_id(panel.dataset)
    return [{"name": SEARCH_SOURCE_INDEX, "type": "index-pattern", "id": id_}]


def _reads_an_index(panel: Panel) -> bool:
    return not isinstance(panel, Markdown)


def _dashboard(dashboard: Dashboard) -> Json:
    places, references = _grid(dashboard)
    attributes = {
        "title": dashboard.title,
        "description": dashboard.description,
        "hits": 0,
        "panelsJSON": dumped(places),
        "optionsJSON": dumped({"useMargins": True, "hidePanelTitles": False}),
        "version": 1,
        "timeRestore": True,
        "timeFrom": dashboard.time_from,
        "timeTo": "now",
        "refreshInterval": {"pause": True, "value": 0},
        "kibanaSavedObjectMeta": {
            "searchSourceJSON": dumped({"query": {"query": "", "language": "kuery"}, "filter": []})
        },
    }
    return _saved("dashboard", dashboard.name, attributes, references)


def _grid(dashboard: Dashboard) -> tuple[list[Json], list[Json]]:
    """Each panel's place, and the reference that says which saved object is drawn there."""
    places: list[Json] = []
    references: list[Json] = []
    y = 0
    for row in dashboard.rows:
        x = 0
        for panel in row.panels:
            n = str(len(places))
            places.append(_place(n, {"x": x, "y": y, "w": panel.width, "h": row.height, "i": n}))
            kind = "search" if isinstance(panel, SavedSearch) else "visualization"
            target = object_id(dashboard.name, panel)
            references.append({"name": f"panel_{n}", "type": kind, "id": target})
            x += panel.width
        y += row.height
    return places, references


def _place(n: str, grid: Json) -> Json:
    return {
        "version": PANEL_VERSION,
        "panelIndex": n,
        "gridData": grid,
        "embeddableConfig": {},
        "panelRefName": f"panel_{n}",
    }


def _saved(type_: str, id_: str, attributes: Json, references: list[Json] | None = None) -> Json:
    return {
        "type": type_,
        "id": id_,
        "attributes": attributes,
        "references": references or [],
        "migrationVersion": {type_: MIGRATION_VERSIONS[type_]},
    }
