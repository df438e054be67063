"""Compare one value of a message with the operand of a pattern."""

import json
import operator
import re
from typing import Any

from local.aws.filter_pattern.expression import Predicate, Reader
from local.aws.filter_pattern.tokens import Token

_ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def read_comparison(reader: Reader) -> Predicate[Any]:
    """Read operator and operand, such as ``= 4*``, ``!= "x"``, ``>= 5``, ``= %re%``.

    Raises:
        ValueError: the operator is none, or the operand does not suit it.
    """
    symbol = reader.take().text
    if symbol not in {"=", "!=", *_ORDER}:
        raise ValueError(f"expected a comparison, got {symbol!r}")
    operand = reader.take()
    if operand.kind not in {"quoted", "regex", "word"}:
        raise ValueError(f"expected a value after {symbol!r}, got {operand.text!r}")
    if symbol in _ORDER:
        return _ordered(symbol, operand)
    equal = _equal(operand)
    return equal if symbol == "=" else lambda value: not equal(value)


def number(value: object) -> float | None:
    """Give the number that a JSON number or a text holds, or ``None``."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _ordered(symbol: str, operand: Token) -> Predicate[Any]:
    limit = number(operand.text)
    if limit is None or operand.kind != "word":
        raise ValueError(f"{symbol!r} compares numbers, got {operand.text!r}")
    holds = _ORDER[symbol]

    def compare(value: Any) -> bool:  # noqa: ANN401  any JSON value
        found = number(value)
        return found is not None and bool(holds(found, limit))

    return compare


def _equal(operand: Token) -> Predicate[Any]:
    if operand.kind == "regex":
        expression = re.compile(operand.text)
        return lambda value: (text := _text(value)) is not None and bool(expression.search(text))
    wanted = number(operand.text) if operand.kind == "word" else None
    shape = re.compile(".*".join(re.escape(part) for part in operand.text.split("*")), re.DOTALL)

    def compare(value: Any) -> bool:  # noqa: ANN401  any JSON value
        if wanted is not None and (found := number(value)) is not None:
            return found == wanted
        text = _text(value)
        return text is not None and shape.fullmatch(text) is not None

    return compare


def _text(value: object) -> str | None:
    """Give a scalar as text; objects, arrays and null equal nothing."""
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, (bool, int, float)) else None
