"""Groups of a directory choose the role of their people: said to the identity pool.

CloudFormation cannot say it, because the name of a provider has the id of the app client that
OpenSearch Service makes when the domain gets its directory.

References:
    - https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetIdentityPoolRoles.html
    - https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html
"""

from collections.abc import Mapping
from typing import Any, Final, Protocol

BY_GROUP: Final = {"Type": "Token", "AmbiguousRoleResolution": "Deny"}
"""The role of the group of highest precedence; who is in no group gets none."""


class Identities(Protocol):
    """What is asked of boto3's client of ``cognito-identity``."""

    def describe_identity_pool(self, *, IdentityPoolId: str) -> Mapping[str, Any]:  # noqa: N803  AWS's name
        """The pool, with its providers."""
        ...

    def set_identity_pool_roles(
        self,
        *,
        IdentityPoolId: str,  # noqa: N803  AWS's name
        Roles: Mapping[str, str],  # noqa: N803  likewise
        RoleMappings: Mapping[str, Mapping[str, str]],  # noqa: N803  likewise
    ) -> object:
        """Replace the pool's roles, and what chooses them."""
        ...


class NoProviderError(Exception):
    """OpenSearch Service has not made itself known to the identity pool: nobody could sign in."""

    def __init__(self, pool: str) -> None:
        super().__init__(
            f"{pool} has no provider; expected the app client that OpenSearch Service makes when "
            "the domain gets its Cognito options"
        )


def map_groups(client: Identities, pool: str, guest_role_arn: str) -> tuple[str, ...]:
    """Let every provider of the pool go by groups; gives their names.

    Args:
        client: The service.
        pool: Id of the identity pool.
        guest_role_arn: The role of the pool itself, which the call replaces as well.

    Raises:
        NoProviderError: the pool has none.
        ClientError: a right is missing, or the pool.
    """
    found = client.describe_identity_pool(IdentityPoolId=pool)
    providers = tuple(
        f"{each['ProviderName']}:{each['ClientId']}"
        for each in found.get("CognitoIdentityProviders", [])
    )
    if not providers:
        raise NoProviderError(pool)
    client.set_identity_pool_roles(
        IdentityPoolId=pool,
        Roles={"authenticated": guest_role_arn},
        RoleMappings=dict.fromkeys(providers, BY_GROUP),
    )
    return providers
