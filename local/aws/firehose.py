# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Delivery streams: the API with AWS's limits, and buffers behind it that lose nothing.

Reference: https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
"""

import atexit
import base64
import binascii
import threading
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ministack.core.arn import parse_arn
from ministack.core.responses import error_response_json, json_response
from ministack.services import firehose

from local.aws import firehose_create, patching
from local.aws.firehose_buffer import Buffers
from local.aws.firehose_delivery import Delivery
from local.aws.firehose_records import DeliveryStream, Record
from local.aws.opensearch_server import OpenSearchServer
from local.aws.refusals import refuse
from local.aws.routes import route
from local.aws.settings import Settings

type Response = tuple[int, dict[str, str], bytes]
"""Status, headers and body, as MiniStack's handlers answer."""

# https://docs.aws.amazon.com/firehose/latest/dev/limits.html
MAX_RECORD_BYTES = 1000 * 1024
MAX_BATCH_RECORDS = 500
MAX_BATCH_BYTES = 4 * 2**20

THROTTLE_PATH = "/_local/firehose-throttle"
DRAIN_SECONDS = 10.0  # for what is still buffered when the process ends
_INTERVAL_SECONDS, _SIZE_MIB = 300.0, 5.0  # BufferingHints when the destination does not say


class InvalidRecordError(Exception):
    """The request breaks a limit or is not base64.

    Attributes:
        code: The AWS error code it is answered with.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class DataPlane:
    """Every delivery stream's buffers, and the switch that makes puts fail for a test."""

    def __init__(self) -> None:
        self.buffers: Buffers[tuple[str, str, str, str]] = Buffers()
        self.server = OpenSearchServer("")
        self.cap_seconds = 3.0
        self._throttled: Counter[str] = Counter()
        self._lock = threading.Lock()

    def accept(self, stream: DeliveryStream, payloads: Sequence[bytes]) -> list[Record]:
        """Acknowledge payloads: from here on each one arrives, or ends in S3 or the refusals."""
        records = [Record(payload) for payload in payloads]
        arn = parse_arn(stream["arn"])
        for destination in stream["destinations"]:
            hints = destination["config"].get("BufferingHints") or {}
            interval = float(hints.get("IntervalInSeconds", _INTERVAL_SECONDS))
            self.buffers.add(
                (arn.account_id, arn.region, stream["name"], destination["id"]),
                records,
                deliver=Delivery(stream, destination, self.server, self.cap_seconds),
                limit_mib=float(hints.get("SizeInMBs", _SIZE_MIB)),
                interval_seconds=min(interval, self.cap_seconds),
            )
        return records

    def throttle(self, request: dict[str, Any]) -> dict[str, int]:
        """Let the next ``records`` entries of batches to ``stream`` fail as if AWS were busy."""
        with self._lock:
            self._throttled[str(request["stream"])] += int(request["records"])
            return dict(self._throttled)

    def take_throttled(self, stream: DeliveryStream, records: int) -> int:
        """How many of so many entries fail now; that many are used up."""
        with self._lock:
            failed = min(self._throttled[stream["name"]], records)
            self._throttled[stream["name"]] -= failed
        return failed

    def pending(self) -> dict[str, int]:
        """Acknowledged records that are not delivered yet, by delivery stream."""
        counts = self.buffers.pending()
        return {f"firehose:{key[1]}:{key[2]}": count for key, count in counts.items()}

    def drain(self) -> None:
        """Deliver what is left; what cannot be delivered is refused, as it is lost now.

        In a thread of its own: S3 is asynchronous inside, and the caller may be in an event loop.
        """
        thread = threading.Thread(target=self.buffers.drain, args=(DRAIN_SECONDS,))
        thread.start()
        thread.join()
        for place, count in self.pending().items():
            refuse("firehose", f"{count} records of {place} are lost with this process")


_plane = DataPlane()


def pending() -> dict[str, int]:
    """Acknowledged records that are not delivered yet, ``{"firehose:<region>:<name>": count}``."""
    return _plane.pending()


def put(delivery_stream_name: str, records: list[bytes]) -> None:
    """Hand records over as another service would, in the current account and region."""
    stream = firehose._streams.get(delivery_stream_name)
    if stream is None:
        refuse("firehose", f"delivery stream {delivery_stream_name} does not exist")
        return
    for large in (record for record in records if len(record) > MAX_RECORD_BYTES):
        refuse("firehose", f"{delivery_stream_name}: a record has {len(large)} bytes")
    _plane.accept(stream, [record for record in records if len(record) <= MAX_RECORD_BYTES])


