# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""GuardDuty, Security Hub, Inspector and CloudWatch telemetry, as far as an organisation enrols.

What is put is kept and shown again; nothing is found, scanned or switched on in a member. Who is
not the service's administrator in the region may not choose for the organisation.

References:
    - https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Operations.html
    - https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Operations.html
    - https://docs.aws.amazon.com/inspector/v2/APIReference/API_Operations.html
    - https://docs.aws.amazon.com/cloudwatch/latest/observabilityadmin/API_Operations.html
"""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from ministack import app as gateway
from ministack.core import iam_actions
from ministack.core.responses import (
    error_response_json,
    get_account_id,
    get_region,
    json_response,
)
from ministack.services import inspector2

from local.aws import delegation, patching
from local.aws.delegation import CLOUDWATCH
from local.aws.organizations import management_account
from local.aws.settings import Settings

DETECTOR: Final = "12abc34d567e8fa901bc2d34e56789f0"

type Json = dict[str, Any]
type Kept = dict[str, Json]
"""What one account put to one service in one region, by a name of ours."""

type Operation = Callable[[Kept, Json], Any]
"""Takes what is kept and the request; gives MiniStack's response tuple."""

_kept: dict[tuple[str, str, str], Kept] = {}


def apply(_settings: Settings) -> None:
    """Answer two services that MiniStack has not, and some operations of two that are there."""
    patching.require(iam_actions, "_match_rest_action", "_BOTOCORE_SERVICE_MAP")
    patching.wrap(iam_actions, "extract_resource_arn", _with_detector)
    for service, operations in SERVICES.items():
        answer = _handler(service, operations, _unknown)
        patching.add_entry(gateway, "SERVICE_HANDLERS", service, answer)
        patching.add_entry(iam_actions, "SERVICE_TO_IAM_NAMESPACE", service, service)
        patching.add_entry(iam_actions, "_BOTOCORE_SERVICE_MAP", service, [service])
    patching.wrap_entry(
        gateway, "SERVICE_HANDLERS", LOOKS, partial(_handler, LOOKS, {**EVALUATION, **RULES})
    )
    for path, new in NEW_PATHS.items():
        patching.add_entry(inspector2, "_path_handlers", path, _of_inspector(new))
    for path, known in KNOWN_PATHS.items():
        patching.wrap_entry(inspector2, "_path_handlers", path, _instead(known))


def _of_inspector(operation: Operation) -> Any:  # noqa: ANN401  MiniStack's handler
    return lambda data: operation(_of("inspector2"), data)


def _instead(known: Operation) -> Any:  # noqa: ANN401  MiniStack's handlers
    return lambda _original: _of_inspector(known)


