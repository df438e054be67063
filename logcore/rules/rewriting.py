"""Copies a document where it changes; what stays the same is shared with the one that came in.

Parts of a document may belong to caches and tables, so nothing is changed in place.
"""

from collections.abc import Callable
from typing import Any

from logcore.codec import thawed
from logcore.rules.places import Path, heads
from logcore.rules.stand_ins import GONE, MASK

DEEPEST = 200  # levels; below them everything is masked. Trimming writes text from level 60 on

type Change = Callable[[Any], Any]
"""Gives a scalar's successor: itself, another one, or ``GONE``."""

type Rename = Callable[[str], str]
"""Gives a key's successor."""


def same_key(key: str) -> str:
    """Keep every key."""
    return key


def at_path(node: Any, path: Path, change: Change, rename: Rename, depth: int = 0) -> Any:  # noqa: ANN401  any JSON
    """The node with every scalar changed that stands at the path or below it.

    Lists are looked through, and a key may hold the dots of several steps. An object or list that
    loses all it has is ``GONE`` itself; a node in which nothing changes is the one that was given.
    """
    if not path:
        return everywhere(node, change, rename, depth)
    inner = thawed(node)
    if not isinstance(inner, dict | list):
        return node
    if depth > DEEPEST:
        return MASK
    if isinstance(inner, list):
        found = _list(inner, [at_path(i, path, change, rename, depth + 1) for i in inner])
    else:
        parts = {
            key: at_path(inner[key], path[steps:], change, rename, depth + 1)
            for key, steps in heads(path)
            if key in inner
        }
        same = all(part is inner[key] for key, part in parts.items())
        found = inner if same else _dict(inner, {**inner, **parts})
    return node if found is inner else found


def everywhere(node: Any, change: Change, rename: Rename, depth: int = 0) -> Any:  # noqa: ANN401  any JSON
    """The node with every scalar changed and every key renamed."""
    kind = node.__class__
    if kind is str or kind is int:  # nearly all of them; the rest of the questions cost time
        return change(node)
    inner = thawed(node)
    if not isinstance(inner, dict | list):
        found = change(inner)
    elif depth > DEEPEST:
        return MASK
    elif isinstance(inner, list):
        found = _list(inner, [everywhere(item, change, rename, depth + 1) for item in inner])
    else:
        found = _object(inner, change, rename, depth)
    return node if found is inner else found


def _object(node: dict[str, Any], change: Change, rename: Rename, depth: int) -> Any:  # noqa: ANN401  any JSON
    new: dict[str, Any] = {}
    same = True
    for key, item in node.items():
        name, part = rename(key), everywhere(item, change, rename, depth + 1)
        if part is not item or name is not key:
            same = False
        if part is not GONE:
            new[_unused(name, new) if name in new else name] = part
    return node if same else new or GONE


def _list(old: list[Any], parts: list[Any]) -> Any:  # noqa: ANN401  any JSON
    if all(part is item for part, item in zip(parts, old, strict=True)):
        return old
    return [part for part in parts if part is not GONE] or GONE


def _dict(old: dict[str, Any], new: dict[str, Any]) -> Any:  # noqa: ANN401  any JSON
    if all(new.get(key, GONE) is item for key, item in old.items()):
        return old
    return {key: item for key, item in new.items() if item is not GONE} or GONE


def _unused(key: str, taken: dict[str, Any]) -> str:
    """A name for a second key that became one with another, so that no value is lost."""
    number = 2
    while f"{key} {number}" in taken:
        number += 1
    return f"{key} {number}"
