"""Every case of every source gives exactly the documents beside it, and they are sound ECS."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from logcore.ecs_values import KINDS, OUTCOMES, TYPES_BY_CATEGORY
from logcore.record import Accepted, Document, Rejected
from tests.sources.case_files import (
    CASES,
    declared,
    expected_file,
    named,
    outcomes,
    shown,
    source_of,
)
from tests.sources.soundness import faults

each_case = pytest.mark.parametrize("case", CASES, ids=named)


@each_case
def test_the_case_gives_its_expected_outcomes(case: Path, request: pytest.FixtureRequest) -> None:
    found = [shown(outcome) for outcome in outcomes(case)]
    expected = expected_file(case)
    if request.config.getoption("--update-cases"):
        text = json.dumps(found, indent=2, sort_keys=True, ensure_ascii=False)
        expected.write_text(f"{text}\n", encoding="utf-8")

    assert found == json.loads(expected.read_text(encoding="utf-8"))


@each_case
def test_the_case_reaches_its_own_source(case: Path) -> None:
    assert {outcome.source for outcome in outcomes(case)} == {source_of(case).name}


@each_case
def test_every_document_is_sound(case: Path) -> None:
    types = declared(source_of(case))

    assert [
        faults(document, types) for document in _documents(case) if faults(document, types)
    ] == []


@each_case
def test_the_cloud_is_named(case: Path) -> None:
    assert {document["cloud"]["provider"] for document in _documents(case)} <= {"aws"}


@each_case
def test_the_event_uses_the_values_that_ecs_allows(case: Path) -> None:
    for document in _documents(case):
        event = document["event"]
        categories, types = set(event.get("category", [])), set(event.get("type", []))

        assert event["kind"] in KINDS
        assert event.get("outcome") in {None, *OUTCOMES}
        assert categories <= TYPES_BY_CATEGORY.keys()
        assert types <= _expected_types(categories)


@each_case
def test_each_event_has_an_id_of_its_own(case: Path) -> None:
    ids = [document["event"]["id"] for document in _documents(case)]

    assert len(set(ids)) == len(ids)


@each_case
def test_the_same_payload_gives_the_same_documents(case: Path) -> None:
    assert [shown(o) for o in outcomes(case)] == [shown(o) for o in outcomes(case)]


@each_case
def test_a_reject_says_why(case: Path) -> None:
    rejected = [outcome for outcome in outcomes(case) if isinstance(outcome, Rejected)]

    assert all(o.reason.replace("_", "").isalpha() and o.detail for o in rejected)


def _documents(case: Path) -> Iterator[Document]:
    return (outcome.document for outcome in outcomes(case) if isinstance(outcome, Accepted))


def _expected_types(categories: set[str]) -> set[str]:
    """The types that go with any of the categories; every type where there is no category."""
    chosen = categories or TYPES_BY_CATEGORY.keys()
    return set().union(*(TYPES_BY_CATEGORY[category] for category in chosen))
