"""The fast way of a source whose records are JSON objects: text to text by a compiled table."""

from collections.abc import Collection, Sequence

from logcore.codec import dump_json
from logcore.mapping import IRREGULAR, Expression, Group, Table, compiled
from logcore.provenance import Place, completed
from logcore.record import LogRecord
from logcore.shape import json_object


class Rendering:
    """A source's ``render``."""

    def __init__(
        self,
        table: Table,
        dataset: str,
        *,
        only: Expression,
        absent: Collection[str] = ("",),
        recurring: Sequence[Group] = (),
    ) -> None:
        self.written = compiled(
            completed(table, dataset),
            *("whole", "record", "place"),
            only=only,
            absent=absent,
            recurring=recurring,
        )
        self.shape = self.written.shape

    def __call__(self, record: LogRecord, place: Place) -> bytes | None:
        """The document as JSON; ``None`` where the record is irregular.

        A message goes into the document as it came when it is plain and AWS wrote it. Anything else
        is decoded whole and written again, so that no key stands twice, which OpenSearch refuses,
        and so that it takes one line, which is all that a bulk request gives it.
        """
        message = record.message
        is_plain, is_one_line = "\\" not in message, "\n" not in message and "\r" not in message
        write = self.written.plain if is_plain and place.is_plain else self.written.escaping
        try:
            if is_plain and place.is_claimed and record.body is None and is_one_line:
                return write(self.shape.decode(message), message, record, place)
            raw = json_object(record)
            return write(self.shape.convert(raw), dump_json(raw).decode(), record, place)
        except IRREGULAR:
            return None
