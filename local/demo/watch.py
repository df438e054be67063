"""Waits until everything has arrived, or until it is clear that no more will."""

import time
from collections.abc import Callable

from local.demo.balance import Balance

PATIENCE_S = 120.0  # on a laptop everything arrives sooner
QUIET_S = 6.0  # idle for so long: nothing more will come
LOOK_EVERY_S = 0.5


def until_settled(
    look: Callable[[], Balance],
    idle: Callable[[], bool],
    *,
    writing: Callable[[], bool] = lambda: False,
    show: Callable[[Balance], None] = lambda _: None,
) -> Balance:
    """Look again and again until the two sides are even and the cloud is idle; gives the last look.

    Args:
        look: Counts both sides.
        idle: Whether the cloud has nothing under way.
        writing: Whether entries are still being put.
        show: Is given each look.
    """
    deadline = time.monotonic() + PATIENCE_S
    quiet_since: float | None = None
    while True:
        at_rest = not writing() and idle()
        now = look()
        show(now)
        if not at_rest:
            quiet_since = None
        elif now.even:
            return now
        else:
            quiet_since = quiet_since or time.monotonic()
        if _over(quiet_since, QUIET_S) or time.monotonic() > deadline:
            return now
        time.sleep(LOOK_EVERY_S)


def _over(since: float | None, seconds: float) -> bool:
    return since is not None and time.monotonic() - since > seconds
