"""Delivers a batch of records to an OpenSearch domain, one document each, by ``_bulk``.

References:
    https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html
    https://docs.aws.amazon.com/firehose/latest/dev/retry.html
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from urllib3.exceptions import HTTPError

from local.aws import firehose_access
from local.aws.firehose_records import DestinationConfig, Record, Undelivered
from local.aws.opensearch_server import OpenSearchServer

_MALFORMED = (
    "One or more records are malformed. Ensure that each record is single valid JSON object "
    "and that it doesn't contain newlines."
)
_ROTATIONS = {
    "NoRotation": "",
    "OneHour": "-%Y-%m-%d-%H",
    "OneDay": "-%Y-%m-%d",
    "OneWeek": "-%G-w%V",
    "OneMonth": "-%Y-%m",
}
_PAUSE_SECONDS = 0.25  # between two tries
_TOO_MANY_REQUESTS = 429
_UNREACHABLE = 503


@dataclass(frozen=True, slots=True)
class _Document:
    record: Record
    index: str
    id: str | None

    def lines(self) -> bytes:
        """The two lines of a ``_bulk`` body: action and document."""
        action = {"_index": self.index} | ({"_id": self.id} if self.id else {})
        return json.dumps({"index": action}).encode() + b"\n" + self.record.payload.strip() + b"\n"


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    message: str = ""

    @property
    def accepted(self) -> bool:
        return self.status < 300  # noqa: PLR2004  HTTP's successes

    @property
    def transient(self) -> bool:
        return self.status == _TOO_MANY_REQUESTS or self.status >= 500  # noqa: PLR2004  the server's own faults


def deliver(
    server: OpenSearchServer,
    config: DestinationConfig,
    records: Sequence[Record],
    patience_seconds: float,
) -> list[Undelivered]:
    """Index the records and give back those that the domain will not have.

    A malformed record never leaves. What is answered with 429 or 5xx, or not at all, is tried
    again alone for ``patience_seconds``; any other refusal is final at once.

    Raises:
        DeliveryBlockedError: the role lacks a documented ``es:`` permission.
    """
    firehose_access.require_domain(config["RoleARN"], config["DomainARN"], config["IndexName"])
    failed = [
        Undelivered(record, "OS.MalformedData", _MALFORMED, 0)
        for record in records
        if not _is_document(record.payload)
    ]
    malformed = {failure.record.id for failure in failed}
    pending = [_document(config, record) for record in records if record.id not in malformed]
    return failed + _index(server, config["RoleARN"], pending, patience_seconds)


def _is_document(payload: bytes) -> bool:
    if b"\n" in payload.strip():
        return False
    try:
        return isinstance(json.loads(payload), dict)
    except ValueError:
        return False


def _document(config: DestinationConfig, record: Record) -> _Document:
    rotation = _ROTATIONS[config.get("IndexRotationPeriod", "OneDay")]
    suffix = time.strftime(rotation, time.gmtime(record.arrived)) if rotation else ""
    options = config.get("DocumentIdOptions") or {}
    generated = options.get("DefaultDocumentIdFormat", "FIREHOSE_DEFAULT") == "FIREHOSE_DEFAULT"
    return _Document(record, config["IndexName"] + suffix, f"{record.id}.0" if generated else None)


def _index(
    server: OpenSearchServer, role: str, pending: list[_Document], patience_seconds: float
) -> list[Undelivered]:
    deadline = time.monotonic() + patience_seconds
    failed, attempts = list[Undelivered](), 0
    while pending:
        attempts += 1
        answers = _bulk(server, role, pending)
        final = time.monotonic() >= deadline
        again = list[_Document]()
        for document, answer in zip(pending, answers, strict=True):
            if answer.transient and not final:
                again.append(document)
            elif not answer.accepted:
                failed.append(_undelivered(document, answer, attempts))
        if pending := again:
            time.sleep(_PAUSE_SECONDS)
    return failed


def _bulk(server: OpenSearchServer, role: str, documents: Sequence[_Document]) -> list[_Answer]:
    """One answer per document; when the request as a whole failed, the same for each."""
    body = b"".join(document.lines() for document in documents)
    headers = {"content-type": "application/x-ndjson"}
    try:
        response = server.send("POST", "/_bulk", principal=role, body=body, headers=headers)
        text = response.read()
        response.release_conn()
    except HTTPError as error:
        return [_Answer(_UNREACHABLE, f"OpenSearch does not answer: {error}")] * len(documents)
    if response.status >= 300:  # noqa: PLR2004  HTTP's successes
        return [_Answer(response.status, text.decode(errors="replace"))] * len(documents)
    items = [item["index"] for item in json.loads(text)["items"]]
    return [_Answer(item["status"], json.dumps(item.get("error", {}))) for item in items]


def _undelivered(document: _Document, answer: _Answer, attempts: int) -> Undelivered:
    extra = {
        "esDocumentId": document.id or "",
        "esIndexName": document.index,
        "esTypeName": "",  # OpenSearch has no types
    }
    return Undelivered(document.record, str(answer.status), answer.message, attempts, extra)
