# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Tells of delivery errors: to the log stream the destination names, and to the refusals.

Reference: https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html
"""

import json
import time
from collections.abc import Iterable

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs

from local.aws import firehose_access
from local.aws.firehose_records import (
    DeliveryBlockedError,
    DeliveryStream,
    DestinationConfig,
    Undelivered,
)
from local.aws.refusals import refuse

_blocked: dict[str, str] = {}
"""Why a delivery stream (by ARN) is blocked: each reason is refused once, not at each retry."""


def log_failures(
    stream: DeliveryStream, config: DestinationConfig, failures: Iterable[Undelivered]
) -> None:
    """Write one error line for each different error; the records themselves are in S3."""
    for code, message in dict.fromkeys((f.code, f.message) for f in failures):
        _log(stream, config, code, message)


def log_blocked(
    stream: DeliveryStream, config: DestinationConfig, error: DeliveryBlockedError
) -> None:
    """Write the error line and refuse, once per reason: the records wait until it is repaired."""
    if _blocked.get(stream["arn"]) == str(error):
        return
    _blocked[stream["arn"]] = str(error)
    refuse("firehose", f"{stream['name']} keeps its records: {error}")
    _log(stream, config, error.code, error.message)


def log_unblocked(stream: DeliveryStream) -> None:
    """Forget the reason, so that the same one is told again when it comes back."""
    _blocked.pop(stream["arn"], None)


def _log(stream: DeliveryStream, config: DestinationConfig, code: str, message: str) -> None:
    options = config.get("CloudWatchLoggingOptions") or {}
    if str(options.get("Enabled", "")).lower() != "true":
        return
    group, name = options["LogGroupName"], options["LogStreamName"]
    line = {
        "deliveryStreamARN": stream["arn"],
        "destination": config.get("DomainARN") or config.get("BucketARN"),
        "deliveryStreamVersionId": stream["version"],
        "message": message,
        "errorCode": code,
    }
    if why := _put(config["RoleARN"], group, name, json.dumps(line)):
        refuse("firehose", f"{stream['name']} cannot log {code}: {why}")


def _put(role: str, group: str, name: str, line: str) -> str | None:
    prefix = f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group"
    if why := firehose_access.require_log_stream(role, f"{prefix}:{group}:log-stream:{name}"):
        return why
    event = {"timestamp": int(time.time() * 1000), "message": line}
    request = {"logGroupName": group, "logStreamName": name, "logEvents": [event]}
    status, _headers, answer = cloudwatch_logs._put_log_events(request)
    return None if status < 300 else f"{answer!r}"  # noqa: PLR2004  anything but a success
