"""What every sink promises, and the two shapes that cross its border."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from logcore.record import LogRecord


class Parcel(NamedTuple):
    """One document on its way.

    Attributes:
        body: The document as one line of JSON, without a line end.
        sequence: Names what it came by, such as a Kinesis record; what is retried.
        record: The record it was made from, to be kept should the sink refuse the document.
        source: Name of the source that parsed it.
    """

    body: bytes
    sequence: str
    record: LogRecord
    source: str


class Refusal(NamedTuple):
    """A document that a sink will never take, and why."""

    parcel: Parcel
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Leftover:
    """What a sink did not take; everything else was delivered.

    Attributes:
        refused: Sending again would not help; to be kept as rejects.
        undelivered: Sending again may help; to be retried by whatever brought them.
    """

    refused: list[Refusal] = field(default_factory=list)
    undelivered: list[Parcel] = field(default_factory=list)


class Sink(Protocol):
    """Takes documents. Each one is delivered, refused or undelivered; nothing is dropped."""

    def put(self, parcels: Sequence[Parcel]) -> Leftover:
        """Send the documents; data never raises, and trouble is told by what is left over."""
        ...


def chunks(
    parcels: Sequence[Parcel], *, count: int, size: int, overhead: int = 0
) -> Iterator[list[Parcel]]:
    """Cut into runs of at most ``count`` documents and ``size`` bytes, in order.

    Args:
        parcels: Documents, each of at most ``size - overhead`` bytes.
        count: Most documents in a run.
        size: Most bytes in a run, ``overhead`` bytes added for each document.
        overhead: What the request adds to a document.
    """
    run: list[Parcel] = []
    total = 0
    for parcel in parcels:
        length = len(parcel.body) + overhead
        if run and (len(run) == count or total + length > size):
            yield run
            run, total = [], 0
        run.append(parcel)
        total += length
    if run:
        yield run
