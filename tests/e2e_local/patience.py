"""How end-to-end tests wait: they look again and again, and never longer than they say."""

import time
from collections.abc import Callable

LOOKS_EVERY_S = 0.2


def until[T](found: Callable[[], T], what: str, *, patience_s: float = 60.0) -> T:
    """Poll until something is found, or fail by its name."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(LOOKS_EVERY_S)
    raise AssertionError(f"not within {patience_s:.0f} s: {what}")
