"""How a sink tries again: a few times, each after a longer, partly random pause."""

import random
import time
from collections.abc import Callable, Sequence

from lambdas.delivery.sinks.sink import Parcel

type Pause = Callable[[float], None]
"""Waits that many seconds; tests pass a list's ``append``."""

ATTEMPTS = 5
FIRST_PAUSE_S = 0.1  # doubled each time: at most 0.1 + 0.2 + 0.4 + 0.8 s for one request


def until_taken(
    attempt: Callable[[Sequence[Parcel]], list[Parcel]],
    parcels: Sequence[Parcel],
    *,
    pause: Pause = time.sleep,
) -> list[Parcel]:
    """Send, then send again only what was not taken; gives what is still left at the end.

    Pauses have full jitter, so that functions that were throttled together do not return together:
    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    left = attempt(parcels)
    for number in range(1, ATTEMPTS):
        if not left:
            break
        pause(random.uniform(0, FIRST_PAUSE_S * 2 ** (number - 1)))  # noqa: S311  no secret
        left = attempt(left)
    return left
