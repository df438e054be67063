# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Sends a batch of stream records to a mapping's function, with the function's own role.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ministack.core.responses import get_region
from ministack.services import kinesis, lambda_svc

from local.aws import firehose_access, kinesis_stream, patching, roles
from local.aws.esm_batch import KinesisRecord, first_failure
from local.aws.kinesis_stream import KinesisStream
from local.aws.settings import Settings

_READ = (
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
)
_SERVICE = "lambda.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an invocation went.

    Attributes:
        first_failed: Position of the first record that was not processed; ``None`` when all were.
        throttled: Whether the function was not even started; this is no failed attempt.
    """

    first_failed: int | None = None
    throttled: bool = False


def invoke(mapping: dict[str, Any], shard_id: str, records: Sequence[KinesisRecord]) -> Outcome:
    """Invoke the function with these records and wait for its answer."""
    function, config = _function(mapping)
    if function is None:
        return Outcome(first_failed=0)
    record = lambda_svc._execution_record_for_config(function, config)
    payload = event(mapping, shard_id, records)
    result = lambda_svc._execute_function_with_config_scope(record, payload)
    if result.get("throttle"):
        return Outcome(throttled=True)
    if result.get("error"):
        return Outcome(first_failed=0)
    if "ReportBatchItemFailures" not in (mapping.get("FunctionResponseTypes") or []):
        return Outcome()
    return Outcome(first_failed=first_failure(records, result.get("body")))


def filtered(mapping: dict[str, Any], records: Sequence[KinesisRecord]) -> Sequence[KinesisRecord]:
    """The records that the mapping's ``FilterCriteria`` let through."""
    if not mapping.get("FilterCriteria"):
        return records
    entries = event(mapping, "", records)["Records"]
    kept = {
        entry["kinesis"]["sequenceNumber"]
        for entry in lambda_svc._apply_filter_criteria(entries, mapping)
    }
    return [record for record in records if record["SequenceNumber"] in kept]


def event(
    mapping: dict[str, Any], shard_id: str, records: Sequence[KinesisRecord]
) -> dict[str, Any]:
    """The function's event, ``{"Records": [...]}``."""
    around = {
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": role(mapping),
        "awsRegion": get_region(),
        "eventSourceARN": mapping["EventSourceArn"],
    }
    entries = [
        {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": record["PartitionKey"],
                "sequenceNumber": record["SequenceNumber"],
                "data": kinesis._ensure_base64(record["Data"]),
                "approximateArrivalTimestamp": record["ApproximateArrivalTimestamp"],
            },
            "eventID": f"{shard_id}:{record['SequenceNumber']}",
            **around,
        }
        for record in records
    ]
    return {"Records": entries}


def role(mapping: dict[str, Any]) -> str:
    """The ARN of the function's role, empty when there is no such function."""
    _function_record, config = _function(mapping)
    return str((config or {}).get("Role", ""))


def read_denied(mapping: dict[str, Any], stream: KinesisStream) -> str | None:
    """Why the function's role may not read the stream, or ``None``."""
    arn, role_arn = mapping["EventSourceArn"], role(mapping)
    if not role_arn:
        return f"function {mapping['FunctionName']} does not exist"
    for action in _READ:
        if why := roles.denied(role_arn, action, arn, _SERVICE):
            return why
    key = kinesis_stream.customer_key(stream)
    if key is None:
        return None
    key_arn = firehose_access.key_arn(key)
    return roles.denied(role_arn, "kms:Decrypt", key_arn, _SERVICE, through="kinesis")


def _function(mapping: dict[str, Any]) -> tuple[Any, dict[str, Any] | None]:
    found: tuple[Any, dict[str, Any] | None] = lambda_svc._get_func_record_for_qualifier(
        mapping["FunctionName"], mapping.get("Qualifier")
    )
    return found


def apply(_settings: Settings) -> None:
    """Check the names this module calls."""
    patching.require(kinesis, "_ensure_base64")
    patching.require(
        lambda_svc,
        "_apply_filter_criteria",
        "_execute_function_with_config_scope",
        "_execution_record_for_config",
        "_get_func_record_for_qualifier",
        "_get_func_record_for_ref",
    )
