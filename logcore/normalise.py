"""The whole pure pipeline: a payload goes in, the outcome of each of its records comes out."""

from base64 import b64encode

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
        place = place_of(records[0].origin)  # one for them all, like the claim
        claimed = self.routing.claim(records[0].origin)
        if claimed is None:
            source_of = self.routing.source_by_content
            return [self._shaped(record, source_of(record), place) for record in records]
        return [self._shaped(record, claimed.source, place) for record in records]

    def __call__(self, record: LogRecord) -> Outcome:
        """Route one record to its source and shape it as an ECS document."""
        return self._shaped(record, self.routing.source_for(record), place_of(record.origin))

    def _shaped(self, record: LogRecord, source: Source, place: Place) -> Outcome:
        """Its document as JSON; as an object in between only where something works on that."""
        try:
            body = source.render(record, place) if source.render else None
            if body is None:
                document = source.parse(record)
                complete(document, record, source.dataset)
                body = self._finished(document, record, source.dataset)
            elif may_need_trimming(record.message) or source.dataset in self.keep_original:
                body = self._finished(parse_json(body), record, source.dataset)
        except MalformedError as error:
            return Rejected(record, source.name, error.reason, error.detail)
        return Accepted(record, source.name, source.dataset, body)

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
