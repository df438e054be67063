"""The section that says which roles of AWS may do what, and what holds for every role of ours."""

from collections.abc import Collection
from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints, model_validator

from infra.config.alarms import Email
from infra.config.base import RoleArn, Strict, named_once

UserArn = Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:user/.+$")]

Boundary = Annotated[
    str,
    StringConstraints(
        pattern=r"^(arn:aws[a-z-]*:iam::(aws|\d{12}):policy/)?([\w+=,.@-]+/)*[\w+=,.@-]{1,128}$"
    ),
]
"""A managed policy: its name, perhaps below a path, or its ARN."""

RolePath = Annotated[str, StringConstraints(pattern=r"^/([!-.0-~]+/)*$", max_length=512)]
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-friendly-names"""

EVERY_ACCOUNT: Final = "aws"
"""In the place of an account: a policy of AWS's own, which every account has."""


class BreakGlass(Strict):
    """The way in when every other one fails; without a principal there is none.

    Attributes:
        principals: IAM users, who alone can show a second factor when they take a role: neither a
            role's session nor one of IAM Identity Center carries it. See
            https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
        notify: Addresses that hear of each use.
        session_hours: The longest that one use lasts.
    """

    principals: tuple[UserArn, ...] = ()
    notify: tuple[Email, ...] = ()
    session_hours: Annotated[int, Field(ge=1, le=12)] = 1

    @model_validator(mode="after")
    def _heard_of(self) -> Self:
        if bool(self.principals) != bool(self.notify):
            raise ValueError(
                f"expected principals and notify together, found {len(self.principals)} principals "
                f"and {len(self.notify)} addresses: nobody would hear of a use, or there is none"
            )
        named_once("principals", self.principals)
        named_once("notify", self.notify)
        return self


class Access(Strict):
    """Roles of people inside the domain, and the rules of the organisation for roles of ours.

    Attributes:
        analysts: IAM roles that read logs and look at dashboards.
        authors: IAM roles that also save dashboards which everybody sees.
        permission_boundary: Managed policy that no role of ours exceeds; empty for none. By its
            name it must be in every account; an ARN holds for the account that it names.
        role_path: Path of every role of ours.
    """

    analysts: tuple[RoleArn, ...] = ()
    authors: tuple[RoleArn, ...] = ()
    break_glass: BreakGlass = BreakGlass()
    permission_boundary: Boundary | None = None
    role_path: RolePath = "/"

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        """An author is an analyst already."""
        named_once("analysts, authors", (*self.analysts, *self.authors))
        return self

    def boundary_arn(self, partition: str, account: str) -> str | None:
        """The boundary of roles in an account; both may be CloudFormation's own references."""
        named = self.permission_boundary
        if named is None or named.startswith("arn:"):
            return named
        return f"arn:{partition}:iam::{account}:policy/{named}"


def check_boundary(access: Access, accounts: Collection[str], *, units: bool) -> None:
    """Check that the boundary can be one in every account: IAM takes none of another account.

    Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html

    Raises:
        ValueError: it is of one account, and roles are made in others.
    """
    named = access.permission_boundary or ""
    owner = named.split(":")[4] if named.startswith("arn:") else EVERY_ACCOUNT
    others = sorted(set(accounts) - {owner})
    if owner != EVERY_ACCOUNT and (others or units):
        told = ", ".join(others) or "the accounts of the units"
        raise ValueError(
            f"access.permission_boundary: {named} bounds roles of {owner} only, and {told} get "
            f"roles too; expected a name, {named.partition('policy/')[2]!r}, of a policy that is "
            "in every account"
        )
