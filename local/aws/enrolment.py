# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""GuardDuty, Security Hub, Inspector and CloudWatch telemetry, as far as an organisation enrols.

What is put is kept and shown again; nothing is found, scanned or switched on in a member. That the
caller is a delegated administrator is not asked.

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

from local.aws import patching
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
    patching.wrap_entry(gateway, "SERVICE_HANDLERS", LOOKS, partial(_handler, LOOKS, EVALUATION))
    for path, new in INSPECTOR.items():
        patching.add_entry(inspector2, "_path_handlers", path, new)
    for path, known in SHOWN.items():
        patching.wrap_entry(inspector2, "_path_handlers", path, _instead(known))


def _instead(known: Any) -> Any:  # noqa: ANN401  MiniStack's handlers
    return lambda _original: known


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
    kept["evaluation"] = {"Status": "RUNNING"} | asked
    return json_response({})


def _stop(kept: Kept, _asked: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    kept["evaluation"] = {"Status": "STOPPED"}
    return json_response({})


SERVICES: Final[Mapping[str, Mapping[str, Operation]]] = {
    "guardduty": {
        "CreateDetector": _create_detector,
        "DescribeOrganizationConfiguration": _show("organisation", memberAccountLimitReached=False),
        "GetDetector": _show("detector", serviceRole="", status="ENABLED"),
        "ListDetectors": lambda kept, _asked: json_response(
            {"detectorIds": [DETECTOR] if "detector" in kept else []}
        ),
        "UpdateDetector": _keep("detector"),
        "UpdateOrganizationConfiguration": _keep("organisation"),
    },
    "securityhub": {
        "CreateFindingAggregator": _create_aggregator,
        "EnableSecurityHub": _enable_hub,
        "GetFindingAggregator": _show("aggregator"),
        "ListFindingAggregators": _aggregators,
        "UpdateFindingAggregator": _keep("aggregator"),
    },
}
"""Operations by service, under the API's names."""

LOOKS: Final = "observabilityadmin"
"""Its centralisation rules are played by ``centralisation``."""

EVALUATION: Final[Mapping[str, Operation]] = {
    "GetTelemetryEvaluationStatusForOrganization": _show("evaluation", Status="NOT_STARTED"),
    "StartTelemetryEvaluationForOrganization": _start,
    "StopTelemetryEvaluationForOrganization": _stop,
}


def _scan_new(data: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    _of("inspector2")["organisation"] = {"autoEnable": data["autoEnable"]}
    return json_response({"autoEnable": data["autoEnable"]})


def _associate(data: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    _of("inspector2").setdefault("members", {})[data["accountId"]] = "ENABLED"
    return json_response({"accountId": data["accountId"]})


def _members(_data: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    known = _of("inspector2").get("members", {})
    return json_response(
        {"members": [{"accountId": a, "relationshipStatus": s} for a, s in known.items()]}
    )


def _scanned_new(_data: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    return json_response(_of("inspector2").get("organisation", {"autoEnable": {}}))


INSPECTOR: Final = {
    "/organizationconfiguration/update": _scan_new,
    "/members/associate": _associate,
}
SHOWN: Final = {
    "/members/list": _members,
    "/organizationconfiguration/describe": _scanned_new,
}
"""Paths that MiniStack answers as if nothing had ever been put."""
