"""The fast way of a source whose records are JSON objects: text to text by a compiled table."""

from collections.abc import Collection, Sequence

from logcore.codec import dump_json
from logcore.mapping import Expression, Group, Table, compiled
from logcore.provenance import Place, completed
from logcore.record import LogRecord
from logcore.shape import json_object

IRREGULAR = (TypeError, ValueError, RecursionError)
"""What writing raises where a value has no JSON form, or is nested too deep for a writer."""


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

    def __call__(self, record: LogRecord, place: Place) -> bytes | None:
        """The document as JSON; ``None`` where the record is irregular.

        The record is decoded whole and written again, never put in as it came: OpenSearch refuses a
        key that stands twice, and with it every document of the same bulk request.
        """
        raw = json_object(record)
        try:
            return self.written.write(raw, dump_json(raw).decode(), record, place)
        except IRREGULAR:
            return None
