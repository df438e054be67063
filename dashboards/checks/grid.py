"""Panels on the grid: inside its 48 columns, none over another."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from dashboards.checks.saved import SavedFile, SavedObject
from dashboards.model import GRID_WIDTH


def findings(file: SavedFile) -> Iterator[str]:
    """Panels that do not fit, overlap, or are numbered in two ways."""
    for dashboard in file.of_type("dashboard"):
        yield from _of_dashboard(dashboard)


def _of_dashboard(dashboard: SavedObject) -> Iterator[str]:
    everything = dashboard.opened.get("panelsJSON", [])
    panels = [panel for panel in everything if _is_placed(panel)]
    if not panels or len(panels) < len(everything):
        yield f"{dashboard}: {len(panels)} of {len(everything)} panels have a place"
    for panel in panels:
        yield from (f"{dashboard}: panel {finding}" for finding in _of_panel(panel))
    for one, other in combinations(panels, 2):
        if one["panelIndex"] == other["panelIndex"]:
            yield f"{dashboard}: panelIndex {one['panelIndex']} is given twice"
        if _overlap(one["gridData"], other["gridData"]):
            indices = f"{one['panelIndex']} and {other['panelIndex']}"
            yield f"{dashboard}: panels {indices} overlap"


def _is_placed(panel: dict[str, Any]) -> bool:
    return "panelIndex" in panel and panel.get("gridData", {}).keys() == {"x", "y", "w", "h", "i"}


def _of_panel(panel: dict[str, Any]) -> Iterator[str]:
    grid, index = panel["gridData"], panel["panelIndex"]
    if grid["i"] != index:
        yield f"{index}: gridData.i = {grid['i']!r}; expected its panelIndex"
    if grid["x"] < 0 or grid["y"] < 0 or grid["w"] < 1 or grid["h"] < 1:
        yield f"{index}: is nowhere on the grid: {grid}"
    if grid["x"] + grid["w"] > GRID_WIDTH:
        yield f"{index}: ends at column {grid['x'] + grid['w']}; the grid has {GRID_WIDTH}"
    if "panelRefName" not in panel:
        yield f"{index}: has no panelRefName"


def _overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
    below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    return not beside and not below
