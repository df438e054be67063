"""Panels become the saved objects that OpenSearch Dashboards draws."""

import json
from pathlib import Path
from typing import Any

import pytest

from dashboards import index_patterns
from dashboards.colours import GREEN, RED
from dashboards.compile import compiled, stale, write
from dashboards.model import Dashboard, DashboardError
from dashboards.objects import lines, saved_objects
from dashboards.reader import read
from logcore.fields import Field

HEAD = 'title = "Flows"\ndescription = "D"\ndataset = "aws.vpcflow"\nfrom = "now-1h"\n'


def dashboard(folder: Path, *panels: str) -> Dashboard:
    file = folder / "vpc_flow.toml"
    rows = f"[[rows]]\nheight = 6\npanels = [{', '.join(panels)}]\n"
    file.write_text(HEAD + rows, encoding="utf-8")
    return read(file)


def objects(folder: Path, *panels: str) -> dict[str, dict[str, Any]]:
    return {saved["id"]: saved for saved in saved_objects(dashboard(folder, *panels))}


def state(folder: Path, panel: str) -> Any:
    made = objects(folder, f'{{ title = "It", {panel} }}')["vpc_flow-it"]
    return json.loads(made["attributes"]["visState"])


def roles(vis: dict[str, Any]) -> list[str]:
    return [f"{agg['id']} {agg['schema']} {agg['type']}" for agg in vis["aggs"]]


@pytest.mark.parametrize(
    ("panel", "expected"),
    [
        ('type = "metric"', ["1 metric count"]),
        ('type = "histogram"', ["1 metric count", "2 segment date_histogram"]),
        (
            'type = "area", split = "top 3 event.action", metric = "sum network.bytes"',
            ["1 metric sum", "2 segment date_histogram", "3 group terms"],
        ),
        (
            'type = "horizontal_bar", by = "top 3 source.ip", split = "top 2 event.action"',
            ["1 metric count", "2 segment terms", "3 group terms"],
        ),
        ('type = "pie", by = "top 3 event.action"', ["1 metric count", "2 segment terms"]),
        (
            'type = "heatmap", by = "top 3 source.ip"',
            ["1 metric count", "2 segment date_histogram", "3 group terms"],
        ),
        (
            'type = "table", by = ["top 3 source.ip", "top 1 event.action"], metrics = ["count"]',
            ["1 metric count", "2 bucket terms", "3 bucket terms"],
        ),
        ('type = "markdown", text = "Hello"', []),
    ],
)
def test_each_type_has_its_aggregations(tmp_path: Path, panel: str, expected: list[str]) -> None:
    assert roles(state(tmp_path, panel)) == expected


def test_values_are_ordered_by_the_first_metric(tmp_path: Path) -> None:
    vis = state(tmp_path, 'type = "pie", by = "top 3 source.ip", metric = "sum network.bytes"')

    assert vis["aggs"][1]["params"]["orderBy"] == "1"


def test_a_label_is_what_the_reader_sees(tmp_path: Path) -> None:
    vis = state(tmp_path, 'type = "line", metric = "sum network.bytes as Bytes"')

    assert vis["aggs"][0]["params"]["customLabel"] == "Bytes"
    assert vis["params"]["valueAxes"][0]["title"]["text"] == "Bytes"


def test_a_tile_turns_red_from_its_alert_on(tmp_path: Path) -> None:
    metric = state(tmp_path, 'type = "metric", alert_from = 3')["params"]["metric"]

    assert metric["metricColorMode"] == "Labels"
    assert metric["colorsRange"][0] == {"from": 0, "to": 3}
    assert metric["colorsRange"][1]["from"] == 3


def test_a_value_with_a_meaning_has_its_colour(tmp_path: Path) -> None:
    panel = '{ title = "It", type = "histogram", split = "top 2 event.action" }'
    made = objects(tmp_path, panel)["vpc_flow-it"]

    colours = json.loads(made["attributes"]["uiStateJSON"])["vis"]["colors"]
    assert (colours["accept"], colours["reject"]) == (GREEN, RED)


def test_a_vega_panel_is_pointed_at_its_dataset_and_the_dashboards_time(tmp_path: Path) -> None:
    spec = json.loads(state(tmp_path, 'type = "vega", spec = "rejected_share"')["params"]["spec"])

    url = spec["data"]["url"]
    assert url["index"] == "logs-aws.vpcflow-*,logs-shared-*"
    assert url["body"]["query"]["bool"]["filter"] == [
        {"range": {"@timestamp": {"%timefilter%": True}}},
        {"term": {"event.dataset": "aws.vpcflow"}},
        "%dashboard_context-filter_clause%",
    ]
    assert spec["$schema"].endswith("/vega-lite/v5.json")


