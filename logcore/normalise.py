"""The whole pure pipeline: a payload goes in, the outcome of each of its records comes out."""

from base64 import b64encode
from functools import lru_cache
from typing import NamedTuple

from logcore.codec import dump_json, parse_json
from logcore.enrichment.enricher import Enricher
from logcore.errors import MalformedError, PayloadError
from logcore.identity import by_content
from logcore.own_logs import NONE, OWN_LOGS, OwnLogs
from logcore.provenance import Place, complete, place_of
from logcore.record import (
    Accepted,
    Document,
    Dropped,
    LogRecord,
    Origin,
    Outcome,
    Rejected,
    new_accepted,
)
from logcore.routing import Routing
from logcore.rules import Rules
from logcore.shape import decoded
from logcore.source import Source
from logcore.transports import open_payload, plain_text
from logcore.transports.copied_groups import NO_COPIES, Copies
from logcore.trim import may_need_trimming, trimmed

NO_RULES = Rules({})
TAGS = ("malformed", "truncated", "redacted")  # what makes a document less than its record
UNKNOWN = "unknown"  # the source of what no source was asked about


class Known(NamedTuple):
    """What is the same for every record of an origin.

    Attributes:
        place: Where they come from.
        source: Whose records they are; ``None`` where content decides.
        is_own: Whether the pipeline itself wrote them.
    """

    place: Place
    source: Source | None
    is_own: bool


class Normaliser:
    """Turns payloads into outcomes for one deployment. It never raises on data.

    Attributes:
        routing: Decides which source a record belongs to.
        keep_original: Datasets whose documents carry the untouched line as ``event.original``.
        enrichers: Add to each document, in this order, what its record does not say.
        rules: The deployment's own: what is dropped, sampled or redacted.
        own: What the pipeline itself writes, which is dropped unread.
        copies: Which copied log groups are taken for what they are copies of.
    """

    def __init__(
        self,
        routing: Routing,
        *,
        keep_original: frozenset[str] = frozenset(),
        enrichers: tuple[Enricher, ...] = (),
        rules: Rules = NO_RULES,
        own: OwnLogs = NONE,
        copies: Copies = NO_COPIES,
    ) -> None:
        self.routing = routing
        self.keep_original = keep_original
        self.enrichers = enrichers
        self.rules = rules
        self.own = own
        self.copies = copies
        self._left_alone = frozenset(
            filter(self._is_left_alone, (source.dataset for source in routing.sources))
        )
        self._known = lru_cache(maxsize=4_096)(self._of_origin)

    def payload(self, data: bytes) -> list[Outcome]:
        """The outcomes of every record in one payload of the stream, in order.

        A payload that cannot be opened is lines of text, where a source recognises the first; else
        it is one reject whose message is the payload in base64.
        """
        try:
            records = open_payload(data, self.copies.account)
        except PayloadError as error:
            return self._lines(data) or [_unopened(data, error)]
        if not records:
            return []
        if self.copies.parallel:
            records = [by_content(record) for record in records]
        first = records[0].origin
        place, source, is_own = self._known(first)  # of them all, but where each says its own place
        if len(records) > 1 and any(record.origin is not first for record in records):
            return [self(record) for record in records]
        if is_own:
            return [_own(record) for record in records]
        if source is None:
            return [self._recognised(record, place) for record in records]
        return [self._shaped(record, record, source, place) for record in records]

    def _lines(self, data: bytes) -> list[Outcome]:
        """The outcomes of a payload of bare lines, all of one source; none where none knows it."""
        records = plain_text.records(data)
        if not records:
            return []
        source = self.routing.by_content(decoded(records[0])).source
        if source is self.routing.fallback:
            return []
        place = self._known(records[0].origin).place
        return [self._shaped(record, record, source, place) for record in records]

    def __call__(self, record: LogRecord) -> Outcome:
        """Route one record to its source and shape it as an ECS document."""
        place, source, is_own = self._known(record.origin)
        if is_own:
            return _own(record)
        if source is None:
            return self._recognised(record, place)
        return self._shaped(record, record, source, place)

    def _recognised(self, record: LogRecord, place: Place) -> Outcome:
        """The outcome of a record whose source its content tells; JSON is read once for all."""
        read = decoded(record)
        return self._shaped(record, read, self.routing.by_content(read).source, place)

    def _of_origin(self, origin: Origin) -> Known:
        """What is the same for every record of an origin."""
        claimed = self.routing.claim(origin)
        source = claimed.source if claimed else None
        return Known(place_of(origin), source, self.own.wrote(origin))

    def _shaped(self, record: LogRecord, read: LogRecord, source: Source, place: Place) -> Outcome:
        """Straight to JSON, where the source can; as an object only if something works on that.

        The outcome keeps the record as it came, without what was decoded for the source to read.
        """
        try:
            body = source.render(read, place) if source.render else None
            if body is None:
                document = source.parse(read)
                complete(document, record, source.dataset, place)
            elif source.dataset not in self._left_alone or may_need_trimming(record.message):
                document = parse_json(body)
            else:
                return new_accepted((record, source.name, source.dataset, body, (), ()))
            return self._finished(document, record, source)
        except MalformedError as error:
            return Rejected(record, source.name, error.reason, error.detail)

    def _is_left_alone(self, dataset: str) -> bool:
        """Whether nothing that was configured looks at the dataset's documents."""
        return not (self.enrichers or self.rules.of(dataset) or dataset in self.keep_original)

    def _finished(self, document: Document, record: LogRecord, source: Source) -> Outcome:
        """What a deployment asks for, and what the index would refuse the document for."""
        dataset = source.dataset
        if dataset in self.keep_original:
            document["event"]["original"] = record.message
        for enrich in self.enrichers:
            enrich(document, record.origin)
        malformed = tuple(document.get("pipeline", {}).get("malformed", ()))
        rules = self.rules.of(dataset)
        document, rule, effects = rules(document) if rules else (document, "", ())
        if rule:
            return Dropped(record, source.name, rule, malformed, effects)
        body = dump_json(_tagged(_bounded(document, record, dataset)))
        return Accepted(record, source.name, dataset, body, malformed, effects)


def _bounded(document: Document, record: LogRecord, dataset: str) -> Document:
    """The document without what the index would refuse it for."""
    if may_need_trimming(record.message):
        document, cuts = trimmed(document, dataset)
        if cuts:
            document.setdefault("pipeline", {})["truncated"] = sorted(cuts)[:20]
    return document


def _own(record: LogRecord) -> Dropped:
    return Dropped(record, UNKNOWN, OWN_LOGS)


def _unopened(data: bytes, error: PayloadError) -> Rejected:
    whole = LogRecord("", 0, b64encode(data).decode(), Origin(transport="unknown"))
    return Rejected(whole, UNKNOWN, error.reason, error.detail)


def _tagged(document: Document) -> Document:
    """Add a tag for each way in which the document is less than its record."""
    findings = document.get("pipeline")
    if findings:
        tags = document.setdefault("tags", [])
        tags += [tag for tag in TAGS if tag in findings and tag not in tags]
    return document
