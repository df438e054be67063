"""Dashboards meet the declared fields, the sources, and what is committed."""

import json
from typing import Any

import pytest

from dashboards import index_patterns
from dashboards.colours import CHOSEN, COLOURS, RED, SHADES, dataset_colour
from dashboards.compile import COMPILED, HERE, compiled, stale
from dashboards.index_patterns import META
from dashboards.reader import read
from dashboards.validate import findings
from dashboards.vega import read_spec
from logcore.fields import shared_fields, source_fields
from logcore.registry import REJECTS, SOURCES
from logcore.source import Source

NAMES = sorted(file.stem for file in HERE.glob("*.toml"))


def committed(name: str) -> list[dict[str, Any]]:
    text = (COMPILED / f"{name}.ndjson").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def index_pattern_fields(name: str, title: str) -> set[str]:
    (pattern,) = [saved for saved in committed(name) if saved["id"] == title]
    return {entry["name"] for entry in json.loads(pattern["attributes"]["fields"])}


def reads(saved: dict[str, Any], dataset: str) -> bool:
    """Whether a chart or a search looks into the indices of one dataset."""
    return any(one["id"] == index_patterns.object_id(dataset) for one in saved["references"])


def test_what_is_committed_is_what_compiles() -> None:
    assert stale(COMPILED, compiled()) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_committed_can_be_imported_and_drawn(name: str) -> None:
    assert findings((COMPILED / f"{name}.ndjson").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_every_source_has_a_dashboard_of_its_dataset(source: Source) -> None:
    dashboard = read(HERE / f"{source.name}.toml")

    assert {panel.dataset for panel in dashboard.panels} == {source.dataset}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_sources_index_pattern_offers_the_declared_fields_and_no_other(source: Source) -> None:
    declared = {field.name for field in (*shared_fields(), *source_fields(source.name))}

    offered = index_pattern_fields(source.name, index_patterns.object_id(source.dataset))
    assert offered == declared | {meta[0] for meta in META}


def test_the_overview_offers_the_fields_of_every_source() -> None:
    offered = index_pattern_fields("overview", "logs-*")

    added = {field.name for source in SOURCES for field in source_fields(source.name)}
    assert added <= offered


def test_the_overview_shows_rejects_beside_everything() -> None:
    datasets = {panel.dataset for panel in read(HERE / "overview.toml").panels}

    assert datasets == {index_patterns.EVERYTHING, REJECTS}
    assert index_patterns.REJECTS == REJECTS


def test_no_two_sources_declare_a_field_with_different_types() -> None:
    types: dict[str, set[str]] = {}
    for source in SOURCES:
        for field in (*shared_fields(), *source_fields(source.name)):
            types.setdefault(field.name, set()).add(field.type)

    assert {name: found for name, found in types.items() if len(found) > 1} == {}


def test_a_dataset_has_one_colour_in_every_chart() -> None:
    spec = read_spec("ingestion_delay", index_patterns.EVERYTHING)
    scale = spec["encoding"]["color"]["scale"]

    assert dict(zip(scale["domain"], scale["range"], strict=True)) == COLOURS["event.dataset"]


def test_every_dataset_has_a_colour() -> None:
    assert COLOURS["event.dataset"].keys() == {source.dataset for source in SOURCES} | {REJECTS}
    assert COLOURS["event.dataset"].keys() >= CHOSEN.keys()


def test_datasets_whose_colour_is_chosen_are_told_apart() -> None:
    assert len(set(CHOSEN.values())) == len(CHOSEN)


def test_a_new_dataset_has_a_colour_of_its_own_that_is_not_the_one_of_failure() -> None:
    names = [f"example.new{number}" for number in range(100)]

    assert {dataset_colour(name) for name in names} <= set(SHADES) - {RED}
    assert dataset_colour("example.turnstile") == "#F0E442"  # stable: this name's, always


@pytest.mark.parametrize("name", NAMES)
def test_what_reads_one_datasets_indices_asks_for_that_dataset_only(name: str) -> None:
    """They are shared with others: see ``index_patterns.title``."""
    for saved in committed(name):
        for dataset in [d for d in index_patterns.datasets() if reads(saved, d)]:
            assert "logs-shared-*" in index_patterns.title(dataset)
            meta = saved["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"]
            kql = json.loads(meta)["query"]["query"]
            assert f"{kql} and ".startswith(f'event.dataset : "{dataset}" and ')


def test_ids_are_unique_across_dashboards() -> None:
    ids = [(saved["type"], saved["id"]) for name in NAMES for saved in committed(name)]

    assert sorted(ids) == sorted(set(ids))
