"""The role by which the check of log groups reads in an account, and says what it found."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.acknowledge import acknowledge_wildcard
from infra.constructs.common.statements import allow, say_why
from infra.names import READ_LOG_GROUPS_ROLE

READS = ("DescribeAccountPolicies", "DescribeLogGroups", "DescribeSubscriptionFilters")


class LogGroupReader(Construct):
    """A role with a fixed name that the central account's functions may take, and nobody else.

    Attributes:
        role: The role; it reads no event and changes nothing but evaluations.
    """

    def __init__(
        self, scope: Construct, id_: str, *, central: str, function_roles: Sequence[str]
    ) -> None:
        super().__init__(scope, id_)
        partition = cdk.Stack.of(self).partition
        roles = [f"arn:{partition}:iam::{central}:role/{name}" for name in function_roles]
        self.role = iam.Role(
            self,
            "Role",
            role_name=READ_LOG_GROUPS_ROLE,
            # By name, so that a function which is made anew is trusted still.
            assumed_by=iam.AccountPrincipal(central).with_conditions(
                {"ArnEquals": {"aws:PrincipalArn": roles}}
            ),
            description="Central logs: the check of log groups reads here",
        )
        say_why(self.role, "AssumeRolePolicyDocument", "CheckLogGroupsOfThisAccount")
        allow(self.role, "ReadLogGroups", [f"logs:{action}" for action in READS], ["*"])
        allow(self.role, "SayWhatWasFound", ["config:PutEvaluations"], ["*"])
        acknowledge_wildcard(
            self.role,
            "*",
            "Lists of log groups and evaluations take no resource; it reads no event",
        )
