"""Prints every declared field as Markdown tables, which are kept as ``docs/reference/fields.md``.

``python -m logcore.fields_table > docs/reference/fields.md``; a test fails when the file is stale.
"""

import sys
from collections.abc import Iterable

from logcore.fields import Field, shared_fields, source_fields
from logcore.registry import REJECTS, SOURCES
from logcore.source import Source

HEAD = f"""\
# Fields

Written by `python -m logcore.fields_table`; do not edit. Fields are declared in
[ecs.toml](../../logcore/ecs.toml), [pipeline.toml](../../logcore/pipeline.toml) and each source's
`fields.toml`. Types are OpenSearch's. What is not declared is kept in the document's source and not
indexed.

## Shared

Every dataset may fill these, `{REJECTS}` included, which has no others.
"""


def markdown() -> str:
    """The whole page: the shared fields, then a section per source, each in declared order."""
    sections = [HEAD, table(shared_fields())]
    for source in SOURCES:
        sections += [_heading(source), table(source_fields(source.name))]
    return "\n".join(sections)


def _heading(source: Source) -> str:
    folder = f"../../logcore/sources/{source.name}"
    return (
        f"\n## {source.name}\n\n"
        f"Dataset `{source.dataset}`, declared in [fields.toml]({folder}/fields.toml); "
        f"[about the source]({folder}/README.md).\n"
    )


def table(fields: Iterable[Field]) -> str:
    """One row per field: name, type, meaning, example."""
    rows = (
        f"| `{field.name}` | {field.type} | {_cell(field.about)} | {_code(field.example)} |\n"
        for field in fields
    )
    return "| field | type | holds | example |\n|---|---|---|---|\n" + "".join(rows)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


def _code(example: str) -> str:
    return f"`{_cell(example)}`" if example else ""


if __name__ == "__main__":
    sys.stdout.write(markdown())
