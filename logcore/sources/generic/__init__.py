"""Whatever no other source claims: application logs, as JSON of any logger or as plain text.

Reference: https://www.elastic.co/docs/reference/ecs/logging/intro
"""

from logcore.provenance import Place
from logcore.record import Document, LogRecord
from logcore.source import Source
from logcore.sources.generic.frame import DATASET, add_origin, framed
from logcore.sources.generic.line import read_line
from logcore.sources.generic.text import written


def parse(record: LogRecord) -> Document:
    """Turn one application log line into an ECS document.

    A JSON object is kept whole under ``generic``, and what its keys are known to mean goes into ECS
    fields as well, where the value fits the field's type. A line of ``key=value`` pairs is read the
    same way. Anything else is text: ``message`` as it came, ``log.level`` when one stands out.

    It never rejects. There is no format to violate: what is not understood is a line of text.
    A line that a container's collector wrapped is taken out of its wrapper first.
    ``@timestamp`` stays the transport's, so that a producer's broken clock cannot scatter documents
    over indices; the producer's own time goes into ``event.created``.
    """
    document = read_line(record)
    add_origin(document, record.origin)
    return document


def render(record: LogRecord, place: Place) -> bytes | None:
    """The same document complete and as JSON; ``None`` where it is too deep to be written."""
    try:
        return written(record, place) or framed(read_line(record), record, place)
    except (TypeError, RecursionError):
        return None


SOURCE = Source(
    name="generic",
    dataset=DATASET,
    reference="https://www.elastic.co/docs/reference/ecs/logging/intro",
    parse=parse,
    render=render,
)
