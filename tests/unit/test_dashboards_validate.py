"""Whatever the importer overlooks is found before it is imported."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.checks import saved
from dashboards.objects import SEARCH_SOURCE_INDEX, dumped, lines, saved_objects
from dashboards.reader import read
from dashboards.validate import findings

SAMPLE = """
title = "Flows"
description = "What moves."
dataset = "aws.vpcflow"
from = "now-1h"
[filters]
rejected = 'event.action : "reject" and network.bytes > 10'
[[rows]]
height = 6
panels = [
  { type = "histogram", title = "Bars", split = "top 3 event.action" },
  { type = "table", title = "Table", by = ["top 3 source.ip"], metrics = ["sum network.bytes"] },
]
[[rows]]
height = 6
panels = [
  { type = "search", title = "Search", filter = "rejected", columns = ["source.ip"] },
  { type = "vega", title = "Vega", spec = "rejected_share" },
  { type = "markdown", title = "Text", text = "Hello" },
]
"""

type Objects = dict[str, dict[str, Any]]
"""The sample's saved objects by id."""

type Plant = Callable[[Objects], object]
"""Puts one defect into the sample."""


@pytest.fixture
def sample(tmp_path: Path) -> list[dict[str, Any]]:
    file = tmp_path / "vpc_flow.toml"
    file.write_text(SAMPLE, encoding="utf-8")
    return saved_objects(read(file))


def embedded(object_: dict[str, Any], key: str, change: Callable[[Any], object]) -> None:
    """Change the JSON inside one attribute."""
    holder = object_["attributes"]
    if key == "searchSourceJSON":
        holder = holder["kibanaSavedObjectMeta"]
    value = json.loads(holder[key])
    change(value)
    holder[key] = dumped(value)


def state(name: str, change: Callable[[Any], object]) -> Plant:
    """Change a chart's ``visState``."""
    return lambda objects: embedded(objects[f"vpc_flow-{name}"], "visState", change)


def agg(name: str, index: int, **values: Any) -> Plant:
    """Change keys of one aggregation."""
    return state(name, lambda vis: vis["aggs"][index].update(values))


def params(name: str, index: int, **values: Any) -> Plant:
    """Change parameters of one aggregation."""
    return state(name, lambda vis: vis["aggs"][index]["params"].update(values))


def query(text: str) -> Plant:
    """Change the search's KQL."""
    return lambda objects: embedded(
        objects["vpc_flow-search"],
        "searchSourceJSON",
        lambda source: source["query"].update(query=text),
    )


def place(index: int, **grid: int) -> Plant:
    """Move one panel."""
    return lambda objects: embedded(
        objects["vpc_flow"], "panelsJSON", lambda panels: panels[index]["gridData"].update(grid)
    )


def panel(index: int, **values: Any) -> Plant:
    """Change keys of one panel."""
    return lambda objects: embedded(
        objects["vpc_flow"], "panelsJSON", lambda panels: panels[index].update(values)
    )


def spec(change: Callable[[Any], object]) -> Plant:
    """Change the Vega specification."""

    def plant(vis: Any) -> None:
        value = json.loads(vis["params"]["spec"])
        change(value)
        vis["params"]["spec"] = json.dumps(value)

    return state("vega", plant)


def url(**values: Any) -> Plant:
    """Change keys of the Vega specification's search."""
    return spec(lambda vega: vega["data"]["url"].update(values))


def attribute(id_: str, **values: Any) -> Plant:
    """Change attributes of one object."""
    return lambda objects: objects[id_]["attributes"].update(values)


def times(vega: Any) -> Any:
    """The date histogram inside the Vega specification."""
    return vega["data"]["url"]["body"]["aggs"]["times"]["date_histogram"]


PATTERN = "logs-aws.vpcflow-*"
MISSING = {"name": "x", "type": "visualization", "id": "gone"}

