"""The plain reading of a table: what ``compiled`` must come to, leaf by leaf."""

from collections.abc import Collection, Iterator
from typing import Any

from logcore.codec import Json, parse_json
from logcore.mapping.expressions import (
    At,
    Expression,
    First,
    Given,
    Of,
    Part,
    Table,
    When,
    gives_several,
)
from logcore.record import Document
from logcore.shape import unique

_EMPTY: dict[type, Any] = {dict: {}, list: []}


def read(
    table: Table,
    raw: dict[str, Any],
    absent: Collection[str] = (),
    **given: Any,  # noqa: ANN401
) -> Document:
    """The document of one record; ``pipeline.malformed`` names what could not be understood.

    Args:
        table: In the document's shape.
        raw: The decoded record.
        absent: Texts that stand for no value.
        given: What the table's ``Given`` stand for.
    """
    reading = _Reading(absent, {"raw": raw, **given})
    document = reading.table(table)
    if reading.malformed:
        document["pipeline"] = {"malformed": reading.malformed}
    return document


class _Reading:
    """One record's values, each evaluated once."""

    def __init__(self, absent: Collection[str], given: dict[str, Any]) -> None:
        self.absent = absent
        self.malformed: list[str] = []
        self.given = {**given, "malformed": self.malformed}
        self.known: dict[Expression, Any] = {}

    def table(self, table: Table) -> Document:
        found = {key: self.leaf(node) for key, node in table.items()}
        return {key: value for key, value in found.items() if not _is_absent(value)}

    def leaf(self, node: Any) -> Any:  # noqa: ANN401  any leaf
        if isinstance(node, When):
            return self.table(node.table) if self.value(node.condition) else None
        if isinstance(node, dict):
            return self.table(node)
        if isinstance(node, list):
            return unique(*self.values(node))
        value = self.value(node)
        if isinstance(value, tuple):
            return list(value)
        if isinstance(node, Expression) and node.gives.type is Json:
            return parse_json(value) if value else None
        return value

    def values(self, nodes: list[Any]) -> Iterator[Any]:
        for node in nodes:
            value = self.value(node)
            if gives_several(node):
                yield from value or ()
            else:
                yield value

    def value(self, node: Any) -> Any:  # noqa: ANN401  any value
        if not isinstance(node, Expression):
            return node
        if node not in self.known:
            self.known[node] = self.evaluated(node)
        return self.known[node]

    def evaluated(self, node: Expression) -> Any:  # noqa: ANN401  any value
        match node:
            case Given():
                return self.given[node.name]
            case At():
                return self.at(node)
            case Of():
                return node.made_by(*map(self.value, node.made_of))
            case Part():
                whole = self.value(node.whole)
                return None if whole is None else getattr(whole, node.part)
            case First():
                return next(filter(None, map(self.value, node.choices)), None)

    def at(self, node: At) -> Any:  # noqa: ANN401  any value
        parent, _, key = node.path.rpartition(".")
        found = self.value(At(parent, dict, of=node.of) if parent else node.of).get(key)
        if isinstance(found, str) and found in self.absent:
            found = None
        if node.take is object:
            return found
        if isinstance(node.take, type):
            return found if isinstance(found, node.take) else _EMPTY.get(node.take)
        return None if found is None else node.take(found, node.name or key, self.malformed)


def _is_absent(value: Any) -> bool:  # noqa: ANN401  any value
    return value is None or (not value and isinstance(value, str | list | tuple | dict))
