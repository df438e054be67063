"""The source that ``docs/adding-a-source.md`` walks through works as that page says."""

import re
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dashboards.reader import read
from logcore.fields import field_types, read_fields, shared_fields, undeclared
from logcore.normalise import Normaliser
from logcore.record import Accepted, LogRecord, Origin, Outcome, Rejected
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.source import Source

PAGE = (Path(__file__).parents[2] / "docs" / "adding-a-source.md").read_text(encoding="utf-8")
LINES = re.findall(r"^\| `(.+)` \| (.+) \|$", PAGE, re.MULTILINE)
ORIGIN = Origin(transport="cloudwatch_logs", account="222222222222", log_group="/doors/turnstile-1")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def source() -> Source:
    module = ModuleType("turnstile")
    (parser,) = blocks("python")
    exec(compile(parser, "adding-a-source.md", "exec"), vars(module))  # noqa: S102  our own page
    found: Source = module.SOURCE
    return found


def outcome(source: Source, line: str) -> Outcome:
    normalise = Normaliser(Routing((*SOURCES[:-1], source, SOURCES[-1])))
    return normalise(LogRecord("1", 1_772_366_400_000, line, ORIGIN))


def in_words(found: Outcome) -> str:
    if isinstance(found, Rejected):
        return f"rejected: `{found.reason}`"
    assert isinstance(found, Accepted)
    malformed: dict[str, Any] = found.document.get("pipeline", {})
    names = "".join(f", `{name}` malformed" for name in malformed.get("malformed", []))
    return f"accepted{names}"


@pytest.mark.parametrize(("line", "expected"), LINES, ids=lambda text: text.replace(" ", "_"))
def test_each_line_of_the_walk_has_the_outcome_beside_it(
    source: Source, line: str, expected: str
) -> None:
    assert in_words(outcome(source, line)) == expected


def test_the_walk_shows_a_reject_and_a_malformed_value() -> None:
    assert {re.sub(r"[:,].*", "", text) for _line, text in LINES} == {"accepted", "rejected"}
    assert any("malformed" in text for _line, text in LINES)


def test_the_walks_declarations_cover_its_documents(source: Source, tmp_path: Path) -> None:
    declarations, _dashboard = blocks("toml")
    file = tmp_path / "fields.toml"
    file.write_text(declarations, encoding="utf-8")
    types = field_types(*shared_fields(), *read_fields(file))
    found = [outcome(source, line) for line, _text in LINES]

    documents = [each.document for each in found if isinstance(each, Accepted)]
    assert [undeclared(document, types) for document in documents] == [[], [], []]
    assert types[source.dataset] == "flat_object"


def test_the_walks_dashboard_is_of_its_dataset(source: Source, tmp_path: Path) -> None:
    _declarations, dashboard = blocks("toml")
    file = tmp_path / "turnstile.toml"
    file.write_text(dashboard, encoding="utf-8")

    assert {panel.dataset for panel in read(file).panels} == {source.dataset}
    assert tomllib.loads(dashboard)["title"] == "Turnstiles"