DEFECTS: dict[str, tuple[Plant, str]] = {
    # lines, versions and attributes
    "unknown type": (lambda o: o["vpc_flow-bars"].update(type="lens"), "unknown type"),
    "too new": (
        lambda o: o["vpc_flow"].update(migrationVersion={"dashboard": "8.0.0"}),
        "migrationVersion dashboard 8.0.0; at most 7.9.3 is known",
    ),
    "no attributes": (lambda o: o["vpc_flow"].pop("attributes"), "line 7: expected an object with"),
    "bad reference": (
        lambda o: o["vpc_flow"]["references"][0].pop("name"),
        "a reference lacks id, name, type",
    ),
    "no title": (attribute("vpc_flow-bars", title=""), "title is missing"),
    "unknown attribute": (attribute("vpc_flow-bars", color="red"), "unknown attribute color"),
    "wrong kind": (attribute("vpc_flow", timeRestore="yes"), "timeRestore = 'yes'; expected bool"),
    "number for a flag": (attribute("vpc_flow", hits=True), "hits = True; expected int"),
    "visState not JSON": (attribute("vpc_flow-bars", visState="{"), "visState is not JSON"),
    "panels not a list": (attribute("vpc_flow", panelsJSON="{}"), "panelsJSON is not a JSON list"),
    # references
    "chart gone": (
        lambda o: o["vpc_flow"]["references"].append(MISSING),
        "refers to visualization gone, which is not in the file",
    ),
    "reference unused": (
        lambda o: o["vpc_flow"]["references"].append(MISSING | {"id": "vpc_flow-bars"}),
        "reference x is used nowhere",
    ),
    "name without reference": (
        lambda o: o["vpc_flow-bars"].update(references=[]),
        f"{SEARCH_SOURCE_INDEX} is named and has no reference",
    ),
    # grid
    "outside": (place(1, x=40), "panel 1: ends at column 64; the grid has 48"),
    "left of it": (place(0, x=-1), "panel 0: is nowhere on the grid"),
    "flat": (place(0, h=0), "panel 0: is nowhere on the grid"),
    "overlap": (place(2, y=5), "panels 0 and 2 overlap"),
    "two numbers": (panel(0, panelIndex="9"), "panel 9: gridData.i = '0'"),
    "same number": (panel(1, panelIndex="0"), "panelIndex 0 is given twice"),
    "no place": (panel(0, gridData={}), "4 of 5 panels have a place"),
    # charts and aggregations
    "unknown chart": (state("bars", lambda v: v.update(type="lens")), "type 'lens'; expected one"),
    "two titles": (state("bars", lambda v: v.update(title="x")), "visState has the title 'x'"),
    "no params": (state("bars", lambda v: v.pop("params")), "visState has no params"),
    "id twice": (agg("bars", 1, id="1"), "aggregation id '1'; expected a text, given once"),
    "id a number": (agg("bars", 1, id=2), "aggregation id 2; expected a text"),
    "unknown role": (agg("bars", 2, schema="bucket"), "schema bucket; expected one of metric"),
    "no metric": (agg("bars", 0, schema="group"), "0 aggregations with schema metric; expected 1"),
    "unknown aggregation": (agg("bars", 0, type="derivative"), "type 'derivative'; expected count"),
    "order by nothing": (
        params("bars", 2, orderBy="7"),
        "orderBy '7'; expected the id of a metric",
    ),
    "order by a bucket": (params("bars", 2, orderBy="2"), "orderBy '2'; expected the id of a"),
    "no size": (params("bars", 2, size=0), "size 0; expected 1 or more"),
    "bad interval": (params("bars", 1, interval="often"), "interval 'often'; expected auto"),
    # fields
    "undeclared": (params("bars", 2, field="event.actoin"), "field event.actoin is not declared"),
    "flat object": (params("bars", 2, field="aws.vpcflow"), "field aws.vpcflow is not declared or"),
    "text": (params("bars", 2, field="message"), "field message is not declared or cannot be"),
    "sum of addresses": (params("table", 0, field="source.ip"), "sum of source.ip, a ip; expected"),
    "time of text": (params("bars", 1, field="event.action"), "date_histogram of event.action"),
    "undeclared column": (
        attribute("vpc_flow-search", columns=["source.ipp"]),
        "column source.ipp is not declared",
    ),
    "sort by text": (
        attribute("vpc_flow-search", sort=[["message", "desc"]]),
        "cannot sort by message desc",
    ),
    "sort sideways": (
        attribute("vpc_flow-search", sort=[["@timestamp", "down"]]),
        "cannot sort by @timestamp down",
    ),
    "undeclared in KQL": (query('event.actoin : "x"'), "query field event.actoin is not declared"),
    "compared in KQL": (query("not networks.bytes >= 3"), "query field networks.bytes is not"),
    "unsearchable in KQL": (query('event.original : "x"'), "query field event.original is not"),
    "no field in KQL": (query("reject"), "query reject names no field"),
    "open quote": (query('event.action : "x'), "has an open quote or bracket"),
    "open bracket": (query('event.action : ("x"'), "has an open quote or bracket"),
    "unknown language": (
        lambda o: embedded(
            o["vpc_flow-bars"], "searchSourceJSON", lambda s: s["query"].update(language="sql")
        ),
        "query language 'sql'; expected kuery or lucene",
    ),
    "no time field": (attribute(PATTERN, timeFieldName="message"), "time field message is not one"),
    # Vega
    "spec not JSON": (
        state("vega", lambda v: v["params"].update(spec="{data: 1}")),
        "spec is not JSON",
    ),
    "other schema": (spec(lambda v: v.update({"$schema": "v9"})), "$schema v9; expected Vega-Lite"),
    "no search": (spec(lambda v: v.update(data={"values": []})), "spec searches nothing"),
    "other index": (url(index="logs-*"), "index logs-* is no index pattern of the file"),
    "no time filter": (url(body={"query": {}}), "%timefield% or %timefilter% is missing"),
    "own query": (url(**{"%context%": True}), "body.query cannot stand beside %context%"),
    "undeclared in Vega": (spec(lambda v: times(v).update(field="when")), "field when is not"),
    "interval misplaced": (
        spec(lambda v: times(v).update(fixed_interval={"%autointerval%": True})),
        "%autointerval% under fixed_interval",
    ),
}


