# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Tells an on-failure destination which records of a stream were given up.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
"""

import json
import time
import uuid
from dataclasses import dataclass
from typing import Any

from ministack.core.arn import parse_arn
from ministack.services import eventbridge, sns, sqs

from local.aws import firehose_s3, key_use, patching, roles
from local.aws.esm_batch import ARRIVAL, Batch
from local.aws.firehose_records import DeliveryBlockedError
from local.aws.settings import Settings

_SERVICE = "lambda.amazonaws.com"
_ACTIONS = {"sqs": "sqs:SendMessage", "sns": "sns:Publish", "s3": "s3:PutObject"}


@dataclass(frozen=True, slots=True)
class GivenUp:
    """One batch that is not tried any more.

    Attributes:
        event: What the function was sent, kept whole in an S3 destination only.
        condition: ``RetryAttemptsExhausted`` or ``MaxRecordAgeExceeded``.
    """

    mapping: dict[str, Any]
    role: str
    shard_id: str
    batch: Batch
    condition: str
    event: dict[str, Any]

    def invocation_record(self) -> dict[str, Any]:
        """The message for the destination: which records, where, why; not their data."""
        first, last = self.batch.records[0], self.batch.records[-1]
        return {
            "requestContext": {
                "requestId": str(uuid.uuid4()),
                "functionArn": self.mapping["FunctionArn"],
                "condition": self.condition,
                "approximateInvokeCount": self.batch.attempts,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": self.mapping.get("Qualifier") or "$LATEST",
                "functionError": "Unhandled",
            },
            "version": "1.0",
            "timestamp": _iso(time.time()),
            "KinesisBatchInfo": {
                "shardId": self.shard_id,
                "startSequenceNumber": first["SequenceNumber"],
                "endSequenceNumber": last["SequenceNumber"],
                "approximateArrivalOfFirstRecord": _iso(first[ARRIVAL]),
                "approximateArrivalOfLastRecord": _iso(last[ARRIVAL]),
                "batchSize": len(self.batch.records),
                "streamArn": self.mapping["EventSourceArn"],
            },
        }


def tell(given_up: GivenUp) -> str | None:
    """Send the invocation record to the mapping's destination, if it has one.

    Gives the reason why nobody could be told, or ``None``.
    """
    settings = given_up.mapping.get("DestinationConfig") or {}
    destination = (settings.get("OnFailure") or {}).get("Destination")
    if not destination:
        return "the mapping has no on-failure destination"
    kind = parse_arn(destination).service
    resource = f"{destination}/{_key(given_up)}" if kind == "s3" else destination
    why = roles.denied(given_up.role, _ACTIONS[kind], resource, _SERVICE)
    if kind == "sqs" and not why:
        why = _key_denied(destination, given_up.role)
    return why or _send(kind, destination, given_up)


def _key_denied(queue_arn: str, role: str) -> str | None:
    """Why the queue's key keeps the role from sending.

    Reference: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
    """
    queue = sqs._queue_by_arn(queue_arn) or {"attributes": {}}
    return key_use.queue_denied(queue["attributes"], key_use.SENDS_MESSAGES, role, _SERVICE)


def _send(kind: str, destination: str, given_up: GivenUp) -> str | None:
    record = given_up.invocation_record()
    if kind == "sqs":
        return _send_to_queue(destination, json.dumps(record))
    if kind == "sns":
        published = sns.publish_internal(destination, json.dumps(record))
        return None if published else f"topic {destination} does not exist"
    body = json.dumps(record | {"payload": json.dumps(given_up.event)}).encode()
    try:
        firehose_s3.put_object(parse_arn(destination).resource, _key(given_up), body)
    except DeliveryBlockedError as error:
        return str(error)
    return None


def _send_to_queue(queue_arn: str, body: str) -> str | None:
    if sqs._queue_by_arn(queue_arn) is None:
        return f"queue {queue_arn} does not exist"
    eventbridge._dispatch_to_sqs(parse_arn(queue_arn), body)
    return None


def _key(given_up: GivenUp) -> str:
    day = time.strftime("%Y/%m/%d/%Y-%m-%dT%H.%M.%S", time.gmtime())
    return f"aws/lambda/{given_up.mapping['UUID']}/{given_up.shard_id}/{day}-{uuid.uuid4()}"


def _iso(unix_seconds: float) -> str:
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(unix_seconds))
    return f"{moment}.{int(unix_seconds % 1 * 1000):03d}Z"


def apply(_settings: Settings) -> None:
    """Check the names this module calls."""
    patching.require(sqs, "_queue_by_arn")
    patching.require(sns, "publish_internal")
    patching.require(eventbridge, "_dispatch_to_sqs")
