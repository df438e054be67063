"""Reads the parts that an envelope must have."""

from typing import Any


def text_at(envelope: dict[str, Any], key: str) -> str:
    """The text under a key.

    Raises:
        KeyError: the key is missing.
        TypeError: something else than text is there.
    """
    value = envelope[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} is {type(value).__name__}, expected text")
    return value
