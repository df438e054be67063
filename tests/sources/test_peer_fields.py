"""Whoever comes from another normaliser finds the ECS fields they know, or reads why not."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from logcore.codec import dump_json, parse_json
from logcore.record import Accepted
from logcore.registry import SOURCES
from tests.sources.case_files import CASES, outcomes, source_of

PEERS: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("peers.toml").read_text(encoding="utf-8")
)
DECISION = Path(__file__).parents[2] / "docs" / "adr" / "0019-fields-that-others-fill.md"
NAMES = ("elastic", "sekoia", "siem")

each_dataset = pytest.mark.parametrize("dataset", PEERS)


@each_dataset
def test_every_field_that_others_fill_is_filled_by_a_case_or_left_out(dataset: str) -> None:
    peers = PEERS[dataset]
    expected = {field for name in NAMES for field in peers.get(name, "").split()}

    assert expected - _filled(dataset) - peers.get("left_out", {}).keys() == set()


@each_dataset
def test_nothing_that_is_said_to_be_left_out_is_filled(dataset: str) -> None:
    assert PEERS[dataset].get("left_out", {}).keys() & _filled(dataset) == set()


@each_dataset
def test_the_decision_names_each_field_left_out(dataset: str) -> None:
    text = DECISION.read_text(encoding="utf-8")

    assert [f for f in PEERS[dataset].get("left_out", {}) if f"`{f}`" not in text] == []


def test_the_datasets_compared_exist() -> None:
    assert PEERS.keys() <= {source.dataset for source in SOURCES}


@cache
def _filled(dataset: str) -> frozenset[str]:
    """Dotted names of all that any accepted case of the dataset fills."""
    return frozenset(
        name
        for case in CASES
        if source_of(case).dataset == dataset
        for outcome in outcomes(case)
        if isinstance(outcome, Accepted)
        for name in _names(parse_json(dump_json(outcome.document)), "")
    )


def _names(tree: dict[str, Any], prefix: str) -> Iterator[str]:
    for key, value in tree.items():
        yield f"{prefix}{key}"
        for part in value if isinstance(value, list) else (value,):
            if isinstance(part, dict):
                yield from _names(part, f"{prefix}{key}.")
