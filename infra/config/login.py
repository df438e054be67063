"""The section that says how people sign in to OpenSearch Dashboards.

A domain has one way of signing in at a time, so ``kind`` chooses it, and the section of that name
says the rest. Without one, Dashboards shows a sign-in page that lets nobody in, and roles of IAM
send signed requests.

References:
    - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/saml.html
    - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cognito-auth.html
    - https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_IdentityCenterOptionsInput.html
"""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import StringConstraints, model_validator

from infra.config.base import Group, Strict, named_once
from infra.config.cognito import Cognito
from infra.config.saml import Saml

GROUP_ID: Final = re.compile(r"([0-9a-f]{10}-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_Group.html"""


class IdentityCenter(Strict):
    """IAM Identity Center, whose identities an OpenSearch UI application hands on to the domain.

    Attributes:
        instance_arn: Of the organisation's or the account's instance.
        roles_key: What groups are called by.
        subject_key: What people are called by.
    """

    instance_arn: Annotated[
        str, StringConstraints(pattern=r"^arn:aws[a-z-]*:sso:::instance/[a-zA-Z0-9-]+$")
    ]
    roles_key: Literal["GroupId", "GroupName"] = "GroupId"
    subject_key: Literal["UserName", "UserId", "Email"] = "UserName"


class Login(Strict):
    """How people sign in, and which of their groups may do what.

    Attributes:
        analysts: Groups that read logs and look at dashboards.
        authors: Groups that also save dashboards which everybody sees.
    """

    kind: Literal["none", "saml", "identity_center", "cognito"] = "none"
    analysts: tuple[Group, ...] = ()
    authors: tuple[Group, ...] = ()
    saml: Saml | None = None
    identity_center: IdentityCenter | None = None
    cognito: Cognito | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = {kind for kind in KINDS if getattr(self, kind) is not None}
        if given != {self.kind} - {"none"}:
            raise ValueError(
                f"kind {self.kind!r}: expected {_section(self.kind)} and no other, found "
                f"{', '.join(sorted(given)) or 'none'}"
            )
        return self

    @model_validator(mode="after")
    def _groups_are_known(self) -> Self:
        groups = (*self.analysts, *self.authors)
        named_once("analysts, authors", groups)
        if groups and self.kind not in WITH_GROUPS:
            raise ValueError(
                f"analysts, authors: kind {self.kind!r} brings no groups; IAM roles stand under "
                f"[access]; found {', '.join(groups)}"
            )
        wants_ids = self.identity_center and self.identity_center.roles_key == "GroupId"
        names = [group for group in groups if not GROUP_ID.fullmatch(group)]
        if wants_ids and names:
            raise ValueError(
                f"analysts, authors: {names[0]!r} is no id of a group, which roles_key 'GroupId' "
                "compares; see aws identitystore list-groups"
            )
        return self


KINDS: Final = ("saml", "identity_center", "cognito")
WITH_GROUPS: Final = ("saml", "identity_center")
"""Kinds whose groups the domain sees; those of Cognito become roles of IAM before it."""


def _section(kind: str) -> str:
    return "no section of a kind" if kind == "none" else f"[search.login.{kind}]"
