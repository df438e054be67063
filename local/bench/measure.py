"""Takes CPU time of two ways in turn, so that whatever else the machine does hits both alike."""

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

from local.bench.batches import Batch

type Way = Callable[[list[str]], object]
type CpuClock = Callable[[], float]
"""CPU seconds of this process; ``time.process_time``, or a made-up one in tests."""


class Pair(NamedTuple):
    """What is compared on a batch.

    Attributes:
        name: Row of the table.
        batch: What both ways go through.
        way: What is measured.
        base: What it is measured by.
    """

    name: str
    batch: Batch
    way: Way
    base: Way


class Result(NamedTuple):
    """Medians over the rounds.

    Attributes:
        name: The pair's name.
        base_us: CPU of the base, microseconds an event.
        cpu_us: CPU of the measured way, microseconds an event.
        ratio: Median of each round's own ratio of the two, so that a slow round counts once.
    """

    name: str
    base_us: float
    cpu_us: float
    ratio: float

    @property
    def events_per_cpu_second(self) -> float:
        """What one CPU carries."""
        return 1e6 / self.cpu_us


def measure(pairs: list[Pair], rounds: int, clock: CpuClock = time.process_time) -> list[Result]:
    """Each pair's medians. One round before the first warms caches up and is not counted."""
    taken: list[list[tuple[float, float]]] = [[] for _ in pairs]
    for _ in range(rounds + 1):
        for pair, times in zip(pairs, taken, strict=True):
            base = _taken(pair.base, pair.batch, clock)
            times.append((base, _taken(pair.way, pair.batch, clock)))
    return [_result(pair.name, times[1:]) for pair, times in zip(pairs, taken, strict=True)]


def _taken(way: Way, batch: Batch, clock: CpuClock) -> float:
    """Microseconds an event."""
    started = clock()
    way(batch.data)
    return (clock() - started) * 1e6 / batch.events


def _result(name: str, times: list[tuple[float, float]]) -> Result:
    bases, costs = zip(*times, strict=True)
    ratio = median(cost / base for base, cost in times)
    return Result(name, median(bases), median(costs), ratio)
