"""Lines of plain text: only their level is read, so a template writes the document."""

from logcore.codec import dump_json
from logcore.identity import event_id
from logcore.provenance import Place
from logcore.record import Document, LogRecord
from logcore.shape import utc
from logcore.sources.generic.frame import frame_of
from logcore.sources.generic.levels import level_in
from logcore.sources.generic.pairs import begins_with_pair
from logcore.sources.generic.stack_traces import may_hold_trace


def from_text(text: str) -> Document:
    """The document of a line of text: the line, and its level when one stands out."""
    document: Document = {"message": text} if text else {}
    if level := level_in(text):
        document["log"] = {"level": level}
    return document


def written(record: LogRecord, place: Place) -> bytes | None:
    """The whole document as JSON; ``None`` for a line that may be more than text, or a trace."""
    line = record.message
    if not line or record.body is not None or _may_be_more(line):
        return None
    frame = frame_of(place)
    level = level_in(line)
    log = f'"log":{{"level":"{level}"}},' if level else ""
    return (
        f'{{"@timestamp":"{utc(record.time_ms)}","message":{dump_json(line).decode()},{log}'
        f'"event":{{"id":"{event_id(record)}",{frame.event}}},{frame.rest}}}'
    ).encode()


def _may_be_more(line: str) -> bool:
    """Whether it begins as an object or a pair does, or has what no error does without."""
    return may_hold_trace(line) or line.lstrip()[:1] == "{" or begins_with_pair(line)
