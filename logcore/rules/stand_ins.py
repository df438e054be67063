"""What stands where a value was: nothing, a mask, or a keyed hash that keeps equals comparable."""

import hmac
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from logcore.rules.errors import refused

MASK: Final = "[redacted]"
GONE: Final[Any] = object()
"""Returned in the place of a value that is to be removed."""

SHORTEST_KEY = 16  # bytes
DIGITS = 32  # hexadecimal digits of a hash that are shown: 128 bits, enough to keep apart

CACHED = 16_384  # texts whose hash is remembered; users and addresses come again and again

type StandIn = Callable[[str], Any]
"""Gives what stands for a text: other text, or ``GONE``."""

_MARK = re.compile(r"\[redacted(?::[0-9a-f]{32})?\]")


def is_mark(text: str) -> bool:
    """Whether a text is what an earlier rule left."""
    return text.startswith(MASK[:-1]) and bool(_MARK.fullmatch(text))


def remove(_text: str) -> Any:  # noqa: ANN401  the mark of a removed value
    """Mode ``remove``."""
    return GONE


def mask(_text: str) -> str:
    """Mode ``mask``."""
    return MASK


def hashing(key: bytes | None) -> StandIn:
    """Mode ``hash``: HMAC-SHA256 of the text, so that nobody without the key can try values.

    Raises:
        ConfigurationError: there is no key, or one that could be guessed.
    """
    if key is None:
        raise refused("mode hash: expected a key, found none; name its secret under [redaction]")
    if len(key) < SHORTEST_KEY:
        raise refused(f"mode hash: expected a key of {SHORTEST_KEY} bytes, found {len(key)}")

    @lru_cache(CACHED)
    def hashed(text: str) -> str:
        found = hmac.digest(key, text.encode("utf-8", "replace"), "sha256")
        return f"{MASK[:-1]}:{found.hex()[:DIGITS]}]"

    return hashed


MODES: Final[Mapping[str, Callable[[bytes | None], StandIn]]] = {
    "remove": lambda _key: remove,
    "mask": lambda _key: mask,
    "hash": hashing,
}
"""By their names in a rule."""
