# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Bring an envelope to a Destination, stream, delivery stream or function, as far as roles allow.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html
"""

import base64
from typing import Any

from ministack.core.arn import Arn, parse_arn
from ministack.core.concurrency import spawn_background
from ministack.core.responses import request_scope
from ministack.services import cloudwatch_logs, firehose, kinesis, lambda_svc

from local.aws import firehose as delivery_streams
from local.aws import key_use, roles
from local.aws.kinesis import kinesis_put

SERVICE = "logs.amazonaws.com"
TARGETS = {"kinesis": "Kinesis stream", "firehose": "Firehose", "lambda": "Lambda function"}
_WRITE = {"kinesis": "kinesis:PutRecord", "firehose": "firehose:PutRecord"}


def destination(arn_text: str) -> dict[str, Any] | None:
    """Give the Destination with this ARN, of whatever account and region, or ``None``."""
    arn = parse_arn(arn_text)
    name = arn.resource.removeprefix("destination:")
    found: dict[str, Any] | None = cloudwatch_logs._destinations.get_scoped(
        arn.account_id, arn.region, name
    )
    return found


def deliver(
    target_arn: str, role_arn: str, partition_key: str, data: bytes, *, source_arn: str
) -> str | None:
    """Deliver one gzipped envelope; give ``None``, or the reason why it did not arrive.

    Args:
        target_arn: what the subscription names.
        role_arn: the subscription's role; a Destination brings its own.
        partition_key: decides on the shard of a Kinesis stream.
        data: the record.
        source_arn: on whose behalf: the log group, or the Destination for its test message.
    """
    arn = parse_arn(target_arn)
    if arn.service == "logs":
        found = destination(target_arn)
        if found is None:
            return f"destination {target_arn} does not exist"
        return deliver(
            found["targetArn"], found["roleArn"], partition_key, data, source_arn=source_arn
        )
    if why := refusal(arn, role_arn, source_arn):
        return why
    if arn.service == "kinesis":
        return kinesis_put(target_arn, partition_key, data)
    with request_scope(arn.account_id, arn.region):
        if arn.service == "firehose":
            delivery_streams.put(_delivery_stream(arn), [data])
        else:
            _invoke(target_arn, data)
    return None


def refusal(target: Arn, role_arn: str, source_arn: str) -> str | None:
    """Say why a stream, delivery stream or function cannot be written to, or ``None``."""
    if target.service not in TARGETS:
        return f"{target} is no target of a subscription"
    with request_scope(target.account_id, target.region):
        if not _exists(target):
            return f"{target} does not exist"
        if target.service == "lambda":
            return roles.service_denied(
                SERVICE,
                "lambda:InvokeFunction",
                str(target),
                lambda_svc.function_policy_for_arn(str(target))[0],
                source_arn=source_arn,
            )
    why = roles.denied(
        role_arn, _WRITE[target.service], str(target), SERVICE, source_arn=source_arn
    )
    if why or target.service != "kinesis":
        return why
    with request_scope(target.account_id, target.region):
        return key_use.stream_denied(str(target), role_arn, SERVICE, source_arn)


def _exists(target: Arn) -> bool:
    if target.service == "kinesis":
        return kinesis._resolve_stream_by_arn(str(target)) is not None
    if target.service == "firehose":
        return _delivery_stream(target) in firehose._streams
    return lambda_svc._get_func_record_for_ref(str(target))[0] is not None


def _delivery_stream(arn: Arn) -> str:
    return str(arn.resource).removeprefix("deliverystream/")


def _invoke(function_arn: str, data: bytes) -> None:
    """Invoke in the background: a function may take minutes, and its own logs come back here."""
    function, config, _name = lambda_svc._get_func_record_for_ref(function_arn)
    record = lambda_svc._execution_record_for_config(function, config)
    event = {"awslogs": {"data": base64.b64encode(data).decode()}}
    spawn_background(
        lambda_svc._execute_function_with_config_scope, record, event, thread_name="logs-to-lambda"
    )
