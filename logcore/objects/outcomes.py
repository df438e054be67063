"""The whole pure way of an object: its bytes go in, the outcome of each record comes out."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from logcore.normalise import Normaliser
from logcore.objects.reader import read_object
from logcore.reading import is_wrapped
from logcore.record import LogRecord, Origin, Outcome, Rejected

_ENVELOPE = re.compile(r'"(?:logEvents|detail-type)"')


class Numbered(NamedTuple):
    """What became of one record of an object.

    Attributes:
        number: Its place in the object, from 1; reading can begin again behind it.
        outcomes: One, or that of each event in an envelope.
    """

    number: int
    outcomes: list[Outcome]


def object_outcomes(
    normalise: Normaliser,
    chunks: Iterable[bytes],
    origin: Origin,
    modified_ms: int,
    *,
    first: int = 1,
) -> Iterator[Numbered]:
    """The outcomes of an object's records, in order; it never raises on data.

    Envelopes of CloudWatch Logs and events of EventBridge that somebody wrote into an object are
    opened, unless its key belongs to a source.

    Args:
        normalise: The core.
        chunks: The object as it is stored, in any pieces.
        origin: Of its records.
        modified_ms: When it was written, in milliseconds since the epoch.
        first: Number of the record to begin with; those before it are read and left out.
    """
    records = read_object(chunks, origin, modified_ms, normalise.routing.is_header)
    for number, record in enumerate(records, 1):
        if number >= first:
            yield Numbered(number, _outcomes(normalise, record))


def _outcomes(normalise: Normaliser, record: LogRecord | Rejected) -> list[Outcome]:
    if isinstance(record, Rejected):
        return [record]
    if _ENVELOPE.search(record.message) and normalise.routing.claim(record.origin) is None:
        payload = record.message.encode()
        if is_wrapped(payload):
            return normalise.payload(payload)
    return [normalise(record)]