def ingest(stream_arn: str, records: Sequence[tuple[str, bytes]]) -> None:
    """Give new records of a Kinesis stream, ``(partition key, data)``, to whoever reads from it.

    Whether the role may read is judged at delivery, so that a late policy loses nothing.
    """
    for stream in list(firehose._streams.values()):
        source = stream.get("kinesis_source") or {}
        if source.get("KinesisStreamARN") == stream_arn:
            _plane.accept(stream, [data for _key, data in records])


def put_record(request: dict[str, Any]) -> Response:
    """Answer ``PutRecord``."""
    found = _direct_put_stream(request)
    if isinstance(found, tuple):
        return found
    try:
        payload = _payload(request["Record"], "record.data")
    except InvalidRecordError as error:
        return _error(error.code, str(error))
    record = _plane.accept(found, [payload])[0]
    return _answer({"RecordId": record.id, "Encrypted": bool(found["encryption"])})


def put_record_batch(request: dict[str, Any]) -> Response:
    """Answer ``PutRecordBatch``: entries fail one by one, or the limits refuse all of them."""
    found = _direct_put_stream(request)
    if isinstance(found, tuple):
        return found
    try:
        payloads = _batch(request["Records"])
    except InvalidRecordError as error:
        return _error(error.code, str(error))
    failed = _plane.take_throttled(found, len(payloads))
    busy = {"ErrorCode": "ServiceUnavailableException", "ErrorMessage": "Slow down."}
    entries = [{"RecordId": record.id} for record in _plane.accept(found, payloads[failed:])]
    return _answer(
        {
            "FailedPutCount": failed,
            "Encrypted": bool(found["encryption"]),
            "RequestResponses": [busy] * failed + entries,
        }
    )


def _direct_put_stream(request: dict[str, Any]) -> DeliveryStream | Response:
    name = request["DeliveryStreamName"]
    stream: DeliveryStream | None = firehose._streams.get(name)
    if stream is None:
        missing: Response = firehose._not_found(name)
        return missing
    if stream["type"] != "DirectPut":
        kind = stream["type"]
        return _error(
            "InvalidArgumentException",
            f"This operation is not permitted on {kind} delivery stream type.",
        )
    return stream


def _batch(records: Sequence[dict[str, Any]]) -> list[bytes]:
    if not 1 <= len(records) <= MAX_BATCH_RECORDS:
        bound = "less than or equal to 500" if records else "greater than or equal to 1"
        raise InvalidRecordError("ValidationException", _constraint("records", bound))
    payloads = [
        _payload(record, f"records.{number}.member.data")
        for number, record in enumerate(records, start=1)
    ]
    if sum(map(len, payloads)) > MAX_BATCH_BYTES:
        raise InvalidRecordError("InvalidArgumentException", "Records size exceeds 4 MB limit")
    return payloads


def _payload(record: dict[str, Any], field: str) -> bytes:
    try:
        payload = base64.b64decode(record["Data"], validate=True)
    except (KeyError, binascii.Error) as error:
        raise InvalidRecordError("SerializationException", f"{field}: {error}") from error
    if len(payload) > MAX_RECORD_BYTES:
        bound = f"less than or equal to {MAX_RECORD_BYTES}"
        raise InvalidRecordError("ValidationException", _constraint(field, bound))
    return payload


def _constraint(field: str, bound: str) -> str:
    return (
        f"1 validation error detected: Value at '{field}' failed to satisfy constraint: "
        f"Member must have length {bound}"
    )


def _error(code: str, message: str) -> Response:
    response: Response = error_response_json(code, message, 400)
    return response


def _answer(body: dict[str, Any]) -> Response:
    response: Response = json_response(body)
    return response


def apply(settings: Settings) -> None:
    """Replace MiniStack's data plane, which writes each record to S3 alone and nowhere else."""
    _plane.server = OpenSearchServer.from_settings(settings)
    _plane.cap_seconds = settings.buffer_cap_seconds
    patching.require(firehose, "_streams", "_not_found", "_evaluate_prefix")
    patching.wrap_entry(firehose, "_HANDLERS", "PutRecord", lambda _original: put_record)
    patching.wrap_entry(firehose, "_HANDLERS", "PutRecordBatch", lambda _original: put_record_batch)
    patching.replace(firehose, "ingest_from_kinesis_source", ingest)
    firehose_create.apply(settings)
    route("POST", THROTTLE_PATH, _plane.throttle)
    atexit.register(_plane.drain)
    _plane.buffers.start()
