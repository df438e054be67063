"""Takes the steps in order, patient with rights that are still on their way."""

import time
from collections.abc import Callable

from opensearchpy.exceptions import AuthorizationException

from lambdas.search_setup.steps import STEPS, Setup

PATIENCE_S = 90  # a new role mapping has reached every node within a minute
PAUSE_S = 2

type Clock = Callable[[], float]
type Pause = Callable[[float], None]


def run(work: Setup, *, clock: Clock = time.monotonic, pause: Pause = time.sleep) -> None:
    """Take every step; one that is denied is taken again until its rights have arrived.

    Raises:
        AuthorizationException: the rights did not arrive in time.
        TransportError: the server refused what a step put; the message names it.
    """
    for step in STEPS:
        deadline = clock() + PATIENCE_S
        while not _taken(step, work, last_try=clock() >= deadline):
            pause(PAUSE_S)


def _taken(step: Callable[[Setup], None], work: Setup, *, last_try: bool) -> bool:
    try:
        step(work)
    except AuthorizationException:
        if last_try:
            raise
        return False
    return True
