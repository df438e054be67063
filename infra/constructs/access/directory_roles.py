"""What signing in makes of people: a role of IAM for each group of a directory.

References:
    - https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html
    - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cognito-auth.html#cognito-auth-granular
"""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.access.directory import Directory
from infra.constructs.common.statements import allow, say_why

IDENTITY: Final = "cognito-identity.amazonaws.com"


class DirectoryRoles(Construct):
    """Roles of the groups ``analysts`` and ``authors``, and one that may do nothing.

    Which group has which role is in the directory; that the identity pool goes by it can only be
    said once OpenSearch Service has made itself known there, so the setup says it
    (``lambdas/search_setup/groups.py``). Until then, and outside both groups, people are guests.

    Attributes:
        analysts: For members of ``analysts``.
        authors: For members of ``authors``; it wins where somebody is in both.
        guest: For everybody else; it has no rights.
        identity_pool: The pool that gives the roles.
    """

    def __init__(self, scope: Construct, id_: str, *, directory: Directory) -> None:
        super().__init__(scope, id_)
        self.identity_pool = directory.identities.ref
        self.analysts = self._role("Analysts", "Central logs: people who read logs")
        self.authors = self._role("Authors", "Central logs: people who also save dashboards")
        self.guest = self._role("Guest", "Central logs: people in no group, who may do nothing")
        by_precedence = {"authors": self.authors, "analysts": self.analysts}
        for precedence, (name, role) in enumerate(by_precedence.items()):
            cognito.CfnUserPoolGroup(
                self,
                f"Group{name.capitalize()}",
                user_pool_id=directory.people.user_pool_id,
                group_name=name,
                precedence=precedence,
                role_arn=role.role_arn,
            )
        cognito.CfnIdentityPoolRoleAttachment(
            self,
            "Attachment",
            identity_pool_id=self.identity_pool,
            roles={"authenticated": self.guest.role_arn},
        )

    def grant_map_groups(self, role: iam.Role) -> None:
        """Let a role say that the pool goes by groups; the guest's role is handed over with it.

        Reference: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetIdentityPoolRoles.html
        """
        pool = pool_arn(cdk.Stack.of(self), self.identity_pool)
        asks = ["cognito-identity:DescribeIdentityPool", "cognito-identity:SetIdentityPoolRoles"]
        allow(role, "LetGroupsChooseTheRole", asks, [pool])
        grant_hand_over(role, self.guest.role_arn)

    def _role(self, id_: str, description: str) -> iam.Role:
        signed_in = {
            "StringEquals": {f"{IDENTITY}:aud": self.identity_pool},
            "ForAnyValue:StringLike": {f"{IDENTITY}:amr": "authenticated"},
        }
        role = iam.Role(
            self,
            id_,
            assumed_by=iam.WebIdentityPrincipal(IDENTITY, signed_in),
            description=description,
        )
        say_why(role, "AssumeRolePolicyDocument", "SignedInToTheDirectory")
        return role


def grant_hand_over(role: iam.Role, handed: str) -> None:
    """Let a role give roles to an identity pool, and to nothing else."""
    allow(
        role,
        "HandRolesToTheIdentities",
        ["iam:PassRole"],
        [handed],
        conditions={"StringEquals": {"iam:PassedToService": IDENTITY}},
    )


def pool_arn(stack: cdk.Stack, pool: str) -> str:
    """The ARN of an identity pool, whose id begins with its region where it is given."""
    region = stack.region if cdk.Token.is_unresolved(pool) else pool.partition(":")[0]
    return stack.format_arn(
        service="cognito-identity", region=region, resource="identitypool", resource_name=pool
    )
