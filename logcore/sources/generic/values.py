"""A JSON value as an ECS field of some type, or nothing when it is not one."""

import math
from collections.abc import Callable
from typing import Any

from logcore.shape import EARLIEST_MS, LATEST_MS, LONG, in_utc, ip, utc

type Convert = Callable[[Any], Any]
"""Gives what may go into a field, or ``None``."""

_WORDS = {"true": True, "false": False}
_UNITS_MS = (1_000.0, 1.0, 1e-3, 1e-6)  # a number is seconds, milli-, micro- or nanoseconds


def as_text(value: Any) -> str | None:  # noqa: ANN401  any JSON
    """Text that is not blank; numbers become text, as ids are often numbers."""
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if type(value) in (int, float):
        return str(value)
    return None


def as_long(value: Any) -> int | None:  # noqa: ANN401  any JSON
    """A 64-bit integer from an integer, a float without fraction, or decimal digits."""
    if isinstance(value, str):
        value = int(value) if value.isdecimal() and len(value) <= len(str(LONG)) else None
    if type(value) is float and value.is_integer():
        value = int(value)
    return value if type(value) is int and -LONG <= value < LONG else None


def as_float(value: Any) -> float | None:  # noqa: ANN401  any JSON
    """A finite number."""
    return float(value) if type(value) in (int, float) and math.isfinite(value) else None


def as_boolean(value: Any) -> bool | None:  # noqa: ANN401  any JSON
    """``true`` or ``false``, also as text."""
    return value if isinstance(value, bool) else _WORDS.get(str(value).lower())


def as_ip(value: Any) -> str | None:  # noqa: ANN401  any JSON
    """An address."""
    return ip(value) if isinstance(value, str) else None


def as_date(value: Any) -> str | None:  # noqa: ANN401  any JSON
    """A moment in UTC from ISO 8601 text, or from a number of whichever unit makes it plausible."""
    if isinstance(value, str):
        return in_utc(value.strip())
    if type(value) not in (int, float):
        return None
    for unit in _UNITS_MS:
        if EARLIEST_MS <= value * unit < LATEST_MS:
            return utc(int(value * unit))
    return None


CONVERTERS: dict[str, Convert] = {
    "keyword": as_text,
    "match_only_text": as_text,
    "long": as_long,
    "float": as_float,
    "boolean": as_boolean,
    "ip": as_ip,
    "date": as_date,
}
"""By OpenSearch type."""
