"""The whole pure pipeline: a payload goes in, the outcome of each of its records comes out."""

from base64 import b64encode
from functools import lru_cache

from logcore.codec import dump_json, parse_json
from logcore.errors import MalformedError, PayloadError
from logcore.provenance import Place, complete, place_of
from logcore.record import Accepted, Document, LogRecord, Origin, Outcome, Rejected
from logcore.routing import Routing
from logcore.source import Source
from logcore.transports import open_payload
from logcore.trim import may_need_trimming, trimmed

UNKNOWN = "unknown"  # the source of what no source was asked about


class Normaliser:
    """Turns payloads into outcomes for one deployment. It never raises on data.

    Attributes:
        routing: Decides which source a record belongs to.
        keep_original: Datasets whose documents carry the untouched line as ``event.original``.
    """

    def __init__(self, routing: Routing, *, keep_original: frozenset[str] = frozenset()) -> None:
        self.routing = routing
        self.keep_original = keep_original
        self._known = lru_cache(maxsize=4_096)(self._of_origin)

    def payload(self, data: bytes) -> list[Outcome]:
        """The outcomes of every record in one payload of the stream, in order.

        A payload that cannot be opened is one reject whose message is the payload in base64.
        """
        try:
            records = open_payload(data)
        except PayloadError as error:
            whole = LogRecord("", 0, b64encode(data).decode(), Origin(transport="unknown"))
            return [Rejected(whole, UNKNOWN, error.reason, error.detail)]
        if not records:
            return []
        place, source = self._known(records[0].origin)  # one for them all
        if source is None:
            source_of = self.routing.source_by_content
            return [self._shaped(record, source_of(record), place) for record in records]
        return [self._shaped(record, source, place) for record in records]

    def __call__(self, record: LogRecord) -> Outcome:
        """Route one record to its source and shape it as an ECS document."""
        place, source = self._known(record.origin)
        return self._shaped(record, source or self.routing.source_by_content(record), place)

    def _of_origin(self, origin: Origin) -> tuple[Place, Source | None]:
        """What is the same for every record of an origin; no source where content decides."""
        claimed = self.routing.claim(origin)
        place = place_of(origin, is_claimed=claimed is not None)
        return place, claimed.source if claimed else None

    def _shaped(self, record: LogRecord, source: Source, place: Place) -> Outcome:
        """Its document as JSON; an object in between only where something works on that."""
        try:
            body = source.render(record, place) if source.render else None
            if body is None:
                document = source.parse(record)
                complete(document, record, source.dataset, place)
                body = self._finished(document, record, source.dataset)
            elif self._works_on(source.dataset) or may_need_trimming(record.message):
                body = self._finished(parse_json(body), record, source.dataset)
        except MalformedError as error:
            return Rejected(record, source.name, error.reason, error.detail)
        return Accepted(record, source.name, source.dataset, body)

    def _works_on(self, dataset: str) -> bool:
        """Whether this deployment does something with the documents of a dataset as objects."""
        return dataset in self.keep_original

    def _finished(self, document: Document, record: LogRecord, dataset: str) -> bytes:
        """What a deployment asks for, and what the index would refuse the document for."""
        if dataset in self.keep_original:
            document["event"]["original"] = record.message
        if may_need_trimming(record.message):
            document, cuts = trimmed(document, dataset)
            if cuts:
                document.setdefault("pipeline", {})["truncated"] = sorted(cuts)[:20]
        return dump_json(_tagged(document))


def _tagged(document: Document) -> Document:
    """Add a tag for each way in which the document is less than its record."""
    findings = document.get("pipeline")
    if findings:
        tags = document.setdefault("tags", [])
        tags += [tag for tag in ("malformed", "truncated") if tag in findings and tag not in tags]
    return document
