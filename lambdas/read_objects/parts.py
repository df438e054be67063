"""Cuts the outcomes of an object into parts that fit into memory and into one delivery."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from logcore.objects.outcomes import Numbered
from logcore.record import Outcome

MOST_RECORDS = 2_000  # of a part; the sinks cut their requests themselves
MOST_CHARACTERS = 4 * 1_048_576  # of the records of a part; their documents are a few times larger


class Part(NamedTuple):
    """Some records of an object, one behind the other.

    Attributes:
        first: Number of the first one.
        last: Number of the last one.
        outcomes: What became of them.
    """

    first: int
    last: int
    outcomes: list[Outcome]


def parts(
    records: Iterable[Numbered], *, count: int = MOST_RECORDS, size: int = MOST_CHARACTERS
) -> Iterator[Part]:
    """The parts, none of them empty; one has more than ``size`` only when one record has."""
    outcomes: list[Outcome] = []
    first = last = total = 0
    for number, found in records:
        length = sum(len(outcome.record.message) for outcome in found)
        if outcomes and (last - first + 1 >= count or total + length > size):
            yield Part(first, last, outcomes)
            outcomes, total = [], 0
        if not outcomes:
            first = number
        outcomes += found
        last = number
        total += length
    if outcomes:
        yield Part(first, last, outcomes)
