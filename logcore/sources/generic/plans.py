"""What to read from objects of one shape, and where it goes."""

from collections.abc import Callable, Sequence
from typing import Any

from logcore.record import Document
from logcore.sources.generic.values import Convert

type Objects = Sequence[dict[str, Any]]
"""An object and those of interest in it, in the order in which they are met."""

type Reading = tuple[str, int, str, Convert]
"""What may fill one field: its last word, the number of the object that has the key, the key as it
stands there, and what makes its value fit."""

type Section = tuple[Sequence[str], str, Sequence[Reading]]
"""A section of the document: its ancestors, its name, which the document itself has not, and what
is read for it, the best first."""

_RECURS = 100  # readings after which a shape is worth half a millisecond


class Plan:
    """Sections to fill, each after its parents.

    Attributes:
        read: Gives what they are filled with. It goes through them for a shape that is rare, and is
            a function made of them once the shape recurs: a logger's lines have the same keys.
    """

    def __init__(self, sections: Sequence[Section]) -> None:
        self.read: Callable[[Objects], Document] = self._go_through
        self._sections = sections
        self._left = _RECURS

    def _go_through(self, objects: Objects) -> Document:
        self._left -= 1
        if not self._left:
            self.read = made_of(self._sections)
        document: Document = {}
        for ancestors, name, readings in self._sections:
            section = {} if name else document
            for leaf, number, key, convert in readings:
                if leaf not in section and (value := convert(objects[number][key])) is not None:
                    section[leaf] = value
            if name and section:
                parent = document
                for ancestor in ancestors:
                    parent = parent.setdefault(ancestor, {})
                parent[name] = section
        return document


def made_of(sections: Sequence[Section]) -> Callable[[Objects], Document]:
    """The same as a function, without loops."""
    converters: list[Convert] = []
    lines = ["def read(objects):", "document = {}"]
    for ancestors, name, readings in sections:
        lines.append("section = {}" if name else "section = document")
        filled = set()
        for leaf, number, key, convert in readings:
            absent = f"{leaf!r} not in section and " if leaf in filled else ""
            value = f"convert_{len(converters)}(objects[{number}][{key!r}])"
            lines.append(f"if {absent}(value := {value}) is not None: section[{leaf!r}] = value")
            converters.append(convert)
            filled.add(leaf)
        if name:
            parents = "".join(f".setdefault({ancestor!r}, {{}})" for ancestor in ancestors)
            lines.append(f"if section: document{parents}[{name!r}] = section")
    named = {f"convert_{number}": convert for number, convert in enumerate(converters)}
    exec("\n    ".join([*lines, "return document"]), named)  # noqa: S102  no key is more than a literal
    read: Callable[[Objects], Document] = named["read"]
    return read
