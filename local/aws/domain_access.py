# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Decides whether a request to a domain's endpoint may pass, and as whom.

Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
"""

import contextvars
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from ministack.core import iam_evaluator, responses, sigv4
from ministack.core.responses import request_scope
from ministack.services import iam, opensearch

from local.aws import patching, roles
from local.aws.settings import Settings

_SERVICE = "es"
_UNSIGNED = "UNSIGNED-PAYLOAD"


class Forbidden(Exception):  # noqa: N818  named for the status it is answered with
    """The request may not pass; the message is the managed service's."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived.

    Attributes:
        target: Path and query as sent.
        headers: In order, with the spelling of the caller.
    """

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def path(self) -> str:
        """The path as sent, still percent-encoded."""
        return urlsplit(self.target).path

    @property
    def action(self) -> str:
        """The IAM action, such as ``es:ESHttpPost``."""
        return f"es:ESHttp{self.method.capitalize()}"

    def header(self, name: str) -> str:
        """A header's value, empty when it was not sent."""
        return next((v for n, v in self.headers if n.lower() == name), "")


def authorise(request: Request) -> str:
    """The principal that this request may be passed on for: a role's, user's or root's ARN.

    Raises:
        Forbidden: it is not signed for ``es``, the signature or the body's hash is wrong, or a
            policy does not allow it.
    """
    if not request.header("authorization"):
        raise Forbidden(
            f"User: anonymous is not authorized to perform: {request.action} because no "
            f"resource-based policy allows the {request.action} action"
        )
    # A context of its own, as MiniStack keeps the checked signature in context variables.
    return contextvars.copy_context().run(_authorise_signed, request)


def _authorise_signed(request: Request) -> str:
    lowered = {name.lower(): value for name, value in request.headers}
    signature = sigv4.parse_header_signature(lowered)
    if isinstance(signature, tuple):
        raise Forbidden(f"{signature[0]}: {signature[1]}")
    if signature.service != _SERVICE:
        raise Forbidden(f"Credential should be scoped to correct service: '{_SERVICE}'.")
    _check_body(request)
    key = signature.access_key_id
    account = _account_of(key)
    with request_scope(account, signature.region):
        principal = _authenticate(request, key, account)
        domain = _domain(account, signature.region)
        resource = f"{domain['ARN']}{unquote(request.path)}"
        policy = domain.get("AccessPolicies") or ""
        why = roles.caller_denied(key, request.action, resource, resource_policy=policy)
    if why:
        raise Forbidden(_not_authorised(principal, request.action, why))
    return _role_of(principal, account)


def _not_authorised(principal: str, action: str, why: str) -> str:
    cause = f"because no identity-based policy allows the {action} action"
    if "deny" in why.lower().rpartition(":")[2]:
        cause = "with an explicit deny"
    return f"User: {principal} is not authorized to perform: {action} {cause}"


def _account_of(access_key_id: str) -> str:
    """The account of a session's or a user's key; a root key is its account's number."""
    session = responses._account_from_sts_session(access_key_id)
    return session or iam_evaluator.find_iam_access_key_account(access_key_id) or access_key_id


def _check_body(request: Request) -> None:
    claimed = request.header("x-amz-content-sha256")
    if claimed in ("", _UNSIGNED) or claimed == hashlib.sha256(request.body).hexdigest():
        return
    raise Forbidden("The value of x-amz-content-sha256 does not match the body.")


def _authenticate(request: Request, key: str, account: str) -> str:
    """Check the signature and give the caller's ARN; MiniStack takes a root key's as it is."""
    parts = urlsplit(request.target)
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.headers]
    query = parse_qs(parts.query, keep_blank_values=True)
    iam_evaluator.pin_signed_request(request.method, parts.path, query, raw)
    iam_evaluator.pin_signed_body(request.body)
    checked = iam_evaluator.authenticate(key, account)
    if checked is None:
        checked = iam_evaluator.resolve_credential(key, account)
    failures = (iam_evaluator.AuthError, iam_evaluator.CredentialResolutionError)
    if isinstance(checked, failures):
        raise Forbidden(checked.message)
    return str(checked.principal_arn)


def _domain(account: str, region: str) -> dict[str, Any]:
    """The account's domain; one endpoint serves all of them, so there can be but one."""
    domains = [
        domain
        for (owner, place, _name), domain in opensearch._domains.all_items()
        if (owner, place) == (account, region)
    ]
    if len(domains) != 1:
        raise Forbidden(f"{len(domains)} domains in {account}/{region}, expected one")
    return dict(domains[0])


def _role_of(principal: str, account: str) -> str:
    """The role behind a session's ARN; role mappings name roles and not sessions."""
    if ":assumed-role/" not in principal:
        return principal
    name = principal.split("/")[1]
    role = iam._roles.get_scoped(account, None, name) or {}
    return str(role.get("Arn") or f"arn:aws:iam::{account}:role/{name}")


def apply(_settings: Settings) -> None:
    """Check the names this module calls."""
    patching.require(
        iam_evaluator,
        "authenticate",
        "find_iam_access_key_account",
        "pin_signed_body",
        "pin_signed_request",
        "resolve_credential",
        "AuthError",
        "CredentialResolutionError",
    )
    patching.require(responses, "_account_from_sts_session")
    patching.require(sigv4, "parse_header_signature")
    patching.require(opensearch, "_domains")
