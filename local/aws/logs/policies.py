"""Account policies: one subscription for every log group of an account and region.

Reference: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html
"""

import json
import re
import time
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_account_id

from local.aws.logs.errors import InvalidParameterError, LimitExceededError, NotFoundError
from local.aws.logs.subscriptions import Subscription, check_target, greet

POLICY_TYPE = "SUBSCRIPTION_FILTER_POLICY"
MAX_SELECTION_BYTES = 25 * 1024  # UTF-8, API_PutAccountPolicy
MAX_DOCUMENT_CHARACTERS = 30_720  # same
ACTIONS = ("logs:PutSubscriptionFilter", "logs:PutAccountPolicy")

_SELECTION = re.compile(r"LogGroupName NOT IN (\[.*\])", re.DOTALL)
_LOG_GROUP = re.compile(r"[.\-_/#A-Za-z0-9]{1,512}")  # API_CreateLogGroup
_KEYS = {"DestinationArn", "RoleArn", "FilterPattern", "Distribution"}

_policies = AccountRegionScopedDict()


def put(request: dict[str, Any]) -> dict[str, Any]:
    """Answer ``PutAccountPolicy``: replace the policy of this name, or add the only one.

    Raises:
        InvalidParameterError: the type, document or selection is malformed.
        LimitExceededError: the account and region have a policy of another name.
        DeniedError: the Destination's policy does not let this account subscribe.
    """
    name, kind = request["policyName"], request["policyType"]
    if kind != POLICY_TYPE:
        raise InvalidParameterError(f"the local cloud has no account policies of type {kind}")
    excluded_log_groups(request.get("selectionCriteria", ""))
    wanted = subscription(request)
    check_target(wanted, actions=ACTIONS)
    if any(other != name for other in _policies):
        raise LimitExceededError(f"an account and region can have one {POLICY_TYPE}")
    kept = ("policyName", "policyType", "policyDocument", "selectionCriteria")
    policy = {key: request[key] for key in kept if request.get(key)}
    policy |= {"scope": "ALL", "accountId": get_account_id()}
    _policies[name] = policy | {"lastUpdatedTime": time.time_ns() // 1_000_000}
    greet(wanted)
    return {"accountPolicy": _policies[name]}


def describe(request: dict[str, Any]) -> dict[str, Any]:
    """Answer ``DescribeAccountPolicies``."""
    name = request.get("policyName")
    found = [policy for policy in _policies.values() if name in (None, policy["policyName"])]
    return {"accountPolicies": found if request.get("policyType") == POLICY_TYPE else []}


def delete(request: dict[str, Any]) -> dict[str, Any]:
    """Answer ``DeleteAccountPolicy``.

    Raises:
        NotFoundError: there is no such policy.
    """
    if _policies.pop(request["policyName"], None) is None:
        raise NotFoundError(f"account policy {request['policyName']} does not exist")
    return {}


def subscriptions(log_group: str) -> list[Subscription]:
    """Give the account's subscriptions that hold for a log group: none or one."""
    return [
        subscription(policy)
        for policy in _policies.values()
        if log_group not in excluded_log_groups(policy.get("selectionCriteria", ""))
    ]


def subscription(policy: dict[str, Any]) -> Subscription:
    """Read a policy's document.

    Raises:
        InvalidParameterError: it is too long, no JSON object, or has unknown or missing keys.
    """
    text = policy["policyDocument"]
    if len(text) > MAX_DOCUMENT_CHARACTERS:
        raise InvalidParameterError(f"policyDocument exceeds {MAX_DOCUMENT_CHARACTERS} characters")
    document = _json(text, "policyDocument")
    if (
        not isinstance(document, dict)
        or "DestinationArn" not in document
        or document.keys() - _KEYS
    ):
        raise InvalidParameterError(f"policyDocument needs DestinationArn and only {sorted(_KEYS)}")
    return Subscription(
        name=policy["policyName"],
        target_arn=document["DestinationArn"],
        role_arn=document.get("RoleArn", ""),
        pattern=document.get("FilterPattern", ""),
        distribution=document.get("Distribution", "ByLogStream"),
        account_level=True,
    )


def excluded_log_groups(selection: str) -> frozenset[str]:
    """Read ``LogGroupName NOT IN ["a", "b"]``, the one form that subscriptions take.

    Raises:
        InvalidParameterError: it has another form, a malformed name, or more than 25 KB.
    """
    if not selection:
        return frozenset()
    if len(selection.encode()) > MAX_SELECTION_BYTES:
        raise InvalidParameterError(f"selectionCriteria exceeds {MAX_SELECTION_BYTES} bytes")
    found = _SELECTION.fullmatch(selection.strip())
    names = _json(found[1], "selectionCriteria") if found else None
    if names is None or not all(isinstance(n, str) and _LOG_GROUP.fullmatch(n) for n in names):
        raise InvalidParameterError(
            f'selectionCriteria must be LogGroupName NOT IN ["name", ...], got {selection[:80]!r}'
        )
    return frozenset(names)


def reset() -> None:
    """Forget every policy."""
    _policies.clear()


def _json(text: str, what: str) -> Any:  # noqa: ANN401  any JSON value
    try:
        return json.loads(text)
    except ValueError as error:
        raise InvalidParameterError(f"{what} is not JSON: {error}") from error
