"""What a dashboard is before it becomes saved objects: rows of panels over datasets."""

from dataclasses import dataclass

GRID_WIDTH = 48  # columns of the dashboard grid of OpenSearch Dashboards

FUNCTIONS = {  # our word: the aggregation's own
    "unique": "cardinality",
    "sum": "sum",
    "average": "avg",
    "minimum": "min",
    "maximum": "max",
}
"""What can be computed of a field; ``count`` needs no field."""


class DashboardError(ValueError):
    """A dashboard's TOML says something that cannot be compiled; names file, panel, expectation."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A number to show.

    Attributes:
        function: ``count``, or a key of ``FUNCTIONS``.
        field: Dotted field name; empty for ``count``.
        label: What the reader sees; empty leaves it to OpenSearch Dashboards.
    """

    function: str
    field: str = ""
    label: str = ""


COUNT = Metric("count")


@dataclass(frozen=True, slots=True)
class Terms:
    """The most frequent values of a field.

    Attributes:
        field: Dotted name of an aggregatable field.
        size: How many values, 1 or more.
        label: What the reader sees; empty leaves it to OpenSearch Dashboards.
    """

    field: str
    size: int
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What every panel has.

    Attributes:
        type: Name of the visualisation in OpenSearch Dashboards, such as ``pie``; or ``search``.
        title: Heading; unique within its dashboard, because the saved object's id comes from it.
        width: Columns, 1 to 48.
        dataset: Whose documents it shows; ``*`` is every dataset.
        about: A sentence for whoever edits or doubts the panel; may be empty.
        filter: KQL; empty shows every document.
    """

    type: str
    title: str
    width: int
    dataset: str
    about: str = ""
    filter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles(Panel):
    """Big numbers.

    Attributes:
        metrics: One tile each.
        alert_from: From this number on the tile is red, below it green; ``None`` leaves it plain.
    """

    metrics: tuple[Metric, ...]
    alert_from: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline(Panel):
    """A number over time, as bars, lines or areas, stacked by the values of ``split``."""

    metric: Metric
    split: Terms | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown(Panel):
    """A number by the values of a field: horizontal bars, a ring, or a heat map over time.

    Attributes:
        metric: What is counted, and what the values are ordered by.
        by: The field.
        split: Stacks each horizontal bar by a second field; ``None`` for the other types.
    """

    metric: Metric
    by: Terms
    split: Terms | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Panel):
    """Rows of values and their numbers, ordered by the first number."""

    metrics: tuple[Metric, ...]
    by: tuple[Terms, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Markdown(Panel):
    """Text to read."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch(Panel):
    """The latest documents, one a line.

    Attributes:
        columns: Dotted field names.
    """

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vega(Panel):
    """A chart that is drawn alike wherever Vega-Lite runs.

    Attributes:
        spec: Stem of the file under ``dashboards/vega``.
    """

    spec: str


@dataclass(frozen=True, slots=True)
class Row:
    """Panels side by side.

    Attributes:
        height: Grid rows of some 20 px; 1 or more.
        panels: From left to right; their widths add up to 48.
    """

    height: int
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """One page.

    Attributes:
        name: Stem of its file; the saved object's id.
        title: Heading.
        description: What it answers, and for whom.
        time_from: Start of the time range, such as ``now-24h``; the end is ``now``.
        rows: From top to bottom.
    """

    name: str
    title: str
    description: str
    time_from: str
    rows: tuple[Row, ...]

    @property
    def panels(self) -> tuple[Panel, ...]:
        """Every panel, in reading order."""
        return tuple(panel for row in self.rows for panel in row.panels)
