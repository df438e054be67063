"""The actions of CloudWatch's Observability Admin about centralisation rules.

Reference: https://docs.aws.amazon.com/cloudwatch/latest/observabilityadmin/API_Operations.html
"""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from ministack.core.responses import error_response_json, json_response

from local.aws import delegation
from local.aws.centralisation import control
from local.aws.centralisation.rule import Json, Rule, RuleError

type Action = Callable[[Json], Json]
"""Takes a request's JSON; gives the response's, or raises ``RuleError``."""


async def handle(
    _method: str, path: str, _headers: dict[str, str], body: bytes, _query: dict[str, Any]
) -> Any:  # noqa: ANN401  MiniStack's response tuple
    """Answer a request; the path is the action's name."""
    action = ACTIONS.get(path.strip("/"))
    if action is None:
        return error_response_json("ValidationException", f"no action {path}", 400)
    try:
        return json_response(action(json.loads(body)))
    except RuleError as error:
        status = HTTPStatus.NOT_FOUND if "NotFound" in error.code else HTTPStatus.BAD_REQUEST
        return error_response_json(error.code, str(error), status)


def _create(request: Json) -> Json:
    return {"RuleArn": control.create(request["RuleName"], request["Rule"]).arn}


def _update(request: Json) -> Json:
    return {"RuleArn": control.update(request["RuleIdentifier"], request["Rule"]).arn}


def _delete(request: Json) -> Json:
    control.delete(request["RuleIdentifier"])
    return {}


def _get(request: Json) -> Json:
    found = control.find(request["RuleIdentifier"])
    return _told(found) | {"CentralizationRule": found.properties}


def _list(request: Json) -> Json:
    found = control.listed(
        prefix=request.get("RuleNamePrefix", ""), all_regions=bool(request.get("AllRegions"))
    )
    return {"CentralizationRuleSummaries": [_told(rule) | _place(rule) for rule in found]}


def _told(rule: Rule) -> Json:
    health: Json = (
        {"RuleHealth": "Healthy"}
        if delegation.is_trusted(delegation.CLOUDWATCH)
        else {"RuleHealth": "Unhealthy", "FailureReason": "TRUSTED_ACCESS_NOT_ENABLED"}
    )
    return health | {
        "RuleName": rule.name,
        "RuleArn": rule.arn,
        "CreatorAccountId": rule.creator,
        "CreatedRegion": rule.region,
        "CreatedTimeStamp": int(rule.created * 1_000),
        "LastUpdateTimeStamp": int(rule.updated * 1_000),
    }


def _place(rule: Rule) -> Json:
    return {
        "DestinationAccountId": rule.destination["Account"],
        "DestinationRegion": rule.destination["Region"],
    }


ACTIONS: dict[str, Action] = {
    "CreateCentralizationRuleForOrganization": _create,
    "DeleteCentralizationRuleForOrganization": _delete,
    "GetCentralizationRuleForOrganization": _get,
    "ListCentralizationRulesForOrganization": _list,
    "UpdateCentralizationRuleForOrganization": _update,
}
