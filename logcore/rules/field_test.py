"""What a condition asks of one field: a list of values and operators, any of which may hold."""

from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any, Final

from logcore.errors import ConfigurationError
from logcore.rules.errors import nearest, refused
from logcore.rules.matchers import NUMBERS, OPERATORS, Test, cidr, is_number
from logcore.rules.schema import CLOSED, RAW

type FieldTest = Callable[[Any], bool]
"""Whether a field's value, a list of values or ``None``, is what a rule asks for."""

_TEXT = ("prefix", "suffix", "equals-ignore-case", "wildcard")
ALLOWED: Final[Mapping[str, tuple[str, ...]]] = {
    "keyword": _TEXT,
    "match_only_text": _TEXT,
    "date": ("prefix",),
    "ip": ("cidr",),
    "long": ("numeric",),
    "float": ("numeric",),
    RAW: tuple(OPERATORS),
}
"""Operators that make sense on a field's type; ``exists`` does on every one."""

VALUES: Final[Mapping[str, str]] = {
    "keyword": "text",
    "match_only_text": "text",
    "date": "text",
    "ip": "an address",
    "long": "a number",
    "float": "a number",
    "boolean": "true or false",
    RAW: "text, a number, true or false",
}
"""What may be written for a field of a type."""


def field_test(name: str, kind: str, alternatives: object) -> FieldTest:
    """The test of one field: ``["a", { prefix = "b" }]``.

    A field with several values holds when one of them does; under ``anything-but`` when none of
    them is what it names. An absent field holds for ``{ exists = false }`` alone.

    Raises:
        ConfigurationError: a value cannot stand in such a field, or an operator cannot be asked.
    """
    if not isinstance(alternatives, list) or not alternatives:
        example = '["a", { prefix = "b" }]'
        raise refused(f"{name}: expected a list such as {example}, found {alternatives!r}")
    existence = [_existence(name, a) for a in alternatives if _operator(a) == "exists"]
    others = [_excluding(name, kind, a) for a in alternatives if _operator(a) == "anything-but"]
    rest = [a for a in alternatives if _operator(a) not in {"exists", "anything-but"}]
    one = _either(_tests(name, kind, rest))
    absent, present = False in existence, True in existence

    def holds(value: Any) -> bool:  # noqa: ANN401  any JSON
        if value is None:
            return absent
        if present:
            return True
        if value.__class__ is not list:
            return one(value) or any(not excluded(value) for excluded in others)
        return any(map(one, value)) or any(not any(map(excluded, value)) for excluded in others)

    return holds


def _operator(alternative: object) -> str:
    """The operator's name; empty for a plain value."""
    return str(next(iter(alternative), "")) if isinstance(alternative, Mapping) else ""


def _existence(name: str, alternative: Mapping[str, Any]) -> bool:
    given = alternative["exists"]
    if not isinstance(given, bool) or len(alternative) > 1:
        raise refused(f"{name}: exists: expected true or false, found {alternative!r}")
    return given


def _excluding(name: str, kind: str, alternative: Mapping[str, Any]) -> Test:
    """What ``anything-but`` leaves out: a value, a list of them, or one operator."""
    if len(alternative) > 1:
        raise refused(f"{name}: expected one operator, found {alternative!r}")
    given = alternative["anything-but"]
    inner = given if isinstance(given, list) else [given]
    if not inner or any(_operator(item) in {"anything-but", "exists"} for item in inner):
        raise refused(f"{name}: anything-but: expected values or an operator, found {given!r}")
    return _either(_tests(name, kind, inner))


def _tests(name: str, kind: str, alternatives: Sequence[object]) -> list[Test]:
    plain = [a for a in alternatives if not isinstance(a, Mapping)]
    tests = _exact(name, kind, plain) if plain else []
    for alternative in alternatives:
        if isinstance(alternative, Mapping):
            tests += _by_operator(name, kind, alternative)
    return tests


def _by_operator(name: str, kind: str, alternative: Mapping[str, Any]) -> list[Test]:
    allowed = ALLOWED.get(kind, ())
    known = ", ".join([*allowed, "exists"])
    if len(alternative) != 1 or (asked := _operator(alternative)) not in allowed:
        near = nearest(_operator(alternative), allowed)
        raise refused(f"{name}, type {kind}: expected one of {known}: {dict(alternative)!r}{near}")
    given = alternative[asked]
    each = given if isinstance(given, list) and asked != "numeric" else [given]
    if not each:
        raise refused(f"{name}: {asked}: expected a value, found []")
    return [_named(name, asked, item) for item in each]


def _named(name: str, asked: str, given: object) -> Test:
    try:
        return OPERATORS[asked](given)
    except ConfigurationError as error:
        raise refused(f"{name}: {error.detail}") from error


def _exact(name: str, kind: str, values: Sequence[object]) -> list[Test]:
    for value in values:
        _check(name, kind, value)
    if kind == "ip":
        return [cidr(str(ip_network(str(value)))) for value in values]
    texts = frozenset(value for value in values if isinstance(value, str))
    numbers = frozenset(value for value in values if type(value) in NUMBERS)
    truths = [value for value in values if isinstance(value, bool)]
    tests: list[Test] = []
    if texts:
        tests.append(lambda value: value.__class__ is str and value in texts)
    if numbers:
        tests.append(lambda value: value.__class__ in NUMBERS and value in numbers)
    if truths:
        tests.append(lambda value: value.__class__ is bool and value in truths)
    return tests


def _check(name: str, kind: str, value: object) -> None:
    """Refuse a value that such a field never holds."""
    if kind not in VALUES:
        raise refused(f"{name}, type {kind}: expected {{ exists = true }} or false")
    if not _CAN_HOLD[kind](value):
        raise refused(f"{name}, type {kind}: expected {VALUES[kind]}, found {value!r}")
    closed = CLOSED.get(name)
    if closed and value not in closed:
        near = nearest(str(value), closed)
        raise refused(f"{name}: expected one of {', '.join(sorted(closed))}: {value!r}{near}")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_address(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(ip_address(value))
    except ValueError:
        return False


_CAN_HOLD: Final[Mapping[str, Callable[[object], bool]]] = {
    "keyword": _is_text,
    "match_only_text": _is_text,
    "date": _is_text,
    "ip": _is_address,
    "long": is_number,
    "float": is_number,
    "boolean": lambda value: isinstance(value, bool),
    RAW: lambda value: isinstance(value, str | bool) or is_number(value),
}


def _either(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    return lambda value: any(test(value) for test in tests)
