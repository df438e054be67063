"""Compiles a rule's ``when`` into one predicate over documents.

``{ "event.outcome" = ["success"], "source.ip" = [{ cidr = "10.0.0.0/8" }] }``: all fields must
hold, any value of a list will do. ``"$or"`` holds a list of such tables. Nested tables, which TOML
makes of unquoted dots, mean the same as dotted names.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from logcore.record import Document
from logcore.rules.errors import refused
from logcore.rules.field_test import field_test
from logcore.rules.places import raw_reader, reader
from logcore.rules.schema import RAW, Schema

type Predicate = Callable[[Document], bool]
"""Whether a rule holds for a document. Never raises."""

ALWAYS: Final = "always"
OR: Final = "$or"


def condition(when: object, schema: Schema) -> Predicate:
    """The predicate of one ``when``.

    Raises:
        ConfigurationError: a field is not declared, or a value or operator cannot be used on it.
    """
    if when == ALWAYS:
        return _always
    if not isinstance(when, Mapping) or not when:
        raise refused(f'when: expected fields and their values, or "always", found {when!r}')
    return _every(list(_predicates(when, "", schema)))


def _always(_document: Document) -> bool:
    return True


def _predicates(table: Mapping[str, Any], prefix: str, schema: Schema) -> Iterator[Predicate]:
    for key, value in table.items():
        name = f"{prefix}{key}"
        if key == OR:
            yield _any(value, prefix, schema)
        elif isinstance(value, Mapping) and value:
            yield from _predicates(value, f"{name}.", schema)
        else:
            yield _of_field(name, value, schema)


def _any(branches: object, prefix: str, schema: Schema) -> Predicate:
    if not isinstance(branches, list) or not branches:
        raise refused(f"{OR}: expected a list of tables, found {branches!r}")
    if not all(isinstance(branch, Mapping) and branch for branch in branches):
        raise refused(f"{OR}: expected a table with a field in each branch, found {branches!r}")
    parts = [_every(list(_predicates(branch, prefix, schema))) for branch in branches]
    return lambda document: any(part(document) for part in parts)


def _of_field(name: str, alternatives: object, schema: Schema) -> Predicate:
    kind = schema.kind(name)
    holds = field_test(name, kind, alternatives)
    path = tuple(name.split("."))
    read = raw_reader(path) if kind == RAW else reader(path)
    return lambda document: holds(read(document))


def _every(parts: list[Predicate]) -> Predicate:
    if len(parts) == 1:
        return parts[0]
    return lambda document: all(part(document) for part in parts)
