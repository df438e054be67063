"""Reads what stands at a path: in the declared part, and below a raw record of any shape."""

from collections.abc import Callable
from typing import Any

from logcore.codec import thawed
from logcore.record import Document

type Path = tuple[str, ...]
"""Keys from the document's root. Lists on the way are looked through, as OpenSearch does."""

type Read = Callable[[Document], Any]


def reader(path: Path) -> Read:
    """A function that gives a declared field's value, ``None`` where it is absent."""
    *parents, leaf = path

    def read(document: Document) -> Any:  # noqa: ANN401  any JSON
        node = document
        for key in parents:
            node = node.get(key)  # type: ignore[assignment]  # checked on the next line
            if node.__class__ is not dict:
                return None
        return node.get(leaf)

    return read


def raw_reader(path: Path) -> Read:
    """A function that gives the list of everything found at a path, ``None`` when it is empty."""

    def read(document: Document) -> list[Any] | None:
        return gathered(document, path) or None

    return read


def gathered(root: Any, path: Path) -> list[Any]:  # noqa: ANN401  any JSON
    """What stands at a path, lists opened; a key may hold the dots of several steps."""
    found: list[Any] = []
    waiting = [(root, path)]
    while waiting:  # a stack of our own, because lists may be nested deeper than Python calls
        node, rest = waiting.pop()
        node = thawed(node)
        if node.__class__ is list:
            waiting += [(item, rest) for item in reversed(node)]
        elif not rest:
            found += [] if node is None else [node]
        elif node.__class__ is dict:
            waiting += [(node[key], rest[steps:]) for key, steps in heads(rest) if key in node]
    return found


def heads(path: Path) -> list[tuple[str, int]]:
    """Each key by which a path may begin, with the steps it takes: ``a``, ``a.b``, ``a.b.c``."""
    return [(".".join(path[:steps]), steps) for steps in range(1, len(path) + 1)]
