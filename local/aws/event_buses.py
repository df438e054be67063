# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Event buses across accounts and regions: who may put onto one, and the way there.

Reference: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
"""

import json
from typing import Any

from ministack.core.arn import Arn
from ministack.core.responses import (
    error_response_json,
    get_account_id,
    get_region,
    json_response,
    request_scope,
)
from ministack.services import eventbridge

from local.aws import patching, roles
from local.aws.settings import Settings

SERVICE = "events.amazonaws.com"
_FORWARDED = "_Forwarded"  # our own mark on an event that came from another bus


def apply(_settings: Settings) -> None:
    """Replace ``PutPermission``, which MiniStack keeps in a form that no evaluator reads."""
    patching.require(
        eventbridge,
        "_archive_event",
        "_dispatch_event",
        "_event_bus_policies",
        "_event_buses",
        "_pattern_event_view",
        "_remove_permission",
    )
    patching.replace(eventbridge, "_put_permission", put_permission)


def forward(
    bus: Arn, target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any]
) -> str | None:
    """Put an event onto a bus of another account or region; give the reason if that fails.

    The event keeps the account and region it came from, and goes no further: "EventBridge can't
    route events received from a sender event bus to a third event bus"
    (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html). The target
    needs a role, which AWS asks for between regions and where the bus trusts an organisation
    (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html).
    """
    if event.get(_FORWARDED):
        return "the event came from another bus and may not go to a third"
    if why := _denied(bus, target.get("RoleArn", ""), rule["Arn"]):
        return why
    name = bus.resource.removeprefix("event-bus/")
    forwarded = {key: value for key, value in event.items() if key != "_DispatchPath"}
    forwarded |= {"EventBusName": name, _FORWARDED: True}
    with request_scope(bus.account_id, bus.region):
        if name != "default" and name not in eventbridge._event_buses:
            return "the event bus does not exist"
        view = eventbridge._pattern_event_view(forwarded)
        eventbridge._dispatch_event(forwarded, view)
        eventbridge._archive_event(forwarded, view)
    return None


def put_statement(bus: str, statement_id: str, statement: dict[str, Any]) -> None:
    """Add a statement to a bus's policy, or replace the one with this id."""
    policy = eventbridge._event_bus_policies.get(bus) or {"Version": "2012-10-17", "Statement": []}
    others = [kept for kept in policy["Statement"] if kept.get("Sid") != statement_id]
    statements = [*others, {**statement, "Sid": statement_id}]
    eventbridge._event_bus_policies[bus] = policy | {"Statement": statements}


def remove_statement(bus: str, statement_id: str) -> None:
    """Take a statement from a bus's policy; one that is not there is no error."""
    eventbridge._remove_permission({"EventBusName": bus, "StatementId": statement_id})


def permission_statement(bus: str, request: dict[str, Any]) -> dict[str, Any]:
    """Give the IAM statement for the short form: ``Principal`` and one ``Condition``."""
    principal = request.get("Principal", "*")
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": principal if principal == "*" else {"AWS": f"arn:aws:iam::{principal}:root"},
        "Action": request.get("Action", "events:PutEvents"),
        "Resource": _bus_arn(bus),
    }
    if condition := request.get("Condition"):
        statement["Condition"] = {condition["Type"]: {condition["Key"]: condition["Value"]}}
    return statement


def put_permission(request: dict[str, Any]) -> Any:  # noqa: ANN401  MiniStack's response tuple
    """Answer ``PutPermission``: a whole policy, or one statement in the short form."""
    bus = request.get("EventBusName", "default")
    if bus != "default" and bus not in eventbridge._event_buses:
        message = f"Event bus {bus} does not exist."
        return error_response_json("ResourceNotFoundException", message, 400)
    if request.get("Policy"):
        eventbridge._event_bus_policies[bus] = json.loads(request["Policy"])
    else:
        put_statement(bus, request["StatementId"], permission_statement(bus, request))
    return json_response({})


def _denied(bus: Arn, role_arn: str, rule_arn: str) -> str | None:
    why = roles.denied(role_arn, "events:PutEvents", str(bus), SERVICE, source_arn=rule_arn)
    if why or bus.account_id == get_account_id():
        return why
    with request_scope(bus.account_id, bus.region):
        name = bus.resource.removeprefix("event-bus/")
        policy = json.dumps(eventbridge._event_bus_policies.get(name) or {})
    account, role = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    session = f"arn:aws:sts::{account}:assumed-role/{role}/events"
    return roles.policy_denied(session, "events:PutEvents", str(bus), policy)


def _bus_arn(name: str) -> str:
    return f"arn:aws:events:{get_region()}:{get_account_id()}:event-bus/{name}"
