# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Writes a delivery stream's S3 objects: records under the prefix, failures under the error prefix.

References:
    Object names: https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html
    Prefixes: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
"""

import asyncio
import base64
import gzip
import json
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ministack.core.responses import get_account_id
from ministack.services import firehose, s3

from local.aws import firehose_access
from local.aws.firehose_records import (
    DeliveryBlockedError,
    DeliveryStream,
    DestinationConfig,
    Record,
    Undelivered,
)
from local.aws.s3 import customer_key

COMPRESSIONS = ("UNCOMPRESSED", "GZIP")
"""What this module writes; AWS also offers ZIP and two kinds of Snappy."""

_FOLDERS = {"AmazonOpenSearchService-failed": "AmazonOpenSearchService_failed"}
"""Error types whose default folder AWS spells differently; the others are their own folder."""


def write_records(
    stream: DeliveryStream, config: DestinationConfig, records: Sequence[Record]
) -> None:
    """Put the records' bytes, end to end and without delimiter, into one object.

    Raises:
        DeliveryBlockedError: the bucket is missing, or the role may not write to it.
    """
    arrived = min(record.arrived for record in records)  # of the oldest, as AWS evaluates it
    body = b"".join(record.payload for record in records)
    _write(stream, config, evaluate_prefix(config, arrived), body, arrived)


def write_failures(
    stream: DeliveryStream, config: DestinationConfig, kind: str, failures: Sequence[Undelivered]
) -> None:
    """Put one JSON line per failure into one object under the error prefix.

    ``kind`` is the ``error-output-type``: ``processing-failed`` or
    ``AmazonOpenSearchService-failed``. A line has ``attemptsMade``, ``arrivalTimestamp`` and
    ``attemptEndingTimestamp`` (Unix milliseconds), ``errorCode``, ``errorMessage``, ``rawData``
    (base64) and what the failure adds, such as ``esIndexName``.

    Raises:
        DeliveryBlockedError: the bucket is missing, or the role may not write to it.
    """
    arrived = min(failure.record.arrived for failure in failures)
    body = "".join(_failure_line(failure) for failure in failures).encode()
    _write(stream, config, evaluate_error_prefix(config, arrived, kind), body, arrived)


def evaluate_prefix(config: DestinationConfig, arrived: float) -> str:
    """``Prefix`` with its expressions replaced; ``yyyy/MM/dd/HH/`` is added when it has no time."""
    return str(firehose._evaluate_prefix(config.get("Prefix", ""), _calendar(config, arrived)))


def evaluate_error_prefix(config: DestinationConfig, arrived: float, kind: str) -> str:
    """``ErrorOutputPrefix`` evaluated, or AWS's folder for this kind of failure."""
    template = config.get("ErrorOutputPrefix") or f"{_FOLDERS.get(kind, kind)}/"
    calendar = _calendar(config, arrived)
    return str(firehose._evaluate_prefix(template, calendar, error_type=kind))


def _calendar(config: DestinationConfig, arrived: float) -> time.struct_time:
    zone = config.get("CustomTimeZone")
    return datetime.fromtimestamp(arrived, ZoneInfo(zone) if zone else UTC).timetuple()


def _failure_line(failure: Undelivered) -> str:
    ended = time.time()
    line = {
        "attemptsMade": failure.attempts,
        "arrivalTimestamp": int(failure.record.arrived * 1000),
        "errorCode": failure.code,
        "errorMessage": failure.message,
        "attemptEndingTimestamp": int(ended * 1000),
        **failure.extra,
        "rawData": base64.b64encode(failure.record.payload).decode(),
    }
    return json.dumps(line) + "\n"


def _write(
    stream: DeliveryStream, config: DestinationConfig, prefix: str, body: bytes, arrived: float
) -> None:
    bucket = firehose_access.resource_name(config["BucketARN"].replace(":::", ":::bucket/"))
    extension = config.get("FileExtension", "")
    if config.get("CompressionFormat") == "GZIP":
        body, extension = gzip.compress(body), extension or ".gz"
    moment = time.strftime("%Y-%m-%d-%H-%M-%S", _calendar(config, arrived))
    key = f"{prefix}{stream['name']}-{stream['version']}-{moment}-{uuid.uuid4()}{extension}"
    firehose_access.require_bucket(config["RoleARN"], bucket, key, _kms_key(config, bucket))
    put_object(bucket, key, body)


def put_object(bucket: str, key: str, body: bytes) -> None:
    """Put one object into a bucket of the current account, as the service itself.

    Raises:
        DeliveryBlockedError: S3 refused it, for instance because the bucket does not exist.
    """
    if bucket not in s3._buckets:
        raise DeliveryBlockedError(
            "S3.NoSuchBucket", f"bucket {bucket} does not exist in account {get_account_id()}"
        )
    headers = {
        "host": "s3.localhost",
        "content-type": "application/octet-stream",
        "content-length": str(len(body)),
    }
    request = s3.handle_request("PUT", f"/{bucket}/{key}", headers, body, {}, internal=True)
    status, _headers, answer = asyncio.run(request)
    if status >= 300:  # noqa: PLR2004  anything but a success
        raise DeliveryBlockedError("S3.ServiceException", f"{status} for {key}: {answer!r}")


def _kms_key(config: DestinationConfig, bucket: str) -> str | None:
    """The customer key that will encrypt the object: the stream's setting or the bucket's."""
    chosen: dict[str, Any] = (config.get("EncryptionConfiguration") or {}).get(
        "KMSEncryptionConfig", {}
    )
    if "AWSKMSKeyARN" in chosen:
        return str(chosen["AWSKMSKeyARN"])
    return customer_key(bucket)
