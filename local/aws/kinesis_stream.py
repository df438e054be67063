# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Looks at a Kinesis stream from inside the local cloud, whoever's account and region it is in."""

from typing import Any

from ministack.core.arn import parse_arn
from ministack.services import kinesis

type KinesisStream = dict[str, Any]
"""MiniStack's stream: ``StreamStatus``, ``KeyId`` and ``shards`` by id, each with ``records``."""


def find(stream_arn: str) -> KinesisStream | None:
    """The stream of that ARN, or ``None``."""
    arn = parse_arn(stream_arn)
    name = arn.resource.partition("/")[2]
    stream: KinesisStream | None = kinesis._streams.get_scoped(arn.account_id, arn.region, name)
    return stream


def customer_key(stream: KinesisStream | None) -> str | None:
    """The customer's KMS key that encrypts the stream, by ARN or id.

    ``None`` when it is not encrypted, or with AWS's own key, which readers need no permission for.
    """
    key = str((stream or {}).get("KeyId") or "")
    return key if key and not key.endswith("alias/aws/kinesis") else None
