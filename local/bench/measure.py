"""Takes CPU time of both ways in turn, so that whatever else the machine does hits both alike."""

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

from local.bench import ways
from local.bench.batches import Batch

type Way = Callable[[list[str]], object]
type CpuClock = Callable[[], float]
"""CPU seconds of this process; ``time.process_time``, or a made-up one in tests."""


class Result(NamedTuple):
    """Medians over the rounds.

    Attributes:
        name: The batch's name.
        floor_us: CPU of the floor, microseconds an event.
        cpu_us: CPU of the measured way, microseconds an event.
        ratio: Median of each round's own ratio of the two, so that a slow round counts once.
    """

    name: str
    floor_us: float
    cpu_us: float
    ratio: float

    @property
    def events_per_cpu_second(self) -> float:
        """What one CPU carries."""
        return 1e6 / self.cpu_us


def measure(batches: list[Batch], rounds: int, clock: CpuClock = time.process_time) -> list[Result]:
    """Each batch's medians. One round before the first warms caches up and is not counted."""
    taken: dict[str, list[tuple[float, float]]] = {batch.name: [] for batch in batches}
    for _ in range(rounds + 1):
        for batch in batches:
            pair = _taken(ways.floor, batch, clock), _taken(ways.measured, batch, clock)
            taken[batch.name].append(pair)
    return [_result(name, pairs[1:]) for name, pairs in taken.items()]


def _taken(way: Way, batch: Batch, clock: CpuClock) -> float:
    """Microseconds an event."""
    started = clock()
    way(batch.data)
    return (clock() - started) * 1e6 / batch.events


def _result(name: str, pairs: list[tuple[float, float]]) -> Result:
    floors, costs = zip(*pairs, strict=True)
    ratio = median(cost / floor for floor, cost in pairs)
    return Result(name, median(floors), median(costs), ratio)
