"""The StackSets, by which units get what they get."""

from collections.abc import Iterator

from infra.config import DeploymentConfig
from infra.names import LOG_GROUP_RULES, MEMBER_STACK_SET, SELF_SERVICE_ROLES
from ops.checks.claims.claim import Claim, Kind
from ops.failures.events import NO_STACK_SET
from ops.refusal import unless
from ops.view import View


def stack_set_claims(config: DeploymentConfig) -> Iterator[tuple[str, Claim]]:
    """Every StackSet that the deployment makes."""
    home = config.central.region
    for name in stack_sets(config):
        stack = "organisation" if name == MEMBER_STACK_SET else "self-service-units"
        yield name.replace("central-logs-", "StackSet of "), Claim(stack_set(name, stack), home)


def stack_sets(config: DeploymentConfig) -> Iterator[str]:
    """Their names: those that the configuration has."""
    if config.members.units:
        yield MEMBER_STACK_SET
    if config.self_service.units:
        yield SELF_SERVICE_ROLES
        if config.self_service.rules.enabled:
            yield LOG_GROUP_RULES


def stack_set(name: str, stack: str) -> Kind:
    """One of them, made by a stack of the deployment."""

    def look(view: View, region: str) -> str:
        """https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackSet.html.

        Who is no delegated administrator has none, and another check says what is missing.
        """
        api = view.client("cloudformation", region)
        found = unless(
            NO_STACK_SET,
            lambda: api.describe_stack_set(StackSetName=name, CallAs="DELEGATED_ADMIN"),
        )
        return str(found["StackSet"]["StackSetId"]) if found else ""

    delete = (
        "aws cloudformation delete-stack-set --call-as DELEGATED_ADMIN --stack-set-name {name} "
        "--region {region}, after its stacks"
    )
    return Kind(name, "AWS::CloudFormation::StackSet", stack, look, delete)