def test_panels_follow_each_other_on_the_grid(tmp_path: Path) -> None:
    made = objects(
        tmp_path,
        '{ type = "metric", title = "A", width = 10 }',
        '{ type = "search", title = "B", columns = ["source.ip"] }',
    )
    page = made["vpc_flow"]

    grids = [panel["gridData"] for panel in json.loads(page["attributes"]["panelsJSON"])]
    assert grids == [
        {"x": 0, "y": 0, "w": 10, "h": 6, "i": "0"},
        {"x": 10, "y": 0, "w": 38, "h": 6, "i": "1"},
    ]
    assert page["references"] == [
        {"name": "panel_0", "type": "visualization", "id": "vpc_flow-a"},
        {"name": "panel_1", "type": "search", "id": "vpc_flow-b"},
    ]


def test_referenced_objects_come_first(tmp_path: Path) -> None:
    made = saved_objects(
        dashboard(
            tmp_path,
            '{ type = "metric", title = "A" }',
            '{ type = "search", title = "B", columns = ["source.ip"] }',
        )
    )

    types = [saved["type"] for saved in made]
    assert types == ["index-pattern", "search", "visualization", "dashboard"]


def test_text_alone_needs_no_index_pattern(tmp_path: Path) -> None:
    made = objects(tmp_path, '{ type = "markdown", title = "A", text = "Hello" }')

    assert made.keys() == {"vpc_flow-a", "vpc_flow"}


def test_a_line_is_one_object_with_sorted_keys(tmp_path: Path) -> None:
    made = saved_objects(dashboard(tmp_path, '{ type = "metric", title = "A" }'))

    read_back = [json.loads(line) for line in lines(made).splitlines()]
    assert read_back == made
    assert [list(saved) for saved in read_back] == [sorted(saved) for saved in made]


@pytest.mark.parametrize(
    ("name", "mapped_type", "expected"),
    [
        ("user.name", "keyword", ("string", True, True)),
        ("source.ip", "ip", ("ip", True, True)),
        ("source.bytes", "long", ("number", True, True)),
        ("message", "match_only_text", ("string", True, False)),
        ("aws.cloudtrail", "flat_object", ("string", True, False)),
        ("event.original", "keyword", ("string", False, False)),
    ],
)
def test_a_field_is_offered_for_what_its_mapping_can_do(
    name: str, mapped_type: str, expected: tuple[str, bool, bool]
) -> None:
    entry = index_patterns.field_entry(Field(name=name, type=mapped_type, about="A field."))

    assert (entry["type"], entry["searchable"], entry["aggregatable"]) == expected


def test_a_field_type_without_a_counterpart_is_refused() -> None:
    odd = Field(name="a.vector", type="knn_vector", about="A field.")

    with pytest.raises(ValueError, match=r"a\.vector: type knn_vector; expected one of keyword"):
        index_patterns.field_entry(odd)


def test_bytes_and_ports_are_shown_as_such() -> None:
    fields = tuple(
        Field(name=name, type="long", about="A field.")
        for name in ("source.bytes", "source.port", "source.packets")
    )

    formats = index_patterns.formats(fields)
    assert formats.keys() == {"source.bytes", "source.port"}
    assert formats["source.bytes"] == {"id": "bytes"}


def test_a_dashboard_that_cannot_be_drawn_is_refused(tmp_path: Path) -> None:
    dashboard(tmp_path, '{ type = "pie", title = "A", by = "top 3 message" }')

    with pytest.raises(
        DashboardError, match=r"vpc_flow\.toml: visualization vpc_flow-a: .*message"
    ):
        compiled(tmp_path)


@pytest.mark.parametrize(
    ("panel", "message"),
    [
        (
            'type = "metric", dataset = "aws.vpcflows"',
            r'dataset "aws\.vpcflows"; expected one of \*',
        ),
        ('type = "vega", spec = "gone"', r"vega/gone\.json does not exist"),
    ],
)
def test_what_a_panel_names_wrongly_is_refused_with_its_file(
    tmp_path: Path, panel: str, message: str
) -> None:
    dashboard(tmp_path, f'{{ title = "A", {panel} }}')

    with pytest.raises(DashboardError, match=rf"vpc_flow\.toml: {message}"):
        compiled(tmp_path)


def test_changed_missing_and_left_over_files_are_stale(tmp_path: Path) -> None:
    for name in ("same", "changed", "left_over"):
        (tmp_path / f"{name}.ndjson").write_text("old", encoding="utf-8")
    texts = {"same": "old", "changed": "new", "missing": "new"}

    assert stale(tmp_path, texts) == ["changed", "left_over", "missing"]


def test_writing_leaves_exactly_what_was_compiled(tmp_path: Path) -> None:
    (tmp_path / "left_over.ndjson").write_text("old", encoding="utf-8")

    write(tmp_path, {"new": "text"})

    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"new.ndjson": "text"}
