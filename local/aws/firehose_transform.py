# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Runs a delivery stream's Lambda transformation over a batch of records.

Reference: https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
"""

import base64
import binascii
import json
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ministack.core.responses import get_region
from ministack.services import lambda_svc

from local.aws import firehose_access
from local.aws.firehose_records import DeliveryStream, DestinationConfig, Record, Undelivered

type Transformed = tuple[list[Record], list[Undelivered]]
"""What goes on to the destination, and what goes to the error prefix."""

_RETRIES = 3  # NumberOfRetries when the processor does not say
_BUFFER_MIB = 1.0  # BufferSizeInMBs when the processor does not say


def processors(config: DestinationConfig) -> list[dict[str, Any]]:
    """The processors that are switched on; CloudFormation may hand the switch over as text."""
    processing = config.get("ProcessingConfiguration") or {}
    enabled = str(processing.get("Enabled", "")).lower() == "true"
    return list(processing.get("Processors") or []) if enabled else []


def transform(
    stream: DeliveryStream, config: DestinationConfig, records: Sequence[Record]
) -> Transformed:
    """Send the records through the destination's function, if it has one.

    Every record comes back once: changed, dropped by the function's own word, or failed.
    """
    accepted, failed = list(records), list[Undelivered]()
    for processor in processors(config):
        settings = {p["ParameterName"]: p["ParameterValue"] for p in processor["Parameters"]}
        batches = _batches(accepted, float(settings.get("BufferSizeInMBs", _BUFFER_MIB)))
        accepted = []
        for batch in batches:
            good, bad = _transform_batch(stream, config["RoleARN"], settings, batch)
            accepted += good
            failed += bad
    return accepted, failed


def _batches(records: Sequence[Record], limit_mib: float) -> Iterator[list[Record]]:
    batch, size = list[Record](), 0
    for record in records:
        if batch and size + len(record.payload) > limit_mib * 2**20:
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += len(record.payload)
    if batch:
        yield batch


def _transform_batch(
    stream: DeliveryStream, role: str, settings: dict[str, str], batch: Sequence[Record]
) -> Transformed:
    function_arn = settings["LambdaArn"]
    extra = {"lambdaArn": function_arn}
    if why := firehose_access.require_function(role, function_arn):
        return [], [Undelivered(r, "Lambda.InvokeAccessDenied", why, 1, extra) for r in batch]
    event = _event(stream, batch)
    tries = 1 + int(settings.get("NumberOfRetries", _RETRIES))
    for _ in range(tries):
        answer = _invoke(function_arn, event)
        if isinstance(answer, list):
            return _sort(batch, answer, extra)
    message = f"The Lambda function was successfully invoked but it returned an error: {answer}"
    return [], [Undelivered(r, "Lambda.FunctionError", message, tries, extra) for r in batch]


def _event(stream: DeliveryStream, batch: Sequence[Record]) -> dict[str, Any]:
    return {
        "invocationId": str(uuid.uuid4()),
        "deliveryStreamArn": stream["arn"],
        "region": get_region(),
        "records": [
            {
                "recordId": record.id,
                "approximateArrivalTimestamp": int(record.arrived * 1000),
                "data": base64.b64encode(record.payload).decode(),
            }
            for record in batch
        ],
    }


def _invoke(function_arn: str, event: dict[str, Any]) -> list[dict[str, Any]] | str:
    """The function's ``records``, or what was wrong with its answer."""
    function, config, _ = lambda_svc._get_func_record_for_ref(function_arn)
    if function is None:
        return f"function {function_arn} does not exist"
    record = lambda_svc._execution_record_for_config(function, config)
    result = lambda_svc._execute_function_with_config_scope(record, event)
    body = result.get("body")
    if not result.get("error") and isinstance(body, dict) and isinstance(body.get("records"), list):
        return list(body["records"])
    return json.dumps(body)


def _sort(
    batch: Sequence[Record], answers: list[dict[str, Any]], extra: dict[str, str]
) -> Transformed:
    counts = Counter(answer.get("recordId") for answer in answers)
    by_id = {answer.get("recordId"): answer for answer in answers}
    accepted, failed = list[Record](), list[Undelivered]()
    for record in batch:
        outcome = _outcome(record, by_id.get(record.id), counts[record.id])
        if isinstance(outcome, Record):
            accepted.append(outcome)
        elif outcome is not None:
            failed.append(Undelivered(record, *outcome, 1, extra))
    return accepted, failed


def _outcome(
    record: Record, answer: dict[str, Any] | None, count: int
) -> Record | tuple[str, str] | None:
    """The changed record, or code and message of its failure, or ``None`` when dropped."""
    if answer is None:
        return "Lambda.MissingRecordId", "The Lambda function did not return this record's id."
    if count > 1:
        return "Lambda.DuplicatedRecordId", "The Lambda function returned this record's id twice."
    if answer.get("result") == "Dropped":
        return None
    if answer.get("result") != "Ok":
        return "Lambda.ProcessingFailedStatus", "ProcessingFailed status set for record"
    try:
        payload = base64.b64decode(answer.get("data") or "", validate=True)
    except binascii.Error as error:
        return "Lambda.JsonProcessingException", f"data is not base64: {error}"
    return Record(payload, record.arrived, record.id)
