"""Roles that Service Catalog launches products with, in whichever account somebody launches.

A launch constraint names a role by name, so the same name must be in every account that launches
and in the one that has the portfolio. Each right is one that a resource of the product needs.

References:
    - https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html
    - https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreateConstraint.html
"""

from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from infra.acknowledge import acknowledge_wildcard
from infra.constructs.common.statements import Conditions, allow, service_role

OF_STACKS = (
    *("CreateChangeSet", "CreateStack", "DeleteChangeSet", "DeleteStack", "DescribeChangeSet"),
    *("DescribeStackEvents", "DescribeStackResources", "DescribeStacks", "ExecuteChangeSet"),
    *("GetTemplate", "SetStackPolicy", "UpdateStack"),
)
OF_TEMPLATES = ("GetTemplateSummary", "ValidateTemplate")
OF_ROLES = (
    *("CreateRole", "DeleteRole", "DeleteRolePolicy", "GetRole", "GetRolePolicy"),
    *(
        "PutRolePermissionsBoundary",
        "PutRolePolicy",
        "TagRole",
        "UntagRole",
        "UpdateAssumeRolePolicy",
        "UpdateRole",
    ),
)

BY_ITS_STACK = (
    "CloudFormation names it after the stack, which Service Catalog names after the launch"
)


class LaunchRole(Construct):
    """A role that Service Catalog takes, with what every product needs.

    That is a stack named ``SC-...``, its template, and roles which begin with the stack's name and
    can be handed to the services of the product only.

    Attributes:
        role: The role; add what the product's own resources need.
    """

    def __init__(
        self, scope: Construct, id_: str, *, name: str, product: str, passed_to: Sequence[str]
    ) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        self.role = service_role(
            self,
            "servicecatalog.amazonaws.com",
            why="LaunchProducts",
            description=f"Central logs: launches the product '{product}'",
            role_name=name,
        )
        roles = f"arn:{stack.partition}:iam::{stack.account}:role/SC-{stack.account}-*"
        stacks = f"arn:{stack.partition}:cloudformation:*:{stack.account}:stack/SC-*"
        self.allow("LaunchTheStack", "cloudformation", OF_STACKS, stacks, BY_ITS_STACK)
        templates = "Whoever checks a template has no stack yet"
        self.allow("CheckTheTemplate", "cloudformation", OF_TEMPLATES, "*", templates)
        allow(
            self.role,
            "ReadTheTemplate",
            ["s3:GetObject"],
            ["*"],
            conditions={
                "StringEquals": {"s3:ExistingObjectTag/servicecatalog:provisioning": "true"}
            },
        )
        self.allow("MakeItsRoles", "iam", OF_ROLES, roles, BY_ITS_STACK)
        allow(
            self.role,
            "PassItsRoles",
            ["iam:PassRole"],
            [roles],
            conditions={"StringEquals": {"iam:PassedToService": list(passed_to)}},
        )

    def allow(
        self,
        why: str,
        service: str,
        actions: Sequence[str],
        resource: str,
        wildcard: str,
        *,
        conditions: Conditions | None = None,
    ) -> None:
        """Let it do something with resources whose names the launch makes.

        Args:
            why: The ``Sid``.
            service: Prefix of the actions.
            actions: Names of actions.
            resource: An ARN that ends in a wildcard.
            wildcard: Why it must.
            conditions: When; always if left out.
        """
        named = [f"{service}:{action}" for action in actions]
        allow(self.role, why, named, [resource], conditions=conditions)
        acknowledge_wildcard(self.role, resource, wildcard)
