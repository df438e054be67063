"""The whole pure pipeline: a payload goes in, the outcome of each of its records comes out."""

from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from logcore import identity
from logcore.enrichment.enricher import Enricher
from logcore.errors import MalformedError, PayloadError
from logcore.record import Accepted, Document, Dropped, LogRecord, Origin, Outcome, Rejected
from logcore.routing import Routing
from logcore.rules import Rules
from logcore.shape import utc
from logcore.source import Source
from logcore.transports import open_payload, plain_text
from logcore.trim import may_need_trimming, trimmed

NO_RULES = Rules({})
TAGS = ("malformed", "truncated", "redacted")  # what makes a document less than its record
UNKNOWN = "unknown"  # the source of what no source was asked about


class Normaliser:
    """Turns payloads into outcomes for one deployment. It never raises on data.

    Attributes:
        routing: Decides which source a record belongs to.
        keep_original: Datasets whose documents carry the untouched line as ``event.original``.
        enrichers: Add to each document, in this order, what its record does not say.
        rules: The deployment's own: what is dropped, sampled or redacted.
    """

    def __init__(
        self,
        routing: Routing,
        *,
        keep_original: frozenset[str] = frozenset(),
        enrichers: tuple[Enricher, ...] = (),
        rules: Rules = NO_RULES,
    ) -> None:
        self.routing = routing
        self.keep_original = keep_original
        self.enrichers = enrichers
        self.rules = rules

    def payload(self, data: bytes) -> list[Outcome]:
        """The outcomes of every record in one payload of the stream, in order.

        A payload that cannot be opened is lines of text, where a source recognises the first; else
        it is one reject whose message is the payload in base64.
        """
        try:
            records = open_payload(data)
        except PayloadError as error:
            return self._lines(data) or [_unopened(data, error)]
        claimed = self.routing.claim(records[0].origin) if records else None  # one for them all
        if claimed is None:
            return [self(record) for record in records]
        return [self._shaped(record, claimed.source) for record in records]

    def _lines(self, data: bytes) -> list[Outcome]:
        """The outcomes of a payload of bare lines, all of one source; none where none knows it."""
        records = plain_text.records(data)
        if not records:
            return []
        source = self.routing.by_content(records[0]).source
        if source is self.routing.fallback:
            return []
        return [self._shaped(record, source) for record in records]

    def __call__(self, record: LogRecord) -> Outcome:
        """Route one record to its source and shape it as an ECS document."""
        return self._shaped(record, self.routing.source_for(record))

    def _shaped(self, record: LogRecord, source: Source) -> Outcome:
        try:
            document = source.parse(record)
        except MalformedError as error:
            return Rejected(record, source.name, error.reason, error.detail)
        self._complete(document, record, source)
        rules = self.rules.of(source.dataset)
        if rules is None:
            return Accepted(record, source.name, _bounded(document, record, source))
        document, rule, effects = rules(document)
        if rule:
            return Dropped(record, source.name, rule, effects)
        return Accepted(record, source.name, _bounded(document, record, source), effects)

    def _complete(self, document: Document, record: LogRecord, source: Source) -> None:
        """Add what every document carries: identity, time, dataset and where it came from."""
        event = document.setdefault("event", {})
        event["id"] = identity.usable(event.get("id")) or identity.event_id(record)
        event["dataset"] = source.dataset
        event["module"] = source.dataset.partition(".")[0]
        if source.dataset in self.keep_original:
            event["original"] = record.message
        if "@timestamp" not in document:
            document["@timestamp"] = utc(record.time_ms)
        _add_provenance(document, record.origin)
        for enrich in self.enrichers:
            enrich(document, record.origin)


def _bounded(document: Document, record: LogRecord, source: Source) -> Document:
    """Trim what the index would refuse, and tag."""
    if may_need_trimming(record.message):
        document, cuts = trimmed(document, source.dataset)
        if cuts:
            document.setdefault("pipeline", {})["truncated"] = cuts[:20]
    return _tagged(document)


def _unopened(data: bytes, error: PayloadError) -> Rejected:
    whole = LogRecord("", 0, b64encode(data).decode(), Origin(transport="unknown"))
    return Rejected(whole, UNKNOWN, error.reason, error.detail)


def _add_provenance(document: Document, origin: Origin) -> None:
    """Fill in the account and region that the source left out, and what the transport says."""
    account, region, carrier = _provenance(origin)
    cloud = document.setdefault("cloud", {})
    cloud["provider"] = "aws"
    if account:
        cloud.setdefault("account", account)
    if region:
        cloud.setdefault("region", region)
    if carrier:
        document.setdefault("aws", {}).update(carrier)
    document.setdefault("ecs", {"version": "9.0.0"})


@lru_cache(maxsize=1_024)
def _provenance(origin: Origin) -> tuple[dict[str, str], str, Mapping[str, Any]]:
    account = {"id": origin.account} if origin.account else {}
    if origin.transport == "eventbridge":
        named = {"source": origin.event_source, "detail_type": origin.detail_type}
        return account, origin.region, {"eventbridge": named}
    named = {"log_group": origin.log_group, "log_stream": origin.log_stream, "owner": origin.owner}
    known = {key: value for key, value in named.items() if value}
    return account, origin.region, {"cloudwatch": known} if known else {}


def _tagged(document: Document) -> Document:
    """Add a tag for each way in which the document is less than its record."""
    findings = document.get("pipeline")
    if findings:
        tags = document.setdefault("tags", [])
        tags += [tag for tag in TAGS if tag in findings and tag not in tags]
    return document
