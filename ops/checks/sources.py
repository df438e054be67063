"""Whether the organisation's sources are handed to the central account, and not paid for twice."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from infra.config import DeploymentConfig
from infra.config.organisation_sources import Ingest, Service
from infra.delegation import DELEGATIONS, Place, hand_over, places, trust
from infra.names import CENTRAL_LOGS, TRAIL
from ops.answer import Answer, error, ok, warning
from ops.refusal import DENIED, unless
from ops.view import View

type Look = Callable[[Place, View], str]
"""Gives the administrator that is found, empty where the central account is none."""

MOST_TRAILS: Final = 5
"""Of a region, and it cannot be raised:
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html"""

NOT_ADMINISTRATOR: Final = DENIED | {"BadRequestException", "InvalidAccessException"}
"""How GuardDuty and Security Hub answer an account that is no administrator."""


def handed_over(config: DeploymentConfig) -> Mapping[str, Place]:
    """Every service and region that is to be handed over: ``guardduty · eu-west-1``."""
    return {f"{place.service} · {place.region}": place for place in places(config)}


def administrator(place: Place, view: View) -> Answer:
    """The central account is the service's administrator, in this region where that is regional.

    Only an administrator, or the management account, may ask: a refusal can mean either.
    """
    account = view.config.central.account
    found = LOOKS.get(place.service, _registered)(place, view)
    if found == account:
        return ok(found)
    first = " && ".join((*trust(place.service), hand_over(place, account)))
    return error(
        found or "not the central account, or it may not ask",
        account,
        f"in the management account: {first}",
    )


def _registered(place: Place, view: View) -> str:
    """https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListDelegatedAdministrators.html."""
    principal = DELEGATIONS[place.service].principals[0]
    pages = view.client("organizations").get_paginator("list_delegated_administrators")
    listed = unless(DENIED, lambda: list(pages.paginate(ServicePrincipal=principal)))
    found = [known["Id"] for page in listed or () for known in page["DelegatedAdministrators"]]
    account = view.config.central.account
    return account if account in found else ", ".join(found)


def _guardduty(place: Place, view: View) -> str:
    """https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DescribeOrganizationConfiguration.html."""
    guardduty = view.client("guardduty", place.region)
    detectors = guardduty.list_detectors()["DetectorIds"]
    told = detectors and unless(
        NOT_ADMINISTRATOR,
        lambda: guardduty.describe_organization_configuration(DetectorId=detectors[0]),
    )
    return view.config.central.account if told else ""


def _security_hub(place: Place, view: View) -> str:
    """https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DescribeOrganizationConfiguration.html."""
    hub = view.client("securityhub", place.region)
    told = unless(NOT_ADMINISTRATOR, hub.describe_organization_configuration)
    return view.config.central.account if told else ""


def _inspector(place: Place, view: View) -> str:
    """https://docs.aws.amazon.com/inspector/v2/APIReference/API_GetDelegatedAdminAccount.html."""
    inspector = view.client("inspector2", place.region)
    told = unless({"ResourceNotFoundException"}, inspector.get_delegated_admin_account) or {}
    return str(told.get("delegatedAdmin", {}).get("accountId", ""))


LOOKS: Final[Mapping[Service, Look]] = {
    "guardduty": _guardduty,
    "inspector": _inspector,
    "security_hub": _security_hub,
}
"""Services with an administrator of their own in each region; Organizations knows of the others."""


def trails(region: str, view: View) -> Answer:
    """There is room for the trail, and no other one of the organisation to pay for.

    Reference: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html
    """
    known = view.client("cloudtrail", region).describe_trails(includeShadowTrails=True)["trailList"]
    if view.config.organisation_sources.trail.existing:
        return _existing(known, view)
    others = [t for t in known if t["Name"] != TRAIL]
    if len(others) >= MOST_TRAILS:
        return error(
            f"{len(others)} trails in {region}",
            f"room for one more; a region takes {MOST_TRAILS}",
            f"aws cloudtrail delete-trail --name {others[0]['TrailARN']}, when nobody reads it, or "
            "[organisation_sources.trail] existing",
        )
    ours = [t["TrailARN"] for t in others if t.get("IsOrganizationTrail")]
    if ours:
        return warning(
            f"{ours[0]} is a trail of the organisation already",
            "one: each further copy of management events is paid for",
            f'[organisation_sources.trail] existing = "{ours[0]}"',
        )
    return ok(f"{len(known)} of {MOST_TRAILS} trails")


def _existing(known: list[dict[str, Any]], view: View) -> Answer:
    """The trail that was brought covers the organisation, and has what it is read from."""
    chosen = view.config.organisation_sources.trail
    found = next((t for t in known if t["TrailARN"] == chosen.existing), None)
    if found is None:
        return error("not there", str(chosen.existing), "the right ARN under existing")
    if chosen.ingest == "s3" and found["S3BucketName"] != chosen.bucket:
        return error(
            f"writes to {found['S3BucketName']}",
            str(chosen.bucket),
            f'[organisation_sources.trail] bucket = "{found["S3BucketName"]}"',
        )
    missing = [need for need in NEEDS if not found.get(need.key) and chosen.ingest in need.ingests]
    if not missing:
        return ok(found["TrailARN"])
    options = " ".join(need.option for need in missing)
    return error(
        f"not {', not '.join(need.what for need in missing)}",
        "a trail of every account and region, with what ingest names",
        f"aws cloudtrail update-trail --name {chosen.existing} {options}, by its owner",
    )


class Need(NamedTuple):
    """What a trail that is brought must have.

    Attributes:
        what: In words.
        key: Where DescribeTrails says so.
        option: How ``update-trail`` gives it.
        ingests: For which ways into the pipeline.
    """

    what: str
    key: str
    option: str
    ingests: tuple[Ingest, ...] = ("cloudwatch_logs", "s3")


NEEDS: Final = (
    Need("of the organisation", "IsOrganizationTrail", "--is-organization-trail"),
    Need("multi-region", "IsMultiRegionTrail", "--is-multi-region-trail"),
    Need(
        "with a log group",
        "CloudWatchLogsLogGroupArn",
        "--cloud-watch-logs-log-group-arn … --cloud-watch-logs-role-arn …",
        ("cloudwatch_logs",),
    ),
)


def recorder(region: str, view: View) -> Answer:
    """AWS Config records, without which there are no items, and Security Hub checks little.

    Reference: https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationRecorderStatus.html
    """
    config = view.client("config", region)
    told = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    if any(status["recording"] for status in told):
        return ok("recording")
    return warning(
        "a recorder that is stopped" if told else "no recorder",
        "one that records, here and in each member's account",
        "https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html",
    )


def aggregator(region: str, view: View) -> Answer:
    """The aggregator's name is free, or is this deployment's own.

    Reference: https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationAggregators.html
    """
    config = view.client("config", region)
    named = [CENTRAL_LOGS]
    found = unless(
        {"NoSuchConfigurationAggregatorException"},
        lambda: config.describe_configuration_aggregators(ConfigurationAggregatorNames=named),
    )
    if not found:
        return ok(f"{CENTRAL_LOGS} is free")
    if (KIND, CENTRAL_LOGS) in view.owned("sources"):
        return ok(f"{CENTRAL_LOGS} is this deployment's own")
    return error(
        f"{CENTRAL_LOGS} is there and not of this deployment",
        "a free name: CloudFormation takes over nothing",
        f"aws configservice delete-configuration-aggregator --configuration-aggregator-name "
        f"{CENTRAL_LOGS} --region {region}",
    )


KIND: Final = "AWS::Config::ConfigurationAggregator"
