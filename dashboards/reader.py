"""Reads a dashboard's TOML into its model; errors name the file, the panel and the expectation.

A file has ``title``, ``description``, ``dataset`` (``*`` for all), ``from``, named ``filters`` in
KQL, and ``rows``. Each row has a ``height`` and ``panels``; panels without a ``width`` share what
the others leave of the 48 columns.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from dashboards.keys import Keys
from dashboards.model import (
    GRID_WIDTH,
    Breakdown,
    Dashboard,
    DashboardError,
    Markdown,
    Panel,
    Row,
    SavedSearch,
    Table,
    Tiles,
    Timeline,
    Vega,
)


class _Shared(TypedDict):
    """The attributes that every panel has."""

    type: str
    title: str
    width: int
    dataset: str
    about: str
    filter: str


type _Build = Callable[[Keys, _Shared], Panel]


@dataclass(frozen=True, slots=True)
class _Defaults:
    """What a panel may take from its file."""

    file: str
    dataset: str
    filters: dict[str, str]


def read(file: Path) -> Dashboard:
    """The dashboard that one TOML file describes.

    Raises:
        DashboardError: a key is unknown, missing or of the wrong kind, or the widths do not fit.
    """
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DashboardError(f"{file.name}: {error}") from error
    keys = Keys(values, file.name)
    defaults = _Defaults(file.name, keys.text("dataset"), keys.table("filters"))
    dashboard = Dashboard(
        name=file.stem,
        title=keys.text("title"),
        description=keys.text("description"),
        time_from=keys.text("from"),
        rows=tuple(_row(row, n, defaults) for n, row in enumerate(keys.tables("rows"), 1)),
    )
    keys.finish()
    _refuse_equal_titles(dashboard, keys)
    return dashboard


def _row(values: dict[str, Any], number: int, defaults: _Defaults) -> Row:
    keys = Keys(values, f"{defaults.file}: row {number}")
    height, tables = keys.number("height"), keys.tables("panels")
    widths = _widths(tables, keys)
    keys.finish()
    pairs = zip(tables, widths, strict=True)
    return Row(height, tuple(_panel(table, width, defaults) for table, width in pairs))


def _widths(tables: tuple[dict[str, Any], ...], row: Keys) -> list[int]:
    """Each panel's columns; those without a width share the rest, the first ones the remainder."""
    given = [table.get("width", 0) for table in tables]
    if not all(isinstance(width, int) and 0 <= width <= GRID_WIDTH for width in given):
        row.refuse(f"widths {given}; expected whole numbers up to {GRID_WIDTH}")
    rest, open_ones = GRID_WIDTH - sum(given), given.count(0)
    if rest < open_ones or (rest and not open_ones):
        row.refuse(f"widths {given} add up to {sum(given)}; expected {GRID_WIDTH}")
    shares = iter([rest // open_ones + (n < rest % open_ones) for n in range(open_ones)])
    return [width or next(shares) for width in given]


def _panel(values: dict[str, Any], width: int, defaults: _Defaults) -> Panel:
    keys = Keys(values, f'{defaults.file}: panel "{values.get("title", "without a title")}"')
    keys.number("width", width)
    name = keys.text("filter", "")
    if name and name not in defaults.filters:
        keys.refuse(f'filter "{name}"; expected one of {", ".join(defaults.filters)}')
    shared = _Shared(
        type=keys.text("type"),
        title=keys.text("title"),
        width=width,
        dataset=keys.text("dataset", defaults.dataset),
        about=keys.text("about", ""),
        filter=defaults.filters.get(name, ""),
    )
    if shared["type"] not in BUILD:
        keys.refuse(f'type "{shared["type"]}"; expected one of {", ".join(BUILD)}')
    panel = BUILD[shared["type"]](keys, shared)
    keys.finish()
    return panel


def _tiles(keys: Keys, shared: _Shared) -> Panel:
    alert_from = keys.optional_number("alert_from")
    return Tiles(**shared, metrics=keys.metrics("metrics"), alert_from=alert_from)


def _timeline(keys: Keys, shared: _Shared) -> Panel:
    return Timeline(**shared, metric=keys.metric("metric"), split=keys.optional_terms("split"))


def _bars(keys: Keys, shared: _Shared) -> Panel:
    metric, split = keys.metric("metric"), keys.optional_terms("split")
    return Breakdown(**shared, metric=metric, by=keys.terms("by"), split=split)


def _breakdown(keys: Keys, shared: _Shared) -> Panel:
    return Breakdown(**shared, metric=keys.metric("metric"), by=keys.terms("by"), split=None)


def _table(keys: Keys, shared: _Shared) -> Panel:
    return Table(**shared, metrics=keys.metrics("metrics"), by=keys.terms_list("by"))


def _markdown(keys: Keys, shared: _Shared) -> Panel:
    return Markdown(**shared, text=keys.text("text"))


def _search(keys: Keys, shared: _Shared) -> Panel:
    return SavedSearch(**shared, columns=keys.texts("columns"))


def _vega(keys: Keys, shared: _Shared) -> Panel:
    return Vega(**shared, spec=keys.text("spec"))


BUILD: dict[str, _Build] = {
    "metric": _tiles,
    "histogram": _timeline,
    "line": _timeline,
    "area": _timeline,
    "horizontal_bar": _bars,
    "pie": _breakdown,
    "heatmap": _breakdown,
    "table": _table,
    "markdown": _markdown,
    "search": _search,
    "vega": _vega,
}
"""How a panel of each type is read."""


def _refuse_equal_titles(dashboard: Dashboard, keys: Keys) -> None:
    titles = [panel.title for panel in dashboard.panels]
    twice = sorted({title for title in titles if titles.count(title) > 1})
    if twice:
        keys.refuse(f"titles used twice: {', '.join(twice)}; expected each once")