def _handler(service: str, operations: Mapping[str, Operation], otherwise: Any) -> Any:  # noqa: ANN401  MiniStack's handler
    async def handle(method: str, path: str, headers: Json, body: bytes, query: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
        name = iam_actions._match_rest_action(service, method, path, query)
        if name not in operations:
            return await otherwise(method, path, headers, body, query)
        return operations[name](_of(service), json.loads(body) if body else {})

    return handle


async def _unknown(method: str, path: str, *_rest: object) -> Any:  # noqa: ANN401  MiniStack's handler
    return error_response_json("InvalidAction", f"{method} {path} is not played", 400)


def _of(service: str) -> Kept:
    return _kept.setdefault((service, get_account_id(), get_region()), {})


def _with_detector(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """The ARN of a request that names a detector."""

    def arn(service: str, *arguments: Any, **more: Any) -> Any:  # noqa: ANN401  same
        if service == "guardduty" and any(f"/detector/{DETECTOR}" in str(a) for a in arguments):
            return f"arn:aws:guardduty:{get_region()}:{get_account_id()}:detector/{DETECTOR}"
        return original(service, *arguments, **more)

    return arn


def _create_detector(kept: Kept, asked: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    if "detector" in kept:
        words = "a detector already exists for the current account"
        return error_response_json("BadRequestException", words, 400)
    kept["detector"] = asked
    return json_response({"detectorId": DETECTOR})


def _keep(name: str) -> Operation:
    def operation(kept: Kept, asked: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
        kept[name] = kept.get(name, {}) | asked
        return json_response({})

    return operation


def _show(name: str, **absent: str | bool) -> Operation:
    return lambda kept, _asked: json_response(absent | kept.get(name, {}))


def _appoint(service: str, account: str) -> Operation:
    """Name the administrator; ``account`` is where the request has it."""

    def operation(_kept: Kept, asked: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
        if refusal := delegation.appoint(asked[account], service, get_region()):
            return _denied(refusal)
        return json_response({account: asked[account]})

    return operation


def _by_administrator(service: str, operation: Operation) -> Operation:
    def checked(kept: Kept, asked: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
        if not delegation.is_appointed(get_account_id(), service, get_region()):
            return _denied(f"{get_account_id()} is not the administrator of {service} here")
        return operation(kept, asked)

    return checked


def _denied(words: str) -> Any:  # noqa: ANN401  MiniStack's response tuple
    return error_response_json("AccessDeniedException", words, 403)


def _enable_hub(kept: Kept, asked: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    if "hub" in kept:
        words = "Account is already subscribed to Security Hub"
        return error_response_json("ResourceConflictException", words, 409)
    kept["hub"] = asked
    return json_response({})


def _create_aggregator(kept: Kept, asked: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    arn = f"arn:aws:securityhub:{get_region()}:{get_account_id()}:finding-aggregator/1"
    kept["aggregator"] = {"FindingAggregatorArn": arn} | asked
    return json_response(kept["aggregator"])


def _aggregators(kept: Kept, _asked: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    arns = [
        {"FindingAggregatorArn": a["FindingAggregatorArn"]} for a in (kept.get("aggregator"),) if a
    ]
    return json_response({"FindingAggregators": arns})


def _start(kept: Kept, asked: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    caller = get_account_id()
    if caller != management_account() and not delegation.is_administrator(caller, CLOUDWATCH):
        return _denied(f"{caller} is not the administrator of {CLOUDWATCH}")
    kept["evaluation"] = {"Status": "RUNNING"} | asked
    return json_response({})


def _stop(kept: Kept, _asked: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    kept["evaluation"] = {"Status": "STOPPED"}
    return json_response({})


GUARDDUTY: Final = "guardduty.amazonaws.com"
HUB: Final = "securityhub.amazonaws.com"
INSPECTOR: Final = "inspector2.amazonaws.com"

SERVICES: Final[Mapping[str, Mapping[str, Operation]]] = {
    "guardduty": {
        "CreateDetector": _create_detector,
        "DescribeOrganizationConfiguration": _show("organisation", memberAccountLimitReached=False),
        "EnableOrganizationAdminAccount": _appoint(GUARDDUTY, "adminAccountId"),
        "GetDetector": _show("detector", serviceRole="", status="ENABLED"),
        "ListDetectors": lambda kept, _asked: json_response(
            {"detectorIds": [DETECTOR] if "detector" in kept else []}
        ),
        "UpdateDetector": _keep("detector"),
        "UpdateOrganizationConfiguration": _by_administrator(GUARDDUTY, _keep("organisation")),
    },
    "securityhub": {
        "CreateFindingAggregator": _create_aggregator,
        "EnableOrganizationAdminAccount": _appoint(HUB, "AdminAccountId"),
        "EnableSecurityHub": _enable_hub,
        "GetFindingAggregator": _show("aggregator"),
        "ListFindingAggregators": _aggregators,
        "UpdateFindingAggregator": _keep("aggregator"),
    },
}
"""Operations by service, under the API's names."""

LOOKS: Final = "observabilityadmin"
"""Its centralisation rules are played by ``centralisation``."""


def _telemetry_rule(kept: Kept, asked: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    """Keep a rule of the organisation under its name."""
    place = f"{get_region()}:{get_account_id()}"
    arn = f"arn:aws:observabilityadmin:{place}:organization-telemetry-rule/{asked['RuleName']}"
    kept.setdefault("rules", {})[asked["RuleName"]] = {"RuleArn": arn} | asked
    return json_response({"RuleArn": arn})


def _about_rule(operation: Callable[[Json, str], Json]) -> Operation:
    """What names a rule, by its name or ARN."""

    def answer(kept: Kept, asked: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
        rules, name = kept.get("rules", {}), asked["RuleIdentifier"].rpartition("/")[2]
        if name not in rules:
            return error_response_json("ResourceNotFoundException", f"no rule {name}", 404)
        return json_response(operation(rules, name))

    return answer


def _drop(rules: Json, name: str) -> Json:
    del rules[name]
    return {}


RULES: Final[Mapping[str, Operation]] = {
    "CreateTelemetryRuleForOrganization": _telemetry_rule,
    "DeleteTelemetryRuleForOrganization": _about_rule(_drop),
    "GetTelemetryRuleForOrganization": _about_rule(lambda rules, name: rules[name]),
}
"""Rules are kept and shown; none is looked after, and a stack's is only recorded."""

EVALUATION: Final[Mapping[str, Operation]] = {
    "GetTelemetryEvaluationStatusForOrganization": _show("evaluation", Status="NOT_STARTED"),
    "StartTelemetryEvaluationForOrganization": _start,
    "StopTelemetryEvaluationForOrganization": _stop,
}


def _scan_new(kept: Kept, asked: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    kept["organisation"] = {"autoEnable": asked["autoEnable"]}
    return json_response(kept["organisation"])


def _associate(kept: Kept, asked: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    kept.setdefault("members", {})[asked["accountId"]] = "ENABLED"
    return json_response({"accountId": asked["accountId"]})


def _members(kept: Kept, _asked: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    known = kept.get("members", {})
    return json_response(
        {"members": [{"accountId": a, "relationshipStatus": s} for a, s in known.items()]}
    )


def _scanned_new(kept: Kept, _asked: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    return json_response(kept.get("organisation", {"autoEnable": {}}))


NEW_PATHS: Final[Mapping[str, Operation]] = {
    "/delegatedadminaccounts/enable": _appoint(INSPECTOR, "delegatedAdminAccountId"),
    "/members/associate": _by_administrator(INSPECTOR, _associate),
    "/organizationconfiguration/update": _by_administrator(INSPECTOR, _scan_new),
}
KNOWN_PATHS: Final[Mapping[str, Operation]] = {
    "/members/list": _members,
    "/organizationconfiguration/describe": _scanned_new,
}
"""Paths of Inspector that MiniStack answers as if nothing had ever been put."""
