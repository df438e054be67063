# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Who may do what: service roles, callers and resource policies, judged by MiniStack's evaluator.

MiniStack enforces IAM on API calls. What a *service* does later with a role it was given is not
an API call there, so each delivery asks here first.

Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

import json
from collections.abc import Mapping
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.arn import parse_arn
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import iam, kms, sts

from local.aws import patching
from local.aws.settings import CENTRAL_ACCOUNT, MEMBER_ACCOUNTS, ORGANISATION_ID, Settings

_organisation = {CENTRAL_ACCOUNT, *MEMBER_ACCOUNTS}

_ALLOW_ALL = iam_evaluator.parse_policy_document(
    {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)

GIVES_EXTERNAL_ID = frozenset({"firehose.amazonaws.com"})
"""Services that assume a role with the account as external id:
https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html"""


def denied(
    role_arn: str,
    action: str,
    resource: str,
    service: str,
    *,
    source_arn: str = "",
    through: str = "",
) -> str | None:
    """Say why the service may not do this with the role, or ``None`` when it may.

    The role must exist, trust the service (with its conditions) and be allowed the action, under
    its permissions boundary and the resource's own policy.

    Args:
        role_arn: the role that the service was given.
        action: IAM action, such as ``kinesis:PutRecord``.
        resource: ARN of what is acted upon.
        service: the service's principal, such as ``logs.amazonaws.com``.
        source_arn: on whose behalf, for ``aws:SourceArn``, ``aws:SourceAccount`` and
            ``aws:SourceOrgID`` in the trust; empty leaves these keys absent.
        through: for actions of KMS, the service that stores what the key encrypts, such as
            ``s3``: ``kms:ViaService`` names it in the key's region.
    """
    if ":role/" not in role_arn:
        return f"{action} on {resource} needs a role, got {role_arn!r}"
    account, name = parse_arn(role_arn).account_id, role_arn.rsplit("/", 1)[-1]
    with request_scope(account, get_region()):
        role = iam._roles.get(name)
        if role is None:
            return f"role {role_arn} does not exist"
        if not _trusts(role, account, service, source_arn):
            return f"{service} may not assume {role_arn} on behalf of {source_arn or 'nobody'}"
        return _role_denied(role_arn, action, resource, through)


def caller_denied(
    access_key_id: str,
    action: str,
    resource: str,
    *,
    resource_policy: str = "",
    through: str = "",
) -> str | None:
    """Say why the holder of an access key may not do this, or ``None`` when it may.

    A key of twelve digits is the root of that account; others are sessions of assumed roles or
    IAM users. The signature is not looked at. Within the account of ``resource`` an allow in
    either policy suffices; from another account both must allow. An ARN without an account, such
    as a bucket's, is of the one in scope. ``through`` as in ``denied``.
    """
    owner = parse_arn(resource).account_id or get_account_id()
    account = _account_of(access_key_id) or owner
    with request_scope(account, get_region()):
        principal = iam_evaluator.resolve_principal(access_key_id, account)
        if isinstance(principal, iam_evaluator.AuthError):
            return f"{access_key_id}: {principal.message}"
        context = _context(principal.arn, principal.type, principal.account, action, resource)
        context.principal_keys = principal.keys
        context.service_context = _through(through, resource)
        policies = [_ALLOW_ALL] if principal.policies is None else principal.policies
        identity = iam_evaluator.evaluate(context, policies, *principal.limits)
        result = iam_evaluator.combine_resource_policy(
            identity, context, resource_policy, owner, limits=tuple(principal.limits)
        )
    return _not_authorised(principal.arn, action, resource, result)


def policy_denied(
    principal_arn: str, action: str, resource: str, resource_policy: str
) -> str | None:
    """Say why a resource's policy does not let a principal of another account do this.

    For what a service checks in the name of an account or a role: a subscription to a
    Destination, an event for another account's bus. ``None`` when it may.
    """
    account = parse_arn(principal_arn).account_id
    kind = "Root" if principal_arn.endswith(":root") else "AssumedRole"
    context = _context(principal_arn, kind, account, action, resource)
    result = iam_evaluator.evaluate_resource_policy(resource_policy, context)
    return _not_authorised(principal_arn, action, resource, result)


def service_denied(
    service: str,
    action: str,
    resource: str,
    resource_policy: str | dict[str, Any],
    *,
    source_arn: str = "",
    keys: Mapping[str, str] | None = None,
) -> str | None:
    """Say why a resource's policy does not let a service do this, or ``None``.

    For targets that are reached without a role: a function, a queue, a log group. ``source_arn``
    is on whose behalf, for ``aws:SourceArn`` and its relatives; ``keys`` are further condition
    keys in lower case.
    """
    context = _context(service, "Service", parse_arn(resource).account_id, action, resource)
    context.service_context = {**_source_keys(source_arn), **(keys or {})}
    result = iam_evaluator.evaluate_resource_policy(resource_policy, context, service=service)
    return _not_authorised(service, action, resource, result)


def apply(settings: Settings) -> None:
    """Make the local accounts one organisation, for ``aws:PrincipalOrgID`` in every policy.

    Where the settings say that there is none, no account has these keys.
    """
    if not settings.in_organisation:
        _organisation.clear()
    patching.require(kms, "_aliases")
    patching.require(
        iam_evaluator,
        "AuthError",
        "EvalContext",
        "_gather_role_policies",
        "_permissions_boundary",
        "_resource_policy",
        "combine_resource_policy",
        "evaluate",
        "evaluate_resource_policy",
        "resolve_principal",
    )
    patching.require(iam, "_roles")
    patching.require(sts, "_sessions")
    patching.replace(iam_evaluator, "_principal_org_id", organisation_of)
    patching.wrap(iam_evaluator, "_resolve_condition_key", _with_role_arn)


def _with_role_arn(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """``aws:PrincipalArn`` of a session is its role, not the session.

    Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
    """

    def resolve(key: str, context: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
        value = original(key, context)
        if key.lower() != "aws:principalarn" or ":assumed-role/" not in (value or ""):
            return value
        arn = parse_arn(value)
        with request_scope(arn.account_id, get_region()):
            role = iam._roles.get(arn.resource.split("/")[1])
        return role["Arn"] if role else value

    return resolve


def organisation_of(account: str) -> str | None:
    """Give the organisation of an account; accounts that the local cloud was not told have none."""
    return ORGANISATION_ID if account in _organisation else None


def admit(*accounts: str) -> None:
    """Make accounts part of the organisation, for ``aws:PrincipalOrgID`` and its relatives."""
    _organisation.update(accounts)


def _account_of(access_key_id: str) -> str | None:
    """Give the account of a root key or a session; an IAM user's key does not tell."""
    session = sts._sessions.get(access_key_id)
    if session is not None:
        return str(parse_arn(session["Arn"]).account_id)
    return access_key_id if access_key_id.isdigit() else None


def _trusts(role: dict[str, Any], account: str, service: str, source_arn: str) -> bool:
    """Judge the trust policy as a resource policy of the role, which is what it is."""
    trust = role.get("AssumeRolePolicyDocument") or "{}"
    document = json.loads(trust) if isinstance(trust, str) else trust
    context = _context(service, "Service", account, "sts:AssumeRole", "*")
    context.service_context = _source_keys(source_arn)
    if service in GIVES_EXTERNAL_ID:
        context.service_context["sts:externalid"] = account
    result = iam_evaluator.evaluate_resource_policy(document, context, service=service)
    return bool(result.decision == "Allow")


def _source_keys(source_arn: str) -> dict[str, Any]:
    if not source_arn:
        return {}
    account = parse_arn(source_arn).account_id
    return {
        "aws:sourcearn": source_arn,
        "aws:sourceaccount": account,
        "aws:sourceorgid": organisation_of(account),
    }


def _role_denied(role_arn: str, action: str, resource: str, through: str) -> str | None:
    account, name = parse_arn(role_arn).account_id, role_arn.rsplit("/", 1)[-1]
    session = f"arn:aws:sts::{account}:assumed-role/{name}/service"
    context = _context(session, "AssumedRole", account, action, resource)
    context.service_context = _through(through, resource)
    policies = iam_evaluator._gather_role_policies(name, account)
    limits = iam_evaluator._permissions_boundary(iam._roles, name, account)
    result = iam_evaluator.evaluate(context, policies, *limits)
    found = iam_evaluator._resource_policy(action.partition(":")[0], resource)
    if found is not None:
        result = iam_evaluator.combine_resource_policy(
            result, context, *found, limits=tuple(limits)
        )
    return _not_authorised(role_arn, action, resource, result)


def _through(service: str, key_arn: str) -> dict[str, Any]:
    """What KMS says of a request that a service makes for somebody, and of the key."""
    if not service:
        return {}
    arn = parse_arn(key_arn)
    key_id = arn.resource.removeprefix("key/")
    with request_scope(arn.account_id, arn.region):
        aliases = [alias for alias, target in kms._aliases.items() if target == key_id]
    return {
        "kms:viaservice": f"{service}.{arn.region}.amazonaws.com",
        "kms:resourcealiases": [alias.rpartition(":")[2] for alias in aliases],
    }


def _context(principal: str, kind: str, account: str, action: str, resource: str) -> Any:  # noqa: ANN401  MiniStack is untyped
    return iam_evaluator.EvalContext(
        principal_arn=principal,
        principal_type=kind,
        principal_account=account,
        action=action,
        resource_arn=resource,
        region=get_region(),
        secure_transport=True,  # services call each other with TLS
    )


def _not_authorised(principal: str, action: str, resource: str, result: Any) -> str | None:  # noqa: ANN401  MiniStack is untyped
    if result.decision == "Allow":
        return None
    why = result.reason if result.decision == "Deny" else "no policy allows it"
    return f"{principal} is not authorized to perform {action} on {resource}: {why}"
