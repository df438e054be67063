"""What flows through a delivery stream: records, and what became of those that failed.

Reference: https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html
"""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

type DeliveryStream = dict[str, Any]
"""MiniStack's description of one delivery stream: ``name``, ``arn``, ``version``, ..."""

type DestinationConfig = dict[str, Any]
"""A destination's configuration as ``CreateDeliveryStream`` received it."""


@dataclass(frozen=True, slots=True)
class Record:
    """One acknowledged record.

    Attributes:
        payload: The record's bytes, decoded from the API's base64.
        arrived: When it was acknowledged, Unix seconds.
        id: What ``PutRecord`` answered with; the document id under ``FIREHOSE_DEFAULT``.
    """

    payload: bytes
    arrived: float = field(default_factory=time.time)
    id: str = field(default_factory=lambda: secrets.token_hex(28))


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One record that its destination, or its transformation, has refused for good.

    Attributes:
        code: Firehose's error code, such as ``Lambda.FunctionError``, or an HTTP status.
        attempts: How often it was tried, 0 when it never left Firehose.
        extra: Further keys of the error file, such as ``esIndexName``.
    """

    record: Record
    code: str
    message: str
    attempts: int = 1
    extra: dict[str, str] = field(default_factory=dict)


class DeliveryBlockedError(Exception):
    """Nothing can be delivered right now, so Firehose keeps the records and tries again.

    Attributes:
        code: Firehose's error code, such as ``S3.AccessDenied``.
        message: What to repair.

    Reference: https://docs.aws.amazon.com/firehose/latest/dev/retry.html
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
