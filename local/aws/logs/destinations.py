# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Destinations: the doors through which other accounts' log events come in.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateDestination.html
"""

import json
import re
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs

from local.aws.logs.errors import InvalidParameterError
from local.aws.logs.subscriptions import send_control_message

MAX_POLICY_BYTES = 5_120  # API_PutDestinationPolicy
_TARGET = re.compile(
    r"arn:aws:(kinesis:[^:]+:\d{12}:stream|firehose:[^:]+:\d{12}:deliverystream)/.+"
)


def check(request: dict[str, Any]) -> None:
    """Check a ``PutDestination`` request, and send the target its test message.

    AWS sends it on the recipient account's behalf, so the role's trust must cover that too.

    Raises:
        InvalidParameterError: the target is no stream, or the message cannot be delivered.
    """
    target, role = request.get("targetArn", ""), request.get("roleArn", "")
    if not _TARGET.fullmatch(target):
        raise InvalidParameterError(f"{target!r} is neither a Kinesis stream nor a Firehose stream")
    own = f"arn:aws:logs:{get_region()}:{get_account_id()}:destination:{request['destinationName']}"
    if why := send_control_message(target, role, own):
        raise InvalidParameterError(f"Could not deliver test message to {target}: {why}")


def keep_policy(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Make ``PutDestination`` of an existing name keep its access policy, as on AWS."""

    def put(request: dict[str, Any]) -> Any:  # noqa: ANN401  same
        before = cloudwatch_logs._destinations.get(request["destinationName"]) or {}
        return original({"accessPolicy": before.get("accessPolicy", ""), **request})

    return put


def check_policy(request: dict[str, Any]) -> None:
    """Check a ``PutDestinationPolicy`` request.

    Raises:
        InvalidParameterError: the policy is no JSON object with statements, or over 5,120 bytes.
    """
    text = request.get("accessPolicy", "")
    if len(text.encode()) > MAX_POLICY_BYTES:
        raise InvalidParameterError(f"accessPolicy exceeds {MAX_POLICY_BYTES} bytes")
    try:
        document = json.loads(text)
    except ValueError as error:
        raise InvalidParameterError(f"accessPolicy is not JSON: {error}") from error
    if not isinstance(document, dict) or not document.get("Statement"):
        raise InvalidParameterError("accessPolicy has no Statement")
