"""Signing in to Dashboards with Amazon Cognito: what OpenSearch Service needs for it.

References:
    - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cognito-auth.html
    - https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonOpenSearchServiceCognitoAccess.html
"""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_opensearchservice as opensearch
from constructs import Construct

from infra.acknowledge import acknowledge_wildcard
from infra.config.cognito import Cognito
from infra.constructs.access.directory import Directory
from infra.constructs.access.directory_roles import DirectoryRoles, grant_hand_over, pool_arn
from infra.constructs.common.statements import allow, service_role, wait_for_rights

OF_PEOPLE: Final = tuple(
    f"cognito-idp:{action}"
    for action in (
        *("AdminInitiateAuth", "AdminUserGlobalSignOut", "CreateUserPoolClient"),
        *("DeleteUserPoolClient", "DescribeUserPool", "DescribeUserPoolClient"),
        *("ListUserPoolClients", "UpdateUserPoolClient"),
    )
)
OF_IDENTITIES: Final = tuple(
    f"cognito-identity:{action}"
    for action in ("DescribeIdentityPool", "GetIdentityPoolRoles", "UpdateIdentityPool")
)
"""What the managed policy allows for every pool, here for the two that are used."""


class CognitoLogin(Construct):
    """The role by which the domain sends people to a directory, and the directory, unless given.

    Attributes:
        options: For the domain.
        directory: People and their sign-in page; ``None`` where the pools are given.
        roles: What signing in makes of them; ``None`` likewise.
        service: The role; the service looks at it when the domain gets its options.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: Cognito,
        domain_arn: str,
        removal: cdk.RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        self.directory: Directory | None = None
        self.roles: DirectoryRoles | None = None
        people, identities = config.user_pool_id or "", config.identity_pool_id or ""
        if config.domain_prefix:
            self.directory = Directory(
                self, "Directory", domain_prefix=config.domain_prefix, removal=removal
            )
            self.roles = DirectoryRoles(self, "Roles", directory=self.directory)
            people, identities = self.directory.people.user_pool_id, self.roles.identity_pool
        self.service = self._service_role(domain_arn, people, identities)
        self.options = opensearch.CfnDomain.CognitoOptionsProperty(
            enabled=True,
            user_pool_id=people,
            identity_pool_id=identities,
            role_arn=self.service.role_arn,
        )

    def hold_back(self, domain: opensearch.CfnDomain) -> None:
        """Make the domain after what the service looks at; so it is also deleted before.

        Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cognito-auth.html#cognito-auth-delete
        """
        wait_for_rights(domain, self.service)
        made = (part for part in (self.directory, self.roles) if part)
        domain.node.add_dependency(*made)

    def _service_role(self, domain_arn: str, people: str, identities: str) -> iam.Role:
        """The role that the service takes for this domain only.

        Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cross-service-confused-deputy-prevention.html
        """
        stack = cdk.Stack.of(self)
        role = service_role(
            self,
            "opensearchservice.amazonaws.com",
            why="SignPeopleInToTheDomain",
            description="Central logs: lets the log domain use the directory of people",
            conditions={
                "StringEquals": {"aws:SourceAccount": stack.account},
                "ArnEquals": {"aws:SourceArn": domain_arn},
            },
        )
        allow(role, "AskTheDirectory", OF_PEOPLE, [_people_arn(stack, people)])
        allow(role, "JoinTheIdentities", OF_IDENTITIES, [pool_arn(stack, identities)])
        grant_hand_over(role, self._handed_over(role))
        return role

    def _handed_over(self, service: iam.Role) -> str:
        """The role that the identity pool has already; of a given pool nobody told us its name."""
        if self.roles:
            return self.roles.guest.role_arn
        every = cdk.Stack.of(self).format_arn(
            service="iam", region="", resource="role", resource_name="*"
        )
        acknowledge_wildcard(
            service,
            every,
            "The roles of a pool that is given are not known, and go to Cognito only",
        )
        return every


def _people_arn(stack: cdk.Stack, people: str) -> str:
    """The ARN of a user pool, whose id begins with its region where it is given."""
    region = stack.region if cdk.Token.is_unresolved(people) else people.partition("_")[0]
    return stack.format_arn(
        service="cognito-idp", region=region, resource="userpool", resource_name=people
    )
