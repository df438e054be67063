"""Who acted: the many shapes of a record's ``userIdentity`` as one value.

Reference: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from typing import Any, NamedTuple

from logcore.shape import obj, text
from logcore.sources.cloudtrail.origin import flag

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"  # stands where CloudTrail withholds a value
ACCOUNT_DIGITS = (
    12  # https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html
)
_ISSUED = {"AssumedRole", "FederatedUser"}  # these are known by the name of what issued the session


class Actor(NamedTuple):
    """The identity behind an event; a part that is unknown or withheld is ``None``.

    Attributes:
        type: ``Root``, ``IAMUser``, ``AssumedRole``, ``AWSService`` and so on.
        id: The lasting identity: a user's ARN, a role's ARN, an Identity Center user's id.
        name: User name; for a role session the role's name.
        email: Name or session name when it is an address.
        arn: ARN of the identity that called, of a role session the session's own.
        principal_id: Unique id that IAM gave it, ``AIDA...`` or ``AROA...:session``.
        session: Name of the role session or of the federated user.
        account: Twelve-digit account of the identity.
        access_key: Access key that signed the request.
        invoked_by: Service that called on behalf of the identity, or by itself.
        mfa_given: Raw value that says whether a second factor was used.
    """

    type: str | None
    id: str | None
    name: str | None
    email: str | None
    arn: str | None
    principal_id: str | None
    session: str | None
    account: str | None
    access_key: str | None
    invoked_by: str | None
    mfa_given: Any

    def names(self) -> tuple[str | None, ...]:
        """Every form under which the identity may be looked for."""
        before_at = self.session.partition("@")[0] if self.session else None
        return self.name, self.id, self.arn, self.principal_id, self.session, before_at

    def mfa(self, malformed: list[str]) -> bool | None:
        """Whether a second factor was used; ``None`` when the record does not say."""
        return flag(self.mfa_given, "mfaAuthenticated", malformed)


def actor_of(event: dict[str, Any]) -> Actor:
    """Read ``userIdentity``, whatever of it is missing, empty or not an object."""
    identity = obj(event.get("userIdentity"))
    context = obj(identity.get("sessionContext"))
    issuer = obj(context.get("sessionIssuer"))
    kind = text(identity.get("type"))
    arn = shown(identity.get("arn"))
    name = shown(identity.get("userName"))
    if kind in _ISSUED:
        name = shown(issuer.get("userName")) or name
    session = arn.rpartition("/")[2] if arn and ":sts:" in arn else None
    return Actor(
        type=kind,
        id=_lasting_id(kind, identity, issuer),
        name=name,
        email=next((n for n in (name, session) if n and "@" in n), None),
        arn=arn,
        principal_id=shown(identity.get("principalId")),
        session=session,
        account=_account(identity.get("accountId")),
        access_key=shown(identity.get("accessKeyId")),
        invoked_by=text(identity.get("invokedBy")),
        mfa_given=_mfa(event, context),
    )


def shown(value: Any) -> str | None:  # noqa: ANN401  any JSON
    """Text, unless CloudTrail withheld it: a placeholder is nobody's name."""
    found = text(value)
    return None if found == HIDDEN else found


def _account(value: Any) -> str | None:  # noqa: ANN401  any JSON
    """Twelve digits; S3 writes ``ANONYMOUS_PRINCIPAL`` for callers without an account."""
    found = text(value)
    return found if found and len(found) == ACCOUNT_DIGITS and found.isdigit() else None


def _lasting_id(kind: str | None, identity: dict[str, Any], issuer: dict[str, Any]) -> str | None:
    """The id that stays the same from session to session, as Elastic's integration picks it."""
    principal = shown(identity.get("principalId"))
    match kind:
        case "Root" | "IAMUser":
            return shown(identity.get("arn")) or principal
        case "AssumedRole":
            return shown(issuer.get("arn")) or shown(identity.get("arn")) or principal
        case "IdentityCenterUser":
            return shown(obj(identity.get("onBehalfOf")).get("userId")) or principal
        case _:
            return principal


def _mfa(event: dict[str, Any], context: dict[str, Any]) -> Any:  # noqa: ANN401  any JSON
    """A session says ``mfaAuthenticated``, a console sign-in ``MFAUsed``."""
    used = obj(event.get("additionalEventData")).get("MFAUsed")
    return obj(context.get("attributes")).get("mfaAuthenticated") if used is None else used
