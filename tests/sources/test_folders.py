"""What every folder under ``logcore/sources`` promises to whoever opens it."""

import pytest

from logcore.fields import shared_fields, source_fields
from logcore.record import Accepted, Outcome, Rejected
from logcore.registry import SOURCES
from logcore.source import Source
from tests.sources.case_files import (
    CASES,
    SOURCES_DIR,
    expected_file,
    outcomes,
    source_of,
)

SECTIONS = (
    "What it tells you",
    "How to switch it on",
    "A line and its document",
    "Fields",
    "Limits",
)
NEVER_REJECTS = {
    "codebuild": "a build prints whatever its commands print",
    "events": "an event of an unknown service is still an event, and a line that is none is text",
    "generic": "what is not understood is a line of text, so nothing can be refused",
}
MOST_SHARED_FIELDS = 340  # every index has them; each new kind of log brings a few ECS fields
MOST_OWN_FIELDS = 40  # together well under OpenSearch's default limit of 1,000 per index

each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda s: s.name)


def test_every_folder_is_registered_and_every_registered_source_has_one() -> None:
    folders = {path.parent.name for path in SOURCES_DIR.glob("*/__init__.py")}

    assert folders == {source.name for source in SOURCES}


def test_no_two_sources_share_a_dataset() -> None:
    assert len({source.dataset for source in SOURCES}) == len(SOURCES)


@each_source
def test_the_reference_is_a_link(source: Source) -> None:
    assert source.reference.startswith("https://")


@each_source
def test_the_module_opens_with_a_link_to_the_format(source: Source) -> None:
    text = (SOURCES_DIR / source.name / "__init__.py").read_text(encoding="utf-8")

    assert "https://" in text.split('"""')[1]


@each_source
def test_the_readme_has_the_five_sections_in_order(source: Source) -> None:
    text = (SOURCES_DIR / source.name / "README.md").read_text(encoding="utf-8")
    headings = [line[3:].strip() for line in text.splitlines() if line.startswith("## ")]

    assert tuple(headings) == SECTIONS


@each_source
def test_the_flat_object_of_the_dataset_is_declared(source: Source) -> None:
    kinds = {field.name: field.type for field in source_fields(source.name)}

    assert kinds[source.dataset] == "flat_object"


@each_source
def test_own_fields_do_not_repeat_shared_ones(source: Source) -> None:
    own = {field.name for field in source_fields(source.name)}

    assert own & {field.name for field in shared_fields()} == set()


@each_source
def test_the_mapping_stays_within_its_budget(source: Source) -> None:
    assert len(shared_fields()) <= MOST_SHARED_FIELDS
    assert len(source_fields(source.name)) <= MOST_OWN_FIELDS


@each_source
def test_there_are_cases_that_are_accepted(source: Source) -> None:
    assert any(isinstance(outcome, Accepted) for outcome in _outcomes(source))


@pytest.mark.parametrize(
    "source", [s for s in SOURCES if s.name not in NEVER_REJECTS], ids=lambda s: s.name
)
def test_there_are_cases_that_are_rejected(source: Source) -> None:
    assert any(isinstance(outcome, Rejected) for outcome in _outcomes(source))


def test_every_expected_file_has_its_case() -> None:
    expected = set(SOURCES_DIR.glob("*/cases/*.expected.json"))

    assert expected == {expected_file(case) for case in CASES}


def _outcomes(source: Source) -> list[Outcome]:
    return [outcome for case in CASES if source_of(case) is source for outcome in outcomes(case)]
