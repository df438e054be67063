"""The tests that a condition makes on one value, by the operators of EventBridge patterns.

Reference: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from ipaddress import ip_address, ip_network
from math import inf, isfinite
from typing import Any, Final

from logcore.rules.errors import refused

type Test = Callable[[Any], bool]
"""Whether one value, any JSON scalar, is what a rule asks for. Never raises."""

NUMBERS: Final = (int, float)
CACHED = 16_384  # addresses whose answer is remembered, per network


def prefix(given: object) -> Test:
    """Text that begins so; ``{ "equals-ignore-case" = ... }`` in whatever case."""
    start, folded = _text_or_folded(given, "prefix")
    if folded:
        return lambda value: value.__class__ is str and value.casefold().startswith(start)
    return lambda value: value.__class__ is str and value.startswith(start)


def suffix(given: object) -> Test:
    """Text that ends so; ``{ "equals-ignore-case" = ... }`` in whatever case."""
    end, folded = _text_or_folded(given, "suffix")
    if folded:
        return lambda value: value.__class__ is str and value.casefold().endswith(end)
    return lambda value: value.__class__ is str and value.endswith(end)


def equals_ignore_case(given: object) -> Test:
    """The same text in whatever case."""
    wanted = _text(given, "equals-ignore-case").casefold()
    return lambda value: value.__class__ is str and value.casefold() == wanted


def wildcard(given: object) -> Test:
    r"""Text with anything at each ``*``; ``\*`` is the star itself. Takes linear time."""
    pattern = _text(given, "wildcard")
    if "**" in pattern:
        raise refused(f"wildcard {pattern!r}: expected no two stars in a row")
    first, *inner = (_unescaped(part) for part in re.split(r"(?<!\\)\*", pattern))
    if not inner:
        return lambda value: value.__class__ is str and value == first
    last = inner.pop()
    return lambda value: value.__class__ is str and _in_order(value, first, inner, last)


def cidr(given: object) -> Test:
    """An address of the network; what is no address is not in it."""
    text = _text(given, "cidr")
    try:
        network = ip_network(text)
    except ValueError as error:
        raise refused(f"cidr {text!r}: expected a network such as 10.0.0.0/8: {error}") from error

    @lru_cache(CACHED)
    def inside(value: str) -> bool:
        try:
            return ip_address(value) in network
        except ValueError:
            return False

    return lambda value: value.__class__ is str and inside(value)


COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def numeric(given: object) -> Test:
    """A number in a range: ``[">", 0, "<=", 5]``."""
    pairs = _comparisons(given)
    lowest = max((n for sign, n in pairs if sign in {">", ">=", "="}), default=-inf)
    highest = min((n for sign, n in pairs if sign in {"<", "<=", "="}), default=inf)
    if lowest > highest:
        raise refused(f"numeric {given!r}: expected a range that holds a number")
    tests = [(COMPARISONS[sign], number) for sign, number in pairs]
    return lambda value: value.__class__ in NUMBERS and all(c(value, n) for c, n in tests)


def _comparisons(given: object) -> list[tuple[str, float]]:
    words = given if isinstance(given, list) else []
    pairs = list(zip(words[::2], words[1::2], strict=False))
    sound = len(words) in {2, 4} and all(
        isinstance(sign, str) and sign in COMPARISONS and is_number(n) for sign, n in pairs
    )
    if not sound:
        raise refused(f'numeric {given!r}: expected one or two of = < <= > >=, as [">", 0]')
    return pairs


def is_number(value: object) -> bool:
    """Whether a value is a number that JSON has; ``true`` is none."""
    return type(value) in NUMBERS and isfinite(value)  # type: ignore[arg-type]  # checked before


def _text(given: object, name: str) -> str:
    if not isinstance(given, str) or not given:
        raise refused(f"{name} {given!r}: expected text")
    return given


def _text_or_folded(given: object, name: str) -> tuple[str, bool]:
    if isinstance(given, Mapping) and set(given) == {"equals-ignore-case"}:
        return _text(given["equals-ignore-case"], name).casefold(), True
    return _text(given, name), False


def _unescaped(part: str) -> str:
    return part.replace(r"\*", "*").replace(r"\\", "\\")


def _in_order(value: str, first: str, inner: list[str], last: str) -> bool:
    """Whether the parts follow one another: the leftmost place for each is as good as any."""
    end = len(value) - len(last)
    place = len(first)
    if place > end or not value.startswith(first) or not value.endswith(last):
        return False
    for part in inner:
        place = value.find(part, place, end)
        if place < 0:
            return False
        place += len(part)
    return True


OPERATORS: Final[Mapping[str, Callable[[object], Test]]] = {
    "prefix": prefix,
    "suffix": suffix,
    "equals-ignore-case": equals_ignore_case,
    "wildcard": wildcard,
    "cidr": cidr,
    "numeric": numeric,
}
"""By their names in a pattern; ``anything-but`` and ``exists`` look at the whole field."""
