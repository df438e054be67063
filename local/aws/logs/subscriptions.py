# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Subscriptions of log groups: what may be subscribed, and what happens to each event.

Reference: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html
"""

import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from ministack.core.arn import Arn, ArnParseError, parse_arn
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs

from local.aws import roles
from local.aws.filter_pattern import compile_pattern
from local.aws.logs import delivery, system_fields
from local.aws.logs.envelopes import LogEvent, control_message, data_message, pack
from local.aws.logs.errors import DeniedError, InvalidParameterError, LimitExceededError
from local.aws.refusals import refuse
from local.aws.selection import EVERY_OPERATOR, Selects, compile_selection

MAX_FILTERS = 2  # per log group, API_PutSubscriptionFilter; an account policy comes on top
ACTION = "logs:PutSubscriptionFilter"
FIELD_KEYS = ("emitSystemFields", "fieldSelectionCriteria")


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscription:
    """One subscription, of a log group or of a whole account.

    Attributes:
        name: what the envelope shows under ``subscriptionFilters``.
        target_arn: a Destination, Kinesis stream, delivery stream or function.
        role_arn: for streams of the same account; a Destination has its own.
        pattern: filter pattern; empty means every event.
        distribution: ``ByLogStream`` or ``Random``.
        account_level: whether it stems from an account policy, which the envelope then says.
        emitted: system fields that each event brings.
        selection: whose events are wanted, by system fields; empty means everybody's.
    """

    name: str
    target_arn: str
    role_arn: str
    pattern: str
    distribution: str
    account_level: bool = False
    emitted: tuple[str, ...] = ()
    selection: str = ""


def check_target(subscription: Subscription, *, actions: tuple[str, ...] = (ACTION,)) -> None:
    """Make sure that the target exists and may be written to, as AWS does with a test message.

    Raises:
        InvalidParameterError: pattern or target is malformed, elsewhere, absent or unreachable.
        DeniedError: the Destination's access policy does not allow this account one of ``actions``.
    """
    if unknown := set(subscription.emitted) - set(system_fields.NAMES):
        raise InvalidParameterError(f"no system fields: {', '.join(sorted(unknown))}")
    try:
        compile_pattern(subscription.pattern)
        _selected(subscription)
        target = parse_arn(subscription.target_arn)
    except (ArnParseError, ValueError) as error:
        raise InvalidParameterError(str(error)) from error
    if target.region != get_region():
        raise InvalidParameterError(f"{target} is in another region than the log group")
    if target.service == "logs":
        _check_destination(target, actions)
    elif target.account_id != get_account_id():
        raise InvalidParameterError(f"{target} is in another account: subscribe a Destination")
    elif why := delivery.refusal(target, subscription.role_arn, _own_arn()):
        raise InvalidParameterError(f"Could not deliver test message to {target}: {why}")


def check_filter(request: dict[str, Any]) -> None:
    """Check a ``PutSubscriptionFilter`` request before MiniStack stores it.

    Raises:
        LimitExceededError: the log group has two filters of other names.
        InvalidParameterError: see ``check_target``.
        DeniedError: see ``check_target``.
    """
    group = cloudwatch_logs._log_groups.get(request["logGroupName"]) or {}
    others = group.get("subscriptionFilters", {}).keys() - {request["filterName"]}
    if len(others) >= MAX_FILTERS:
        raise LimitExceededError(f"a log group can have {MAX_FILTERS} subscription filters")
    check_target(of_filter(request))


def of_filter(stored: dict[str, Any]) -> Subscription:
    """Read a filter as MiniStack stores it, which is how the request has it."""
    return Subscription(
        name=stored["filterName"],
        target_arn=stored["destinationArn"],
        role_arn=stored.get("roleArn") or "",
        pattern=stored.get("filterPattern") or "",
        distribution=stored.get("distribution") or "ByLogStream",
        emitted=tuple(stored.get("emitSystemFields") or ()),
        selection=stored.get("fieldSelectionCriteria") or "",
    )


def keep_system_fields(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Make MiniStack keep what a filter says of system fields, which it drops."""

    def put(request: dict[str, Any]) -> Any:  # noqa: ANN401  same
        response = original(request)
        group = cloudwatch_logs._log_groups.get(request["logGroupName"]) or {}
        stored = group.get("subscriptionFilters", {}).get(request["filterName"], {})
        stored.update({key: request[key] for key in FIELD_KEYS if request.get(key)})
        return response

    return put


