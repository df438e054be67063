"""A dashboard's TOML is read whole or refused by name."""

from pathlib import Path

import pytest

from dashboards.model import Breakdown, DashboardError, Metric, Panel, Terms, Tiles, Timeline
from dashboards.reader import read

HEAD = """
title = "Flows"
description = "What moves."
dataset = "aws.vpcflow"
from = "now-1h"
[filters]
rejected = 'event.action : "reject"'
"""


def dashboard_file(folder: Path, rows: str, head: str = HEAD) -> Path:
    file = folder / "flows.toml"
    file.write_text(head + rows, encoding="utf-8")
    return file


def row(*panels: str) -> str:
    return f"[[rows]]\nheight = 6\npanels = [{', '.join(panels)}]\n"


def only_panel(folder: Path, panel: str) -> Panel:
    return read(dashboard_file(folder, row(panel))).panels[0]


def test_the_name_is_the_stem_of_the_file(tmp_path: Path) -> None:
    file = dashboard_file(tmp_path, row('{ type = "metric", title = "Flows" }'))

    assert read(file).name == "flows"


def test_a_filter_is_written_once_and_used_by_name(tmp_path: Path) -> None:
    panel = only_panel(tmp_path, '{ type = "metric", title = "No", filter = "rejected" }')

    assert panel.filter == 'event.action : "reject"'


def test_a_panel_shows_the_dashboards_dataset_unless_it_names_another(tmp_path: Path) -> None:
    panels = read(
        dashboard_file(
            tmp_path,
            row(
                '{ type = "metric", title = "One" }',
                '{ type = "metric", title = "Two", dataset = "generic" }',
            ),
        )
    ).panels

    assert [panel.dataset for panel in panels] == ["aws.vpcflow", "generic"]


def test_panels_without_a_width_share_what_is_left_of_the_row(tmp_path: Path) -> None:
    panels = read(
        dashboard_file(
            tmp_path,
            row(
                '{ type = "metric", title = "One", width = 20 }',
                '{ type = "metric", title = "Two" }',
                '{ type = "metric", title = "Three" }',
                '{ type = "metric", title = "Four" }',
            ),
        )
    ).panels

    assert [panel.width for panel in panels] == [20, 10, 9, 9]


def test_a_metric_is_a_count_unless_it_says_otherwise(tmp_path: Path) -> None:
    panel = only_panel(tmp_path, '{ type = "histogram", title = "Flows" }')

    assert isinstance(panel, Timeline)
    assert panel.metric == Metric("count")
    assert panel.split is None


def test_a_metric_names_its_function_field_and_label(tmp_path: Path) -> None:
    metrics = '["count as All flows", "sum network.bytes", "unique source.ip as Senders"]'
    panel = only_panel(tmp_path, f'{{ type = "metric", title = "T", metrics = {metrics} }}')

    assert isinstance(panel, Tiles)
    assert panel.metrics == (
        Metric("count", "", "All flows"),
        Metric("sum", "network.bytes"),
        Metric("unique", "source.ip", "Senders"),
    )


def test_terms_name_their_number_field_and_label(tmp_path: Path) -> None:
    panel = only_panel(tmp_path, '{ type = "pie", title = "T", by = "top 5 source.ip as Sender" }')

    assert isinstance(panel, Breakdown)
    assert panel.by == Terms("source.ip", 5, "Sender")


@pytest.mark.parametrize(
    ("panel", "message"),
    [
        ('type = "gauge"', 'type "gauge"; expected one of metric, histogram'),
        ('type = "metric", colour = "red"', "unknown key colour; expected about, alert_from"),
        ('type = "pie", by = "top 5 a", split = "top 5 b"', "unknown key split; expected about"),
        ('type = "pie"', "by is missing"),
        ('type = "pie", by = "source.ip"', '"source.ip"; expected "top <number> <field>"'),
        ('type = "pie", by = "top 0 source.ip"', 'expected "top <number> <field>"'),
        ('type = "pie", by = 5', "by = 5; expected str"),
        ('type = "line", metric = "p95 event.duration"', "expected one of count, unique, sum"),
        ('type = "line", metric = "sum"', 'metric "sum"; expected "count" or "<function> <field>"'),
        ('type = "line", metric = "count source.ip"', 'expected "count" or "<function> <field>"'),
        ('type = "metric", filter = "denied"', 'filter "denied"; expected one of rejected'),
        ('type = "metric", alert_from = 0', "alert_from = 0; expected 1 or more"),
        ('type = "metric", alert_from = true', "alert_from = True; expected int"),
        ('type = "table", by = []', "by = []; expected a list of at least one str"),
        ('type = "search", columns = [1]', "columns = [1]; expected a list of at least one str"),
    ],
)
def test_a_wrong_panel_is_refused_with_file_panel_and_expectation(
    tmp_path: Path, panel: str, message: str
) -> None:
    file = dashboard_file(tmp_path, row(f'{{ title = "Wrong", {panel} }}'))

    with pytest.raises(DashboardError) as refused:
        read(file)

    assert str(refused.value).startswith('flows.toml: panel "Wrong": ')
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (row('{ type = "metric", title = "A", width = 49 }'), "flows.toml: row 1: widths [49]"),
        (row('{ type = "metric", title = "A", width = 47 }'), "add up to 47; expected 48"),
        (
            row('{ type = "metric", title = "A", width = 48 }', '{ type = "metric", title = "B" }'),
            "row 1: widths [48, 0] add up to 48",
        ),
        (row('{ type = "metric", title = "A" }') * 2, "titles used twice: A"),
        ("[[rows]]\npanels = []\n", "row 1: height is missing"),
        ("[[rows]]\nheight = 6\npanels = []\n", "row 1: panels = []; expected a list"),
        ("", "flows.toml: rows is missing"),
        ("colour = 1", "flows.toml: rows is missing"),
        ("[[rows]", "flows.toml: "),
    ],
)
def test_a_wrong_row_is_refused_with_its_number(tmp_path: Path, rows: str, message: str) -> None:
    with pytest.raises(DashboardError, match=r"flows\.toml") as refused:
        read(dashboard_file(tmp_path, rows))

    assert message in str(refused.value)


def test_an_unknown_key_of_the_file_is_refused(tmp_path: Path) -> None:
    rows = row('{ type = "metric", title = "A" }')

    with pytest.raises(DashboardError, match=r"flows\.toml: unknown key colour; expected dataset"):
        read(dashboard_file(tmp_path, rows, f'colour = "red"\n{HEAD}'))
