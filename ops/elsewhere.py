"""What only the credentials of another account can look at, as commands to run there."""

from collections.abc import Iterator
from typing import NamedTuple

from infra.config import DeploymentConfig
from infra.config.objects import LogBucket
from infra.names import CENTRAL_LOGS, OBJECTS_QUEUE, objects_bus_arn, policy_name
from ops.checks.bootstrap import LEAST, PARAMETER
from ops.checks.subscriptions import KIND
from ops.owners import READS, rule_name

EVERY_ACCOUNT = "every account that self-service is for, and the central one"


WHO = "aws sts get-caller-identity --query Account --output text"
"""https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""


class Errand(NamedTuple):
    """A command for another account.

    Attributes:
        account: Whose credentials it takes.
        command: The command, which only reads.
        expected: What it should print.
    """

    account: str
    command: str
    expected: str


def errands(config: DeploymentConfig) -> Iterator[Errand]:
    """Every command, account by account."""
    for account in config.accounts[1:]:
        if config.organisation is None:
            yield Errand(account, WHO, f"{account}, or somebody else's account is admitted")
        for region in config.regions:
            yield Errand(account, _bootstrap(region), f"{LEAST} or more")
            yield Errand(account, _policies(region), _expected(config, region))
    if config.members.units:
        for region in config.regions:
            yield Errand("any account of the units", _policies(region), _expected(config, region))
    yield from _of_access(config)
    if config.self_service.units and config.self_service.rules.enabled:
        for region in config.regions:
            yield Errand(EVERY_ACCOUNT, _recorder(region), "true, or its rules find nothing")
    for bucket in config.named_buckets:
        if bucket.account != config.central.account:
            yield from _bucket(bucket, config)


def _bucket(bucket: LogBucket, config: DeploymentConfig) -> Iterator[Errand]:
    """Whether a bucket announces, and lets the function read; ``python -m ops owners`` says how."""
    account, home = str(bucket.account), config.central
    if bucket.region == home.region:
        queue = f"arn:aws:sqs:{home.region}:{home.account}:{OBJECTS_QUEUE}"
        yield Errand(
            account,
            f"aws s3api get-bucket-notification-configuration --bucket {bucket.name}",
            f"s3:ObjectCreated:* to {queue}, once {CENTRAL_LOGS} is deployed",
        )
    else:
        yield Errand(
            account,
            f"aws events list-targets-by-rule --rule {rule_name(bucket)} --region {bucket.region}",
            f"{objects_bus_arn(home.account, home.region, 'aws')} with a role",
        )
    yield Errand(
        account,
        f"aws s3api get-bucket-policy --bucket {bucket.name} --query Policy --output text",
        f"{READS}, as python -m ops owners prints it",
    )


def _of_access(config: DeploymentConfig) -> Iterator[Errand]:
    """Boundaries of roles in other accounts, and their users who may break the glass."""
    name = config.access.permission_boundary
    if name and not name.startswith("arn:"):
        others = ("any account of the units",) if config.members.units else ()
        for account in (*config.accounts[1:], *others):
            command = (
                "aws iam list-policies --scope Local --query "
                f"'Policies[?ends_with(Arn, `:policy/{name}`)].Arn'"
            )
            yield Errand(account, command, f"a policy {name}")
    for user in config.access.break_glass.principals:
        account, called = user.split(":")[4], user.rpartition("/")[2]
        if account != config.central.account:
            command = f"aws iam list-mfa-devices --user-name {called}"
            yield Errand(account, command, "a device: the role is refused without one")


def _recorder(region: str) -> str:
    """https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationRecorderStatus.html."""
    return (
        "aws configservice describe-configuration-recorder-status "
        f"--query 'ConfigurationRecordersStatus[].recording' --region {region}"
    )


def _bootstrap(region: str) -> str:
    return f"aws ssm get-parameter --name {PARAMETER} --query Parameter.Value --region {region}"


def _expected(config: DeploymentConfig, region: str) -> str:
    """Which subscription policy a member may have."""
    if config.members.subscribes:
        return f"nothing, or {policy_name(region)}"
    return f"anything but {policy_name(region)}, by which its logs would come twice"


def _policies(region: str) -> str:
    return (
        f"aws logs describe-account-policies --policy-type {KIND} "
        f"--query 'accountPolicies[].policyName' --region {region}"
    )
