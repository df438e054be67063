"""What the documents say holds: links lead somewhere, names exist, generated pages are current."""

import re
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from lambdas import observability
from logcore import fields_table, sources_table

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "dashboards" / "README.md"])
ADRS = sorted((DOCS / "adr").glob("[0-9]*.md"))

FOLDERS = sorted(path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != ".")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
SPAN = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"\bmake ([a-z]+)")
COPY = re.compile(r"^\$ cp \S+ (\S+)$", re.MULTILINE)
MODULE = re.compile(r"python -m ([a-z_.]+)")
REASON = re.compile(
    r"(?:MalformedError|PayloadError|Refusal|Rejected)\((?:[a-zA-Z]+, )*\s*\"([a-z_]+)\""
)
REFUSING = (
    "logcore/**/*.py",
    "lambdas/delivery/sinks/*.py",
    "lambdas/read_objects/*.py",
)

each_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT))
)


def prose(document: Path) -> str:
    return FENCE.sub("", document.read_text(encoding="utf-8"))


def code(document: Path) -> list[str]:
    """Every code span and every fenced block."""
    text = document.read_text(encoding="utf-8")
    return [*FENCE.findall(text), *SPAN.findall(FENCE.sub("", text))]


def anchors(document: Path) -> set[str]:
    """The fragments that headings can be linked by: lower case, blanks as hyphens."""
    headings = re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}


def broken(document: Path) -> Iterator[str]:
    for link in LINK.findall(prose(document)):
        if link.startswith("https://"):
            continue
        path, _, fragment = link.partition("#")
        target = document.parent / path if path else document
        if not target.exists() or (fragment and fragment not in anchors(target)):
            yield link


def paths(document: Path) -> Iterator[str]:
    """Code spans that name a file or folder of this repository; ``<name>`` stands for any."""
    for span in SPAN.findall(prose(document)):
        pattern = re.sub(r"<[^>]+>", "*", span)
        if pattern.partition("/")[0] in FOLDERS and re.fullmatch(r"[\w.*/-]+/[\w.*/-]*", pattern):
            yield pattern.removesuffix("/")


@each_document
def test_every_relative_link_resolves(document: Path) -> None:
    assert list(broken(document)) == []


@each_document
def test_every_path_that_is_named_exists(document: Path) -> None:
    made = {path for text in FENCE.findall(document.read_text()) for path in COPY.findall(text)}

    assert [p for p in paths(document) if not list(ROOT.glob(p)) and p not in made] == []


@each_document
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    existing = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))

    assert {name for text in code(document) for name in TARGET.findall(text)} <= existing


@each_document
def test_every_module_that_is_run_exists(document: Path) -> None:
    named = {name for text in code(document) for name in MODULE.findall(text)}

    assert [name for name in sorted(named) if find_spec(name) is None] == []


@pytest.mark.parametrize("adr", ADRS, ids=lambda path: path.stem)
def test_a_decision_has_its_number_and_the_four_sections(adr: Path) -> None:
    text = adr.read_text(encoding="utf-8")

    assert re.match(rf"# {adr.name[:4]}\. \S", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        "Context",
        "Options",
        "Outcome",
        "Consequences",
    ]


def test_decisions_are_numbered_without_a_gap_and_all_are_listed() -> None:
    listed = LINK.findall((DOCS / "adr" / "README.md").read_text(encoding="utf-8"))

    assert [int(adr.name[:4]) for adr in ADRS] == list(range(1, len(ADRS) + 1))
    assert listed == [adr.name for adr in ADRS]


def test_every_runbook_is_listed() -> None:
    folder = DOCS / "operations"
    listed = LINK.findall((folder / "README.md").read_text(encoding="utf-8"))

    assert {page.name for page in folder.glob("*.md")} - {"README.md"} <= set(listed)


def test_every_reason_to_reject_is_explained() -> None:
    files = [file for place in REFUSING for file in ROOT.glob(place)]
    given = {name for file in files for name in REASON.findall(file.read_text(encoding="utf-8"))}
    page = (DOCS / "operations" / "rejects.md").read_text(encoding="utf-8")
    rows = "".join(re.findall(r"^\| (`[^|]+) \|", page, re.MULTILINE))

    named = {name for name in given if not name.startswith("not_")}
    assert {name for name in SPAN.findall(rows) if not name.startswith("not_")} == named
    assert "`not_` with what was expected" in rows


def test_the_metrics_page_has_every_metric_and_no_other() -> None:
    declared = {
        value
        for name, value in vars(observability).items()
        if name.isupper() and name != "NAMESPACE"
    }
    page = (DOCS / "reference" / "metrics.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == declared


@pytest.mark.parametrize(
    ("page", "printed"), [("fields", fields_table.markdown), ("sources", sources_table.markdown)]
)
def test_a_generated_page_is_current(page: str, printed: Callable[[], str]) -> None:
    text = (DOCS / "reference" / f"{page}.md").read_text(encoding="utf-8")

    assert text == printed(), "make reference"
