"""Prints every source as a Markdown table, which is kept as ``docs/reference/sources.md``.

``python -m logcore.sources_table > docs/reference/sources.md``; a test fails when the file is
stale.
"""

import sys
from pathlib import Path

from logcore.registry import SOURCES
from logcore.source import Source

HEAD = """\
# Sources

Written by `python -m logcore.sources_table`; do not edit. The first source whose pattern matches
takes a record; what no pattern claims is recognised by its content where that can be told, and
`generic` takes the rest. A deployment's own patterns go before all of these: `[routing]` in its
configuration.

| what | dataset | CloudWatch log groups | EventBridge `source/detail-type` | by content |
|---|---|---|---|---|
"""


def markdown() -> str:
    """The whole page: one row a source, in order of precedence."""
    return HEAD + "".join(map(_row, SOURCES))


def _row(source: Source) -> str:
    about = f"[{_title(source)}](../../logcore/sources/{source.name}/README.md)"
    content = "yes" if source.looks_at_content else ""
    cells = (about, f"`{source.dataset}`", _listed(source.log_groups), _listed(source.events))
    return f"| {' | '.join(cells)} | {content} |\n"


def _title(source: Source) -> str:
    """The heading of its README; a bundle has none, and nobody prints this page there."""
    page = Path(__file__).parent / "sources" / source.name / "README.md"
    return page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


def _listed(patterns: tuple[str, ...]) -> str:
    return "<br>".join(f"`{pattern}`" for pattern in patterns)


if __name__ == "__main__":
    sys.stdout.write(markdown())
