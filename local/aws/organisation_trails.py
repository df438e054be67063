# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""CloudTrail whose organisation trails belong to the management account.

A delegated administrator makes them and names them by their ARN; by its name alone it finds a trail
of its own only, as on AWS. No event is logged.

References:
    - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html
    - https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutInsightSelectors.html
"""

from typing import Any

from ministack.core.responses import (
    error_response_json,
    get_account_id,
    get_region,
    json_response,
    request_scope,
)
from ministack.services import cloudtrail

from local.aws import delegation, patching
from local.aws.organizations import Answer, management_account
from local.aws.settings import Settings

SERVICE = "cloudtrail.amazonaws.com"
LOGS = ("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn")

type Json = dict[str, Any]


def apply(_settings: Settings) -> None:
    """Send what is about an organisation trail to its owner."""
    patching.require(cloudtrail, "_find_visible_trail")
    patching.add_entry(cloudtrail, "_DISPATCH", "PutInsightSelectors", _put_insights)
    patching.add_entry(cloudtrail, "_DISPATCH", "RegisterOrganizationDelegatedAdmin", _register)
    patching.wrap_entry(cloudtrail, "_DISPATCH", "CreateTrail", _with_logs)
    for action in list(cloudtrail._DISPATCH):
        patching.wrap_entry(cloudtrail, "_DISPATCH", action, _by_owner)


def _by_owner(original: Answer) -> Answer:
    def answer(request: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
        if not _is_the_organisations(request):
            return original(request)
        if not delegation.is_administrator(get_account_id(), SERVICE):
            words = "only the management account or a delegated administrator may do this"
            return error_response_json("NotOrganizationMasterAccountException", words, 400)
        with request_scope(management_account(), get_region()):
            return original(request)

    return answer


def _is_the_organisations(request: Json) -> bool:
    owner = management_account()
    if not owner or get_account_id() == owner:
        return False
    name = str(request.get("Name") or request.get("TrailName") or "")
    return bool(request.get("IsOrganizationTrail")) or f":{owner}:trail/" in name


def _with_logs(original: Answer) -> Answer:
    """Keep the log group as well, which MiniStack forgets until the trail is changed."""

    def create(request: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
        response = original(request)
        _name, _region, trail = cloudtrail._find_visible_trail(request["Name"])
        if trail is not None:
            trail |= {key: request[key] for key in LOGS if key in request}
        return response

    return create


def _register(request: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    """https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_RegisterOrganizationDelegatedAdmin.html."""
    if not delegation.is_trusted(SERVICE):
        return error_response_json("CloudTrailAccessNotEnabledException", SERVICE, 400)
    if refusal := delegation.appoint(request["MemberAccountId"], SERVICE, get_region()):
        return error_response_json("NotOrganizationManagementAccountException", refusal, 400)
    return json_response({})


def _put_insights(request: Json) -> Any:  # noqa: ANN401  MiniStack's response tuple
    _name, _region, trail = cloudtrail._find_visible_trail(request["TrailName"])
    if trail is None:
        return error_response_json("TrailNotFoundException", request["TrailName"], 400)
    trail["HasInsightSelectors"] = bool(request["InsightSelectors"])
    return json_response({"TrailARN": trail["TrailARN"]})
