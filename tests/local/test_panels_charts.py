"""The promises of pictures: what was found is what is drawn, in colours that mean something."""

from typing import Any

import pytest

from local.panels import axes, charts, lists, markdown
from local.panels.filters import Scope
from local.panels.palette import Palette, theme, tone
from local.panels.rows import NUMBER, Column, Result
from local.panels.saved_objects import IndexPattern
from local.panels.time_range import TimeRange

HOUR = 3_600_000
SCOPE = Scope(TimeRange(HOUR // 2, 4 * HOUR))
TIME = Column("k0", "@timestamp", "time", {"id": "date"}, interval_ms=HOUR)
OUTCOME = Column("k1", "Outcome", "term", {"id": "string"}, field="event.outcome")
USER = Column("k0", "User", "term", {"id": "string"}, field="user.name")
COUNT = Column("v0", "Count", "metric", NUMBER, additive=True)
MEAN = Column("v0", "Mean", "metric", NUMBER)
PLAIN = Palette({})
SAFELY = 'rel="noopener noreferrer" target="_blank"'

OVER_TIME = Result(
    [TIME, OUTCOME],
    [COUNT],
    [
        {"k0": 0, "k1": "success", "v0": 9},
        {"k0": 0, "k1": "failure", "v0": 1},
        {"k0": 2 * HOUR, "k1": "success", "v0": 4},
    ],
)
BY_USER = Result([USER], [COUNT], [{"k0": "alice", "v0": 30}, {"k0": "bob", "v0": 10}])


def marks(drawing: dict[str, Any]) -> dict[str, Any]:
    """The layer of a chart over time that holds its marks."""
    layers = drawing["spec"]["layer"]
    found: dict[str, Any] = next(layer for layer in layers if layer["mark"]["type"] != "rect")
    return found


def test_series_are_stacked_largest_first_and_named_in_the_legend() -> None:
    found = charts.two_axes("histogram", OVER_TIME, PLAIN, SCOPE)

    assert [(one["label"], one["value"]) for one in found["legend"]] == [
        ("success", 13),
        ("failure", 1),
    ]
    assert [point["rank"] for point in found["points"]] == [0, 1, 0]
    assert marks(found)["encoding"]["y"]["stack"] == "zero"


def test_bars_are_as_wide_as_their_step_of_time() -> None:
    found = charts.two_axes("histogram", OVER_TIME, PLAIN, SCOPE)

    assert {point["end"] - point["x"] for point in found["points"]} == {HOUR}


def test_a_chart_over_time_spans_the_whole_range() -> None:
    found = charts.two_axes("line", OVER_TIME, PLAIN, SCOPE)

    scale = marks(found)["encoding"]["x"]["scale"]
    assert (scale["domainMin"], scale["domainMax"]) == ({"expr": "1800000"}, {"expr": "14400000"})


def test_lines_come_down_to_zero_where_nothing_was_counted() -> None:
    found = charts.two_axes("area", OVER_TIME, PLAIN, SCOPE)

    success = [(one["x"], one["value"]) for one in found["points"] if one["series"] == "success"]
    assert success == [(0, 9), (HOUR, 0), (2 * HOUR, 4), (3 * HOUR, 0), (4 * HOUR, 0)]


def test_a_mean_of_nothing_is_not_zero() -> None:
    result = Result([TIME], [MEAN], [{"k0": 0, "v0": 3.5}, {"k0": 2 * HOUR, "v0": None}])

    found = charts.two_axes("line", result, PLAIN, SCOPE)

    assert [(one["x"], one["value"]) for one in found["points"]] == [(0, 3.5), (2 * HOUR, None)]


def test_a_click_on_a_series_filters_by_its_field() -> None:
    over_time = charts.two_axes("histogram", OVER_TIME, PLAIN, SCOPE)
    ring = charts.ring(BY_USER, PLAIN)

    assert over_time["fields"] == {"series": "event.outcome"}
    assert ring["fields"] == {"series": "user.name"}


def test_several_numbers_are_several_series_that_cannot_be_filtered_by() -> None:
    bytes_ = Column("v1", "Bytes", "metric", NUMBER, additive=True)
    result = Result([TIME], [COUNT, bytes_], [{"k0": 0, "v0": 1, "v1": 2}])

    found = charts.two_axes("line", result, PLAIN, SCOPE)

    assert [one["label"] for one in found["legend"]] == ["Bytes", "Count"]
    assert found["fields"] == {}


def test_a_chart_of_one_series_has_no_legend() -> None:
    result = Result([TIME], [COUNT], [{"k0": 0, "v0": 1}])

    found = charts.two_axes("histogram", result, PLAIN, SCOPE)

    assert found["legend"] == []


def test_named_values_keep_the_order_of_the_answer() -> None:
    found = charts.two_axes("histogram", BY_USER, PLAIN, SCOPE)

    assert [one["x"] for one in found["spec"]["data"]["values"]] == ["alice", "bob"]
    assert found["spec"]["encoding"]["x"]["sort"] is None


def test_a_ring_knows_its_total() -> None:
    found = charts.ring(BY_USER, PLAIN)
    of_means = charts.ring(Result([USER], [MEAN], [{"k0": "alice", "v0": 3}]), PLAIN)

    assert (found["total"], of_means["total"]) == (40, None)


def test_a_heat_map_has_a_row_for_each_value() -> None:
    found = charts.heat_map(OVER_TIME, PLAIN, SCOPE)

    assert found["spec"]["encoding"]["y"]["field"] == "series"
    assert found["spec"]["encoding"]["color"]["scale"] == {"domainMin": 0}


def test_success_is_green_and_failure_is_red_whatever_their_order() -> None:
    found = PLAIN.colours(["failure", "success"])

    assert found == {"failure": tone("bad"), "success": tone("good")}


def test_the_dashboards_own_colour_goes_before_that_of_the_meaning() -> None:
    palette = Palette.of({"vis": {"colors": {"success": "#123456"}}})

    assert palette.colours(["success"]) == {"success": "#123456"}


def test_plain_values_take_colours_that_mean_nothing_else() -> None:
    labels = ["failure", *(f"value {n}" for n in range(8))]

    found = PLAIN.colours(labels)

    assert len(set(found.values())) == len(labels)


def test_every_meaning_has_a_tone() -> None:
    assert set(theme()["meanings"].values()) <= set(theme()["tones"])


@pytest.mark.parametrize(
    ("top", "format_", "whole", "expected"),
    [
        (890, "number", True, [0, 200, 400, 600, 800]),
        (3, "number", True, [0, 1, 2, 3]),
        (0.4, "number", False, [0, 0.1, 0.2, 0.30000000000000004, 0.4]),
        (3 * 1024**2, "bytes", False, [0, 1024**2, 2 * 1024**2, 3 * 1024**2]),
        (9e6, "duration", False, [0, 2e6, 4e6, 6e6, 8e6]),
        (0, "number", True, [0]),
    ],
)
def test_ticks_are_round_in_the_unit_that_is_shown(
    *, top: float, format_: str, whole: bool, expected: list[float]
) -> None:
    found = axes.ticks(top, {"id": format_}, whole=whole)

    assert found == pytest.approx(expected)


def test_a_tile_is_good_below_the_alert_and_bad_from_it_on() -> None:
    ranges = [{"from": 0, "to": 1}, {"from": 1, "to": 1e9}]
    params = {"metric": {"metricColorMode": "Labels", "colorsRange": ranges}}
    tones = [
        lists.tiles(params, Result([], [COUNT], [{"v0": value}]), [])["tiles"][0]["tone"]
        for value in (0, 1)
    ]

    assert tones == ["good", "bad"]


def test_a_tile_without_a_colour_mode_is_plain() -> None:
    params = {"metric": {"metricColorMode": "None", "colorsRange": [{"from": 0}, {"from": 1}]}}

    found = lists.tiles(params, Result([], [COUNT], [{"v0": 7}]), [{"v0": 3}, {"v0": None}])

    tile = {"label": "Count", "value": 7, "format": NUMBER, "tone": None, "trend": [3, 0]}
    assert found["tiles"] == [tile]


def test_bars_are_cut_into_the_values_of_the_second_key() -> None:
    rows = [
        {"k0": "alice", "k1": "success", "v0": 5},
        {"k0": "alice", "k1": "failure", "v0": 2},
        {"k0": "bob", "k1": "failure", "v0": 1},
    ]

    found = lists.bars(Result([USER, OUTCOME], [COUNT], rows), PLAIN)

    assert [(bar["label"], len(bar["parts"])) for bar in found["bars"]] == [
        ("alice", 2),
        ("bob", 1),
    ]
    assert [one["label"] for one in found["legend"]] == ["success", "failure"]
    assert (found["field"], found["part_field"]) == ("user.name", "event.outcome")


def test_the_first_number_of_a_table_has_a_bar() -> None:
    mean = Column("v1", "Mean", "metric", NUMBER)

    found = lists.table(Result([USER], [COUNT, mean], [{"k0": "root", "v0": 1, "v1": 2}]), PLAIN)

    assert [column["bar"] for column in found["columns"]] == [False, True, False]
    assert found["badges"] == {"root": tone("bad")}


def test_a_document_shows_its_fields_nested_or_dotted() -> None:
    source = {"@timestamp": "t", "event": {"action": "go"}, "user.name": "alice"}
    answer = {"hits": {"total": {"value": 300}, "hits": [{"_source": source}]}}
    columns = ["event.action", "user.name", "error.code"]

    found = lists.documents({"columns": columns}, IndexPattern("i", "@timestamp", {}), answer)

    assert (found["hits"][0]["time"], found["hits"][0]["cells"]) == ("t", ["go", "alice", None])
    assert found["total"] == 300


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Title", "<h4>Title</h4>"),
        ("a **b** and *c*", "<p>a <strong>b</strong> and <em>c</em></p>"),
        ("one\ntwo\n\nthree", "<p>one two</p><p>three</p>"),
        ("- a\n- b\n  more", "<ul><li>a</li><li>b more</li></ul>"),
        ("Steps:\n1. a\n2. b", "<p>Steps:</p><ol><li>a</li><li>b</li></ol>"),
        ("`a < *b*`", "<p><code>a &lt; *b*</code></p>"),
        (r"logs-app-\*", "<p>logs-app-*</p>"),
        (
            "[docs](https://example.com/a)",
            f'<p><a href="https://example.com/a" {SAFELY}>docs</a></p>',
        ),
    ],
)
def test_markdown_is_rendered(text: str, expected: str) -> None:
    found = markdown.to_html(text)

    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "**<img src=x onerror=alert(1)>**",
        "[x](javascript:alert(1))",
        '[x](https://example.com/"onmouseover=alert(1))',
        "`<b>`",
        r"\<b>",
        "\x000\x00 <b>",
    ],
)
def test_markdown_cannot_bring_in_html(text: str) -> None:
    found = markdown.to_html(text)

    tags = found.replace("<p>", "").replace("</p>", "")
    for allowed in ("<strong>", "</strong>", "<code>", "</code>"):
        tags = tags.replace(allowed, "")
    assert "<script" not in tags
    assert "<img" not in tags
    assert "<b>" not in tags
    assert 'href="javascript' not in tags
    assert '"onmouseover' not in tags
