"""The whole pure pipeline: a payload goes in, the outcome of each of its records comes out."""

from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from logcore import identity
from logcore.errors import MalformedError, PayloadError
from logcore.record import Accepted, Document, LogRecord, Origin, Outcome, Rejected
from logcore.routing import Routing
from logcore.shape import utc
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
        claimed = self.routing.claim(records[0].origin) if records else None  # one for them all
        if claimed is None:
            return [self(record) for record in records]
        return [self._shaped(record, claimed.source) for record in records]

    def __call__(self, record: LogRecord) -> Outcome:
        """Route one record to its source and shape it as an ECS document."""
        return self._shaped(record, self.routing.source_for(record))

    def _shaped(self, record: LogRecord, source: Source) -> Outcome:
        try:
            document = source.parse(record)
        except MalformedError as error:
            return Rejected(record, source.name, error.reason, error.detail)
        return Accepted(record, source.name, self._complete(document, record, source))

    def _complete(self, document: Document, record: LogRecord, source: Source) -> Document:
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
        if may_need_trimming(record.message):
            document, cuts = trimmed(document, source.dataset)
            if cuts:
                document.setdefault("pipeline", {})["truncated"] = cuts[:20]
        return _tagged(document)


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
    if origin.transport == "s3":
        place = {"bucket": {"name": origin.bucket}, "object": {"key": origin.key}}
        return account, origin.region, {"s3": place}
    named = {"log_group": origin.log_group, "log_stream": origin.log_stream, "owner": origin.owner}
    known = {key: value for key, value in named.items() if value}
    return account, origin.region, {"cloudwatch": known} if known else {}


def _tagged(document: Document) -> Document:
    """Add a tag for each way in which the document is less than its record."""
    findings = document.get("pipeline")
    if findings:
        tags = document.setdefault("tags", [])
        tags += [tag for tag in ("malformed", "truncated") if tag in findings and tag not in tags]
    return document
