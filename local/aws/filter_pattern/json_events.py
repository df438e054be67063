"""Patterns in braces: ``{ ($.status >= 500) && ($.user.name != "probe*") }``."""

import json
import re
from collections.abc import Callable
from typing import Any

from local.aws.filter_pattern.compare import read_comparison
from local.aws.filter_pattern.expression import Predicate, Reader, parse
from local.aws.filter_pattern.tokens import tokenise

_STEP = re.compile(
    r"""\.?\[(?P<index>\d+)\]|\.?\[['"](?P<key>[^'"]*)['"]\]|\.?\[?(?P<name>[\w\-*]+)\]?"""
)
_CONSTANTS = {"TRUE": True, "FALSE": False, "NULL": None}


def compile_json(inside: str) -> Callable[[str], bool]:
    """Give the predicate for what stands between the braces; only objects can match.

    Raises:
        ValueError: the pattern is malformed; the message quotes the bad part.
    """
    matches = parse(Reader(tokenise(inside)), _read_leaf)

    def predicate(message: str) -> bool:
        try:
            document = json.loads(message)
        except ValueError:
            return False
        return isinstance(document, dict) and matches(document)

    return predicate


def select(document: Any, selector: str) -> list[Any]:  # noqa: ANN401  any JSON value
    """Give what ``$.a.b[0]['c'].*`` selects: nothing when absent, several for a wildcard."""
    values = [document]
    for step in _STEP.finditer(selector, 1):
        values = [below for value in values for below in _children(value, step)]
    return values


def _children(value: object, step: re.Match[str]) -> list[Any]:
    if step["name"] == "*":
        return [*value.values()] if isinstance(value, dict) else _items(value)
    if step["index"] is not None:
        return _items(value)[int(step["index"]) :][:1]
    key = step["name"] if step["key"] is None else step["key"]
    return [value[key]] if isinstance(value, dict) and key in value else []


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _read_leaf(reader: Reader) -> Predicate[Any]:
    selector = reader.take()
    if selector.kind != "selector":
        raise ValueError(f"expected a selector such as $.name, got {selector.text!r}")
    path = selector.text
    keyword = reader.next.text.upper() if reader.next.kind == "word" else ""
    if keyword == "IS":
        return _read_constant(reader, path)
    if keyword == "NOT":
        return _read_absence(reader, path)
    holds = read_comparison(reader)
    return lambda document: any(holds(value) for value in select(document, path))


def _read_constant(reader: Reader, path: str) -> Predicate[Any]:
    reader.take()
    name = reader.take().text
    if name.upper() not in _CONSTANTS:
        raise ValueError(f"expected TRUE, FALSE or NULL after IS, got {name!r}")
    constant = _CONSTANTS[name.upper()]
    return lambda document: any(value is constant for value in select(document, path))


def _read_absence(reader: Reader, path: str) -> Predicate[Any]:
    reader.take()
    name = reader.take().text
    if name.upper() != "EXISTS":
        raise ValueError(f"expected EXISTS after NOT, got {name!r}")
    return lambda document: not select(document, path)
