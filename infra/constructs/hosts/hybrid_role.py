"""The role of machines outside AWS, which Systems Manager takes for them.

Nobody can make activations by CloudFormation: their codes are secrets and expire.

Reference: https://docs.aws.amazon.com/systems-manager/latest/userguide/hybrid-multicloud-service-role.html
"""

from collections.abc import Sequence
from typing import Literal, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.common.statements import service_role
from infra.names import hybrid_role_name


class HybridRole(Construct):
    """A role with the policy of a host, in the accounts that machines are registered in.

    One template serves every account, so the account decides when it is deployed.

    Attributes:
        role: Systems Manager takes it for machines of this account and region only.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        policy: iam.IManagedPolicy,
        accounts: Sequence[str] | Literal["all"],
    ) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        place = f"{stack.region}:{stack.account}"
        self.role = service_role(
            self,
            "ssm.amazonaws.com",
            why="SpeakForMachinesOfThisAccount",
            description=f"Central logs: machines outside AWS, registered in {stack.region}",
            conditions={
                "StringEquals": {"aws:SourceAccount": stack.account},
                "ArnLike": {"aws:SourceArn": f"arn:{stack.partition}:ssm:{place}:*"},
            },
            role_name=hybrid_role_name(stack.region),
        )
        self.role.add_managed_policy(policy)
        if accounts != "all":
            resource = cast("cdk.CfnResource", self.role.node.default_child)
            resource.cfn_options.condition = self._is_one_of(accounts)

    def _is_one_of(self, accounts: Sequence[str]) -> cdk.CfnCondition:
        equal = [cdk.Fn.condition_equals(cdk.Aws.ACCOUNT_ID, account) for account in accounts]
        # An Fn::Or takes ten; CDK puts as many into one another as it needs.
        return cdk.CfnCondition(self, "IsChosen", expression=cdk.Fn.condition_or(*equal))