def greet(subscription: Subscription) -> None:
    """Send a new subscription's stream the test message; a failure is a refusal."""
    if ":lambda:" in subscription.target_arn:
        return
    if why := send_control_message(subscription.target_arn, subscription.role_arn, _own_arn()):
        refuse("logs", f"test message to {subscription.target_arn}: {why}")


def send_control_message(target_arn: str, role_arn: str, source_arn: str) -> str | None:
    """Send the test message that comes before every first event; give the reason if it fails."""
    found = delivery.destination(target_arn) if ":logs:" in target_arn else None
    target = delivery.TARGETS[parse_arn(found["targetArn"] if found else target_arn).service]
    [data] = pack(control_message(target))
    return delivery.deliver(target_arn, role_arn, str(uuid.uuid4()), data, source_arn=source_arn)


def send(
    subscription: Subscription, log_group: str, log_stream: str, events: list[LogEvent]
) -> None:
    """Deliver the events that match, in order; what does not arrive is a refusal."""
    matches = compile_pattern(subscription.pattern)
    fields = system_fields.fields_of(log_group)
    wanted = [event for event in events if matches(event["message"])]
    if not wanted or not _selected(subscription)({name: [fields[name]] for name in fields}):
        return
    extracted = {name: fields[name] for name in subscription.emitted}
    envelope = data_message(get_account_id(), log_group, log_stream, subscription.name)
    envelope["logEvents"] = (
        [event | {"extractedFields": extracted} for event in wanted] if extracted else wanted
    )
    if subscription.account_level:
        envelope["policyLevel"] = "ACCOUNT_LEVEL_POLICY"
    source_arn = f"{_own_arn().removesuffix('*')}log-group:{log_group}:*"
    try:
        for data in pack(envelope):
            _send_one(subscription, log_group, log_stream, data, source_arn)
    except ValueError as error:
        refuse("logs", f"{log_group} to {subscription.target_arn}: {error}")


def _selected(subscription: Subscription) -> Selects:
    """Judge system fields.

    Raises:
        ValueError: the selection is malformed.
    """
    return compile_selection(
        subscription.selection or "*", system_fields.SELECTABLE, EVERY_OPERATOR
    )


def _send_one(
    subscription: Subscription, log_group: str, log_stream: str, data: bytes, source_arn: str
) -> None:
    key = (
        str(uuid.uuid4())
        if subscription.distribution == "Random"
        else hashlib.md5(f"{log_group}:{log_stream}".encode(), usedforsecurity=False).hexdigest()
    )
    why = _send_denied(subscription, source_arn) or delivery.deliver(
        subscription.target_arn, subscription.role_arn, key, data, source_arn=source_arn
    )
    if why:
        refuse("logs", f"{log_group} to {subscription.target_arn}: {why}")


def _send_denied(subscription: Subscription, group_arn: str) -> str | None:
    """Why the role with which a log group is sent to a Destination may not do so, or ``None``.

    Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateSubscriptionFilter-IAMrole.html
    """
    if not subscription.role_arn or ":destination:" not in subscription.target_arn:
        return None
    return roles.denied(
        subscription.role_arn,
        "logs:PutLogEvents",
        group_arn,
        delivery.SERVICE,
        source_arn=group_arn,
    )


def _check_destination(target: Arn, actions: tuple[str, ...]) -> None:
    found = delivery.destination(str(target))
    if found is None:
        raise InvalidParameterError(f"the specified destination {target} does not exist")
    root = f"arn:aws:iam::{get_account_id()}:root"
    for action in actions:
        if why := roles.policy_denied(root, action, str(target), found["accessPolicy"] or "{}"):
            raise DeniedError(why)


def _own_arn() -> str:
    """Give the pattern for everything of Logs in this account and region, AWS's own source ARN."""
    return f"arn:aws:logs:{get_region()}:{get_account_id()}:*"
