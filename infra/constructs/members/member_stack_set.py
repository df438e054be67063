"""Gives the member stack to every account of organisational units, those of tomorrow included.

References:
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-delegated-admin.html
"""

from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from infra.config.members import Members
from infra.config.rollout import Rollout
from infra.errors import TemplateSizeError
from infra.names import MEMBER_STACK_SET

L1 = cdk.CfnStackSet

LARGEST_BODY = 51_200  # bytes in a request: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html


class MemberStackSet(Construct):
    """A service-managed StackSet: AWS makes the roles that it needs in each account.

    It is run by the central account as delegated administrator. The account itself is left out of
    its units, because it has a member stack of its own and takes one subscription policy only;
    the management account is left out by AWS.

    Attributes:
        stack_set: The StackSet; its ``Ref`` is the id that the command line takes.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        members: Members,
        regions: Sequence[str],
        central: str,
        body: str,
        has_names: bool = False,
    ) -> None:
        """Make the StackSet.

        Args:
            scope: Where it is.
            id_: What it is called there.
            members: Units, and how a change goes through them.
            regions: Each account gets a stack in each.
            central: The account that is left out.
            body: The template.
            has_names: Whether roles or policies in it have names of ours, which AWS wants to be
                told: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html
        """
        super().__init__(scope, id_)
        self.stack_set = L1(
            self,
            "StackSet",
            stack_set_name=MEMBER_STACK_SET,
            description="Central logs: the member stack of every account of the units",
            permission_model="SERVICE_MANAGED",
            call_as="DELEGATED_ADMIN",
            capabilities=["CAPABILITY_NAMED_IAM" if has_names else "CAPABILITY_IAM"],
            auto_deployment=_auto_deployment(members),
            # Else an account that joins while a deployment goes on would fail one of the two.
            managed_execution={"Active": True},
            operation_preferences=_preferences(members.rollout),
            stack_instances_group=[
                L1.StackInstancesProperty(
                    deployment_targets=_targets(members, central), regions=list(regions)
                )
            ],
            template_body=fitting(body),
        )


def _auto_deployment(members: Members) -> L1.AutoDeploymentProperty:
    """AWS takes the second value with the first only."""
    if not members.automatic:
        return L1.AutoDeploymentProperty(enabled=False)
    return L1.AutoDeploymentProperty(
        enabled=True, retain_stacks_on_account_removal=members.retain_on_removal
    )


def _targets(members: Members, central: str) -> L1.DeploymentTargetsProperty:
    chosen = members.account_filter
    if chosen.mode == "intersection":
        mode, accounts = "INTERSECTION", chosen.accounts
    else:
        mode, accounts = "DIFFERENCE", (central, *chosen.accounts)
    return L1.DeploymentTargetsProperty(
        account_filter_type=mode,
        accounts=list(accounts),
        organizational_unit_ids=list(members.units or ()),
    )


def _preferences(rollout: Rollout) -> L1.OperationPreferencesProperty:
    return L1.OperationPreferencesProperty(
        concurrency_mode=f"{rollout.concurrency_mode.upper()}_FAILURE_TOLERANCE",
        failure_tolerance_count=rollout.failure_tolerance_count,
        failure_tolerance_percentage=rollout.tolerated_percentage,
        max_concurrent_count=rollout.max_concurrent_count,
        max_concurrent_percentage=rollout.concurrent_percentage,
        region_concurrency_type=rollout.region_concurrency.upper(),
        region_order=list(rollout.region_order) or None,
    )


def fitting(body: str) -> str:
    """The body, if a request holds it.

    Raises:
        TemplateSizeError: it does not; fewer log groups or event sources make it smaller.
    """
    size = len(body.encode())
    if size > LARGEST_BODY:
        raise TemplateSizeError(f"the template takes {size} bytes, a StackSet holds {LARGEST_BODY}")
    return body