def test_the_sample_is_in_order(sample: list[dict[str, Any]]) -> None:
    assert findings(lines(sample)) == []


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_found(sample: list[dict[str, Any]], defect: str) -> None:
    plant, expected = DEFECTS[defect]
    plant({object_["id"]: object_ for object_ in sample})

    found = findings(lines(sample))

    assert [finding for finding in found if expected in finding], found


def test_an_object_given_twice_is_found(sample: list[dict[str, Any]]) -> None:
    assert findings(lines([*sample, sample[0]])) == [f"index-pattern {PATTERN}: given 2 times"]


def test_an_object_before_what_it_refers_to_is_found(sample: list[dict[str, Any]]) -> None:
    found = findings(lines(sample[::-1]))

    assert "dashboard vpc_flow: comes before visualization vpc_flow-bars" in "\n".join(found)


def test_a_line_that_is_not_json_is_found(sample: list[dict[str, Any]]) -> None:
    assert findings(lines(sample) + "{")[0].startswith(f"line {len(sample) + 1}: ")


def test_more_objects_than_can_be_imported_are_found() -> None:
    found = findings("1\n" * (saved.MAX_OBJECTS + 1))

    assert found[0] == "file: 10,001 objects; at most 10,000 can be imported"


def test_more_bytes_than_can_be_imported_are_found() -> None:
    assert findings(" " * (saved.MAX_BYTES + 1))[0].startswith("file: 26,214,401 bytes")
