"""Decodes of a JSON object only what a table asks for; whatever has another type is refused."""

import re
from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import Any, TypedDict

from logcore.mapping.expressions import RAW, At, children

try:
    import msgspec
except ImportError:
    msgspec = None  # type: ignore[assignment]  # the plain reading takes over

IRREGULAR: tuple[type[Exception], ...] = (TypeError, ValueError, RecursionError)
"""What decoding raises where the record is not as the table takes it to be."""
if msgspec is not None:
    IRREGULAR = (*IRREGULAR, msgspec.MsgspecError)

_NOT_OF_NAMES = re.compile(r"\W")
_TYPES: dict[Any, Any] = {str: str | None, dict: dict[str, Any] | None, list: list[Any] | None}


class Shape:
    """The part of a record that expressions ask for.

    Attributes:
        nested: Paths of the objects that are decoded in part themselves.
        empty: For each of them what stands for an absent one.
        judged: Paths that a function takes.
        typed: ``dict`` or ``list`` by path, where nothing else is let through.
        decode: Gives the part of an object's JSON as a struct; raises one of ``IRREGULAR``.
        convert: The same of an object that is decoded already.
    """

    def __init__(self, nodes: Iterable[Any], recurring: Collection[Any] = ()) -> None:
        every = [at for node in nodes for at in _paths(node)]
        taken = {at.path: at.take for at in every}
        self.judged = {at.path for at in every if not isinstance(at.take, type | frozenset)}
        self._recurring = tuple(f"{path}." for path in recurring if isinstance(path, str))
        entire = [path for path, take in taken.items() if take is not str]
        known = [p for p in taken if not any(p.startswith(f"{whole}.") for whole in entire)]
        self.nested = {p[:dot] for p in known for dot in range(len(p)) if p[dot] == "."}
        self.empty: dict[str, Any] = dict.fromkeys(self.nested)
        kinds = {p: dict if isinstance(taken[p], frozenset) else taken[p] for p in known}
        self.typed = {path: kind for path, kind in kinds.items() if kind in {dict, list}}
        self.decode: Callable[[str], Any] = _unreadable
        self.convert: Callable[[dict[str, Any]], Any] = _unreadable
        if msgspec is not None:
            kind = self._struct("", {path: taken.get(path) for path in (*known, *self.nested)})
            self.decode = msgspec.json.Decoder(kind).decode
            self.convert = partial(msgspec.convert, type=kind)

    def _struct(self, parent: str, taken: dict[str, Any]) -> Any:  # noqa: ANN401  a type
        """The struct of the object at a path; it has a field for each path right below."""
        fields, keys = [], {}
        for path in taken:
            above, _, key = path.rpartition(".")
            if above == parent:
                fields.append((field(key), self._type_of(path, taken), None))
                keys[field(key)] = key
        name = f"At_{field(parent)}"
        made = msgspec.defstruct(name, fields, rename=keys, frozen=True, gc=False)
        self.empty[parent] = made()
        return made

    def _type_of(self, path: str, taken: dict[str, Any]) -> Any:  # noqa: ANN401  a type
        if path in self.nested:
            return self._struct(path, taken) | None
        if isinstance(taken[path], frozenset):
            keys = TypedDict(field(path), dict.fromkeys(taken[path], Any), total=False)  # type: ignore[misc]  # made, not declared
            return keys | None
        if taken[path] in _TYPES:
            return _TYPES[taken[path]]
        is_recurring = f"{path}.".startswith(self._recurring)
        return bool | str | None if is_recurring else Any  # a number may equal a truth value


def _unreadable(_value: object) -> Any:  # noqa: ANN401  never returns
    raise TypeError("msgspec is not installed")


def field(key: str) -> str:
    """The name of a key's field."""
    return _NOT_OF_NAMES.sub("_", key)


def _paths(node: Any) -> Iterable[At]:  # noqa: ANN401  any leaf
    if isinstance(node, At) and node.of is RAW:
        yield node
    for child in children(node):
        yield from _paths(child)
