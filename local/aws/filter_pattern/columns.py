"""Patterns in brackets, for space-delimited messages: ``[ip, ..., status = 4*, bytes > 9]``."""

import re
from collections.abc import Callable
from typing import Any

from local.aws.filter_pattern.compare import read_comparison
from local.aws.filter_pattern.expression import Predicate, Reader, parse
from local.aws.filter_pattern.tokens import Token, tokenise

_COLUMN = re.compile(
    r'"([^"]*)"|\[([^\]]*)\]|(\S+)'
)  # quotes and brackets hold one column together
_ELLIPSIS = [Token("word", "...")]
_COMMA = Token("operator", ",")


def compile_columns(inside: str) -> Callable[[str], bool]:
    """Give the predicate for what stands between the brackets; ``...`` takes any number of columns.

    Raises:
        ValueError: the pattern is malformed, or has more than one ``...``.
    """
    parts = _split(tokenise(inside))
    gaps = [index for index, part in enumerate(parts) if part == _ELLIPSIS]
    if len(gaps) > 1:
        raise ValueError("more than one '...' in a column pattern")
    if not gaps:
        checks = [_check(part) for part in parts]
        return lambda message: (
            len(found := split_columns(message)) == len(checks) and _all(checks, found)
        )
    head = [_check(part) for part in parts[: gaps[0]]]
    tail = [_check(part) for part in parts[gaps[0] + 1 :]]
    return lambda message: _around_gap(head, tail, split_columns(message))


def split_columns(message: str) -> list[str]:
    """Give a message's columns; ``"..."`` and ``[...]`` are one column each, without the marks."""
    return [
        next(text for text in found if text) if any(found) else ""
        for found in _COLUMN.findall(message)
    ]


def _split(tokens: list[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token == _COMMA:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _check(tokens: list[Token]) -> Predicate[Any]:
    if not tokens:
        raise ValueError("a column pattern has an empty column")
    if len(tokens) == 1:
        _read_name(Reader(tokens))
        return lambda _column: True
    return parse(Reader(tokens), _read_leaf)


def _read_leaf(reader: Reader) -> Predicate[Any]:
    _read_name(reader)
    return read_comparison(reader)


def _read_name(reader: Reader) -> None:
    name = reader.take()
    if name.kind != "word":
        raise ValueError(f"expected a column's name, got {name.text!r}")


def _around_gap(head: list[Predicate[Any]], tail: list[Predicate[Any]], found: list[str]) -> bool:
    if len(found) < len(head) + len(tail):
        return False
    return _all(head, found[: len(head)]) and _all(tail, found[len(found) - len(tail) :])


def _all(checks: list[Predicate[Any]], columns: list[str]) -> bool:
    return all(check(column) for check, column in zip(checks, columns, strict=True))
