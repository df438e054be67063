"""Whether what ``[access]`` names is there: the boundary, and who may break the glass unheard."""

from collections.abc import Mapping
from typing import Any

from infra.config import DeploymentConfig
from ops.answer import Answer, error, ok, warning
from ops.refusal import unless
from ops.view import View


def boundaries(config: DeploymentConfig) -> Mapping[str, str]:
    """The ARN of the boundary in the central account, if roles have one."""
    arn = config.access.boundary_arn(_partition(config), config.central.account)
    return {"[access] permission_boundary": arn} if arn else {}


def boundary(arn: str, view: View) -> Answer:
    """The policy is there; without it no role can be made.

    Reference: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html
    """
    iam = view.client("iam")
    found = unless({"NoSuchEntity"}, lambda: iam.get_policy(PolicyArn=arn))
    if found:
        return ok(found["Policy"]["Arn"])
    return error(
        f"no policy {arn}",
        "a managed policy of that name, in every account that is onboarded",
        f"aws iam create-policy --policy-name {arn.rpartition('/')[2]} "
        "--policy-document file://boundary.json, or another name as [access] permission_boundary",
    )


def users(config: DeploymentConfig) -> Mapping[str, str]:
    """Users of the central account who may break the glass, by name; others are elsewhere."""
    here = f":{config.central.account}:"
    return {
        arn: arn.rpartition("/")[2] for arn in config.access.break_glass.principals if here in arn
    }


def second_factor(user: str, view: View) -> Answer:
    """The user is there, without which its role cannot be made, and has a second factor.

    References:
        - https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html
        - https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html
    """
    iam = view.client("iam")
    if unless({"NoSuchEntity"}, lambda: iam.get_user(UserName=user)) is None:
        return error(
            f"no user {user}",
            "a user: a role trusts nobody who is not there",
            f"aws iam create-user --user-name {user}, or another one under [access.break_glass]",
        )
    devices = iam.list_mfa_devices(UserName=user)["MFADevices"]
    if not devices:
        return warning(
            f"{user} has no second factor",
            "one, or the role is refused to this user",
            f"aws iam create-virtual-mfa-device --virtual-mfa-device-name {user} "
            "--outfile code.png --bootstrap-method QRCodePNG, then aws iam enable-mfa-device",
        )
    return ok(devices[0]["SerialNumber"])


def heard(config: DeploymentConfig) -> Mapping[str, str]:
    """The region where uses of break glass must be heard, if there is such a role."""
    region = config.central.region
    return {region: region} if config.access.break_glass.principals else {}


def logging_trail(region: str, view: View) -> Answer:
    """A trail logs the region's calls, without which EventBridge hears of none.

    References:
        - https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
        - https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html
    """
    cloudtrail = view.client("cloudtrail", region)
    trails = cloudtrail.describe_trails(includeShadowTrails=True)["trailList"]
    for trail in trails:
        if _logs_reads(cloudtrail, trail["TrailARN"]):
            return ok(trail["TrailARN"])
    return warning(
        f"no trail that logs every management event, of {len(trails)}",
        "one: the break-glass role would be taken unheard",
        "log them with a trail of the account or the organisation: aws cloudtrail "
        "put-event-selectors --trail-name NAME --event-selectors "
        '\'[{"ReadWriteType": "All", "IncludeManagementEvents": true}]\', and '
        "aws cloudtrail start-logging --name NAME",
    )


def _logs_reads(cloudtrail: Any, trail: str) -> bool:  # noqa: ANN401  a boto3 client
    """Whether a trail is on and has management events, those that read as well."""
    if not cloudtrail.get_trail_status(Name=trail).get("IsLogging"):
        return False
    chosen = cloudtrail.get_event_selectors(TrailName=trail)
    simple = chosen.get("EventSelectors", ())
    fields = [each["FieldSelectors"] for each in chosen.get("AdvancedEventSelectors", ())]
    return any(
        each.get("IncludeManagementEvents", True) and each.get("ReadWriteType", "All") == "All"
        for each in simple
    ) or any(_is_all_management(each) for each in fields)


def _is_all_management(selectors: list[Mapping[str, Any]]) -> bool:
    """Whether advanced selectors take management events and leave out nothing but some sources."""
    named = {each["Field"]: each.get("Equals", []) for each in selectors}
    return named.get("eventCategory") == ["Management"] and "readOnly" not in named


def _partition(config: DeploymentConfig) -> str:
    """The partition of the central region, by the names that AWS gives regions."""
    prefixes = {"cn": "aws-cn", "us-gov": "aws-us-gov"}
    region = config.central.region
    return next((p for start, p in prefixes.items() if region.startswith(f"{start}-")), "aws")
