"""Who asks, and whether the account's regions are switched on."""

from botocore.exceptions import BotoCoreError, ClientError

from ops.answer import Answer, error, ok
from ops.view import View

ENABLED = ("ENABLED", "ENABLED_BY_DEFAULT")


def caller(_region: str, view: View) -> Answer:
    """The credentials are of the central account.

    Reference: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    """
    account = view.config.central.account
    expected = f"credentials of {account}, the central account"
    fix = f'--profile with credentials of {account}, or [central] account = "…" of yours'
    try:
        found = view.client("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as none:  # no credentials, or none that count any more
        return error(str(none), expected, fix)
    if found["Account"] != account:
        return error(f"{found['Arn']} of {found['Account']}", expected, fix)
    return ok(found["Arn"])


def region_enabled(region: str, view: View) -> Answer:
    """The region can be used: some are off until the account switches them on.

    Reference: https://docs.aws.amazon.com/accounts/latest/reference/API_GetRegionOptStatus.html
    """
    found = view.client("account").get_region_opt_status(RegionName=region)["RegionOptStatus"]
    if found in ENABLED:
        return ok(found)
    return error(
        found,
        "an enabled region, here and in every member",
        f"aws account enable-region --region-name {region}",
    )
