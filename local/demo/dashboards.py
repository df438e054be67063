"""Picks the dashboards that a demonstration can fill: the overview, and one per dataset put."""

import shutil
from collections.abc import Collection
from pathlib import Path

from local.home import REPOSITORY
from logcore.registry import SOURCES

COMPILED = REPOSITORY / "dashboards" / "compiled"


def dashboards_of(datasets: Collection[str], folder: Path) -> Path:
    """Copy the overview and the datasets' dashboards into a new folder, and give it.

    The others are complete as well, but a page of empty panels tells nobody anything; `python -m
    local.panels` shows them all.
    """
    folder.mkdir(parents=True)
    names = ["overview", *(s.name for s in SOURCES if s.dataset in datasets)]
    for name in names:
        shutil.copy2(COMPILED / f"{name}.ndjson", folder)
    return folder
