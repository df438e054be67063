"""Who has the access: an account, a role, an identity provider, a service or everybody.

Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from typing import Any, NamedTuple

from logcore.shape import obj, text

_ACCOUNT_AT = 4  # place of the account in an ARN
_ACCOUNT_DIGITS = 12
_ENTITIES = frozenset({"AWS::IAM::Role", "AWS::IAM::User"})


class Principal(NamedTuple):
    """The one that has access.

    Attributes:
        name: ARN, account, name of a service or a provider, or ``*``.
        type: ``AWS``, ``CanonicalUser``, ``Federated`` or ``Service``; of access from inside
            ``IAM_ROLE`` or ``IAM_USER``.
    """

    name: str | None
    type: str | None


def principal_of(detail: dict[str, Any]) -> Principal:
    """The principal, of which a finding has one; unused access has none."""
    named = obj(detail.get("principal"))
    kind = next((key for key, value in named.items() if text(value)), None)
    name = text(named.get(kind)) if kind else None
    return Principal(name, text(detail.get("principalType")) or kind)


def entity_of(detail: dict[str, Any], principal: Principal) -> str | None:
    """ARN of the IAM user or role that has the access, or that does not use it."""
    if principal.name and ":iam::" in principal.name:
        return principal.name
    return text(detail.get("resource")) if text(detail.get("resourceType")) in _ENTITIES else None


def name_in(arn: str) -> str | None:
    """The name at an ARN's end; the account's root has none."""
    return arn.rpartition("/")[2] or None if "/" in arn else None


def account_in(principal: str | None) -> str | None:
    """The account that a principal is, or that its ARN names."""
    parts = (principal or "").split(":")
    found = parts[_ACCOUNT_AT] if len(parts) > _ACCOUNT_AT else parts[0]
    return found if len(found) == _ACCOUNT_DIGITS and found.isdigit() else None
