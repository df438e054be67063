"""Field declarations: read once from TOML, used for mappings, docs and the contract tests.

A declaration is a table with ``type`` (an OpenSearch field type) and ``about``; ``ecs.toml`` holds
the ECS fields we use, ``pipeline.toml`` our own, and each source's ``fields.toml`` what it adds.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from logcore.errors import ConfigurationError
from logcore.record import Document

HERE = Path(__file__).parent
SHARED = (HERE / "ecs.toml", HERE / "pipeline.toml")

KEYWORD_LENGTH = 1_024  # characters; a longer value stays in the document and is not indexed


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One declared field.

    Attributes:
        name: Dotted name, such as ``source.ip``.
        type: OpenSearch field type, such as ``keyword``, ``ip`` or ``flat_object``.
        about: What it holds, in a sentence.
        example: A value, as text; empty when none helps.
    """

    name: str
    type: str
    about: str
    example: str = ""


@cache
def read_fields(file: Path) -> tuple[Field, ...]:
    """The declarations of one file, in its order.

    Raises:
        ConfigurationError: a table has a ``type`` and no ``about``; names the file and the field.
    """
    return tuple(_declared(tomllib.loads(file.read_text(encoding="utf-8")), "", file))


def shared_fields() -> tuple[Field, ...]:
    """What every dataset may fill."""
    return tuple(field for file in SHARED for field in read_fields(file))


def source_fields(source: str) -> tuple[Field, ...]:
    """What one source adds, from its ``fields.toml``."""
    return read_fields(HERE / "sources" / source / "fields.toml")


def field_types(*fields: Field) -> dict[str, str]:
    """OpenSearch type by dotted name."""
    return {field.name: field.type for field in fields}


def mapping(fields: tuple[Field, ...]) -> dict[str, Any]:
    """The ``properties`` object of an index template that declares exactly these fields."""
    root: dict[str, Any] = {}
    for field in fields:
        *parents, leaf = field.name.split(".")
        node = root
        for parent in parents:
            node = node.setdefault(parent, {"properties": {}})["properties"]
        node[leaf] = _mapped(field)
    return root


def undeclared(document: Document, types: dict[str, str]) -> list[str]:
    """Dotted names of the document's leaves that no declaration covers, sorted."""
    return sorted({name for name in _leaves(document, types) if name not in types})


def _leaves(tree: dict[str, Any], types: dict[str, str], prefix: str = "") -> Iterator[str]:
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and types.get(name) != "flat_object":
            yield from _leaves(value, types, f"{name}.")
        else:
            yield name


def _declared(tree: dict[str, Any], prefix: str, file: Path) -> Iterator[Field]:
    if isinstance(tree.get("type"), str):
        name = prefix.removesuffix(".")
        if not isinstance(tree.get("about"), str):
            raise ConfigurationError("field_undescribed", f"{file}: {name} has a type and no about")
        example = str(tree.get("example", ""))
        yield Field(name=name, type=tree["type"], about=tree["about"], example=example)
        return
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _declared(value, f"{prefix}{key}.", file)


def _mapped(field: Field) -> dict[str, Any]:
    if field.name == "event.original":  # kept to be read, not searched, as ECS asks
        return {"type": "keyword", "index": False, "doc_values": False}
    if field.type == "keyword":
        return {"type": "keyword", "ignore_above": KEYWORD_LENGTH}
    return {"type": field.type}
