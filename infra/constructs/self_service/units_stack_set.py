"""Gives a template to every account of the units that self-service is for.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html
"""

from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from infra.constructs.members.member_stack_set import fitting

L1 = cdk.CfnStackSet


class UnitsStackSet(Construct):
    """A service-managed StackSet, run by the central account, which has stacks of its own.

    An account that joins a unit gets its stack, one that leaves loses it. One account's trouble
    does not stop the others: nothing here is on the way of a log.

    Attributes:
        stack_set: The StackSet.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        description: str,
        units: Sequence[str],
        regions: Sequence[str],
        central: str,
        body: str,
    ) -> None:
        super().__init__(scope, id_)
        self.stack_set = L1(
            self,
            "StackSet",
            stack_set_name=name,
            description=description,
            permission_model="SERVICE_MANAGED",
            call_as="DELEGATED_ADMIN",
            capabilities=["CAPABILITY_NAMED_IAM"],
            auto_deployment=L1.AutoDeploymentProperty(
                enabled=True, retain_stacks_on_account_removal=False
            ),
            managed_execution={"Active": True},
            operation_preferences=L1.OperationPreferencesProperty(
                concurrency_mode="SOFT_FAILURE_TOLERANCE",
                failure_tolerance_percentage=100,
                max_concurrent_percentage=100,
                region_concurrency_type="PARALLEL",
            ),
            stack_instances_group=[
                L1.StackInstancesProperty(
                    deployment_targets=L1.DeploymentTargetsProperty(
                        account_filter_type="DIFFERENCE",
                        accounts=[central],
                        organizational_unit_ids=list(units),
                    ),
                    regions=list(regions),
                )
            ],
            template_body=fitting(body),
        )
