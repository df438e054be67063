"""What the origin of lines says of their documents: made once for each."""

from functools import lru_cache
from typing import NamedTuple

from logcore.codec import dump_json
from logcore.formats.machine import BEANSTALK, environment
from logcore.identity import event_id
from logcore.provenance import Place, complete
from logcore.record import Document, LogRecord, Origin
from logcore.shape import utc
from logcore.sources.generic import containers
from logcore.sources.generic.containers import fill

DATASET = "generic"

LAMBDA = "/aws/lambda/"


class Frame(NamedTuple):
    """The part of a document that is the same for every line of an origin.

    Attributes:
        event: Members of ``event``, as JSON.
        rest: The sections beside it, likewise.
        head: The beginning of a document's JSON: those of them that no line fills.
        place: The others as objects, by name; nobody changes them.
    """

    event: str
    rest: str
    head: bytes
    place: tuple[tuple[str, Document], ...]


def add_origin(document: Document, origin: Origin) -> None:
    """Fill in what log group and stream say of the place; the line's own word stays."""
    group = origin.log_group
    if group.startswith(LAMBDA):
        document.setdefault("faas", {}).setdefault("name", group.removeprefix(LAMBDA))
    elif group.startswith(BEANSTALK):
        document.setdefault("service", {}).setdefault("environment", environment(group))
    containers.add_origin(document, origin)


@lru_cache(maxsize=4_096)
def frame_of(place: Place) -> Frame:
    """The frame of an origin's documents."""
    document: Document = {"event": {"kind": "event"}}
    add_origin(document, place.origin)
    complete(document, LogRecord("", 0, "", place.origin), DATASET, place)
    event = document.pop("event")
    del document["@timestamp"], event["id"]
    completed = {name: document[name] for name in document if name in _COMPLETED}
    return Frame(
        event=_members(event),
        rest=_members(document),
        head=f"{{{_members(completed)},".encode(),
        place=tuple((name, document[name]) for name in document if name not in completed),
    )


def framed(document: Document, record: LogRecord, place: Place) -> bytes:
    """A line's own part with what its origin says, as ``add_origin`` and ``complete`` add it."""
    if not _COMPLETED.isdisjoint(document):
        add_origin(document, record.origin)
        complete(document, record, DATASET, place)
        return dump_json(document)
    frame = frame_of(place)
    for name, section in frame.place:
        if name in document:
            fill(document[name], section)
        else:
            document[name] = section
    event = document["event"]
    event["id"] = event_id(record)
    event["dataset"] = event["module"] = DATASET
    document["@timestamp"] = utc(record.time_ms)
    return frame.head + dump_json(document)[1:]


_COMPLETED = frozenset({"cloud", "aws", "ecs"})
"""Sections of a line that only ``complete`` can settle."""


def _members(section: Document) -> str:
    return dump_json(section).decode()[1:-1]
