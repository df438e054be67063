"""Who acted: what the many shapes of a record's ``userIdentity`` come to.

Reference: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from typing import Any

from logcore.sources.cloudtrail.origin import flag

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"  # stands where CloudTrail withholds a value
ACCOUNT_DIGITS = (
    12  # https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html
)
_ISSUED = {"AssumedRole", "FederatedUser"}  # these are known by the name of what issued the session


def name_of(kind: str | None, name: str | None, issuer: str | None) -> str | None:
    """The user's name; of a role session the role's."""
    return issuer or name if kind in _ISSUED else name


def session_of(arn: str | None) -> str | None:
    """Name of the role session or of the federated user: the last part of a session's ARN."""
    return arn.rpartition("/")[2] if arn and ":sts:" in arn else None


def email_of(name: str | None, session: str | None) -> str | None:
    """Name or session name when it is an address."""
    if name and "@" in name:
        return name
    return session if session and "@" in session else None


def before_at(session: str | None) -> str | None:
    """What people call whoever's session is named after their address."""
    return session.partition("@")[0] if session else None


def account_of(value: str | None) -> str | None:
    """Twelve digits; S3 writes ``ANONYMOUS_PRINCIPAL`` for callers without an account."""
    return value if value and len(value) == ACCOUNT_DIGITS and value.isdigit() else None


def acting_service(kind: str | None, invoked_by: str | None) -> str | None:
    """The service that acts by itself; one that acts on behalf of somebody is not the actor."""
    return invoked_by if kind == "AWSService" else None


def lasting_id(
    kind: str | None,
    arn: str | None,
    principal: str | None,
    issuer_arn: str | None,
    user: str | None,
) -> str | None:
    """The id that stays the same from session to session, as Elastic's integration picks it.

    Args:
        kind: ``userIdentity.type``.
        arn: ARN of the identity that called, of a role session the session's own.
        principal: Unique id that IAM gave it, ``AIDA...`` or ``AROA...:session``.
        issuer_arn: ARN of the role that issued the session.
        user: The user of Identity Center on whose behalf the call was made.
    """
    match kind:
        case "Root" | "IAMUser":
            return arn or principal
        case "AssumedRole":
            return issuer_arn or arn or principal
        case "IdentityCenterUser":
            return user or principal
        case _:
            return principal


def mfa_of(used: Any, of_session: Any, malformed: list[str]) -> bool | None:  # noqa: ANN401  any JSON
    """Whether a second factor was used: a console sign-in says ``MFAUsed``, a session its own."""
    return flag(of_session if used is None else used, "mfaAuthenticated", malformed)
