# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Delivery streams: the API with AWS's limits, and buffers behind it that lose nothing.

Reference: https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
"""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import firehose

from local.aws import firehose_create, firehose_plane, patching
from local.aws.firehose_plane import PLANE
from local.aws.firehose_records import DeliveryStream
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


class InvalidRecordError(Exception):
    """The request breaks a limit or is not base64.

    Attributes:
        code: The AWS error code it is answered with.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def put(delivery_stream_name: str, records: list[bytes]) -> None:
    """Hand records over as another service would, in the current account and region."""
    stream = firehose._streams.get(delivery_stream_name)
    if stream is None:
        refuse("firehose", f"delivery stream {delivery_stream_name} does not exist")
        return
    for large in (record for record in records if len(record) > MAX_RECORD_BYTES):
        refuse("firehose", f"{delivery_stream_name}: a record has {len(large)} bytes")
    PLANE.accept(stream, [record for record in records if len(record) <= MAX_RECORD_BYTES])


def ingest(stream_arn: str, records: Sequence[tuple[str, bytes]]) -> None:
    """Give new records of a Kinesis stream, ``(partition key, data)``, to whoever reads from it.

    Whether the role may read is judged at delivery, so that a late policy loses nothing.
    """
    for stream in list(firehose._streams.values()):
        source = stream.get("kinesis_source") or {}
        if source.get("KinesisStreamARN") == stream_arn:
            PLANE.accept(stream, [data for _key, data in records])


def put_record(request: dict[str, Any]) -> Response:
    """Answer ``PutRecord``."""
    found = _direct_put_stream(request)
    if isinstance(found, tuple):
        return found
    try:
        payload = _payload(request["Record"], "record.data")
    except InvalidRecordError as error:
        return _error(error.code, str(error))
    record = PLANE.accept(found, [payload])[0]
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
    failed = PLANE.take_throttled(found, len(payloads))
    busy = {"ErrorCode": "ServiceUnavailableException", "ErrorMessage": "Slow down."}
    entries = [{"RecordId": record.id} for record in PLANE.accept(found, payloads[failed:])]
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
    patching.require(firehose, "_streams", "_not_found", "_evaluate_prefix")
    patching.wrap_entry(firehose, "_HANDLERS", "PutRecord", lambda _original: put_record)
    patching.wrap_entry(firehose, "_HANDLERS", "PutRecordBatch", lambda _original: put_record_batch)
    patching.replace(firehose, "ingest_from_kinesis_source", ingest)
    firehose_create.apply(settings)
    firehose_plane.apply(settings)
    route("POST", THROTTLE_PATH, PLANE.throttle)
