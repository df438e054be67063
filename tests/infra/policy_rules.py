"""What a statement of a policy must not be, unless somebody said why it may.

References:
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from infra.permissions import Permission, permissions

type Rule = Callable[[Permission], bool]
"""Whether a statement that allows something breaks it."""

ON_BEHALF = {"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid"}
"""What tells an AWS service's work for one customer from its work for another."""

CALLERS = {"aws:principalarn", "aws:principalorgid"}
THROUGH = ("kms:viaservice", "kms:encryptioncontext")

IN_THE_CLEAR = {"AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::SQS::Queue"}
"""What takes requests without TLS unless its policy refuses them."""

A_WHOLE_ACCOUNT = re.compile(r"\d{12}|.*:root")
"""A principal that stands for everybody in an account."""

A_WHOLE_KIND = re.compile(r"[a-z-]+[/:]\*")
"""The resource part of an ARN that names nothing: ``key/*``, ``log-group:*``."""


class Finding(NamedTuple):
    """A statement that breaks a rule.

    Attributes:
        rule: Name of the rule.
        holder: Role or resource that has the statement: ``DoorRole``.
        why: The statement's ``Sid``; empty where a statement is missing.
    """

    rule: str
    holder: str
    why: str


def findings(template: Mapping[str, Any]) -> Iterator[Finding]:
    """Everything in a template that breaks a rule."""
    found = tuple(permissions(template))
    for permission in found:
        for name, breaks in RULES.items():
            if permission.allows and breaks(permission):
                yield Finding(name, permission.holder, permission.why)
    yield from _without_tls(template, found)


def every_action(p: Permission) -> bool:
    """An action has a wildcard."""
    return any("*" in action for action in p.actions)


def every_resource(p: Permission) -> bool:
    """A resource is ``*``; in a key's own policy that is the key.

    Reference: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
    """
    return p.kind != "key" and "*" in p.resources


def wide_resource(p: Permission) -> bool:
    """An ARN has a wildcard before its end, or ends where a name should begin."""
    return any(map(_is_wide, p.resources))


def inverted(p: Permission) -> bool:
    """It allows all but something, which grows with every service of AWS."""
    return bool(p.inverted)


def pass_role(p: Permission) -> bool:
    """It hands a role to any service.

    Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    return "iam:PassRole" in p.actions and "iam:passedtoservice" not in _keys(p)


def anybody(p: Permission) -> bool:
    """Everybody, or a whole account, may: without saying of which organisation or by which role."""
    everybody = any(who == "*" or A_WHOLE_ACCOUNT.fullmatch(who) for who in p.who)
    return everybody and not CALLERS & _keys(p)


def confused_deputy(p: Permission) -> bool:
    """An AWS service may, on behalf of anybody.

    A condition that holds where its key is absent, or for any account, does not count.
    """
    return p.service and not any(
        key.lower() in ON_BEHALF and not operator.endswith("IfExists") and not _any_account(values)
        for operator, key, values in p.conditions
    )


def bare_key(p: Permission) -> bool:
    """A key may be used for anything, not through the one service that stores the data.

    Reference: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """
    uses = any(action.startswith("kms:") for action in p.actions)
    return uses and not any(key.startswith(THROUGH) for key in _keys(p))


RULES: Final[Mapping[str, Rule]] = {
    "every_action": every_action,
    "every_resource": every_resource,
    "wide_resource": wide_resource,
    "inverted": inverted,
    "pass_role": pass_role,
    "anybody": anybody,
    "confused_deputy": confused_deputy,
    "bare_key": bare_key,
}


def _without_tls(template: Mapping[str, Any], found: tuple[Permission, ...]) -> Iterator[Finding]:
    """Buckets, queues and topics that do not refuse everything that came in the clear."""
    refused = {
        p.holder
        for p in found
        if not p.allows
        and p.who == ("*",)
        and p.actions in {("s3:*",), ("sqs:*",), ("sns:Publish",)}
        and p.conditions == (("Bool", "aws:SecureTransport", ("false",)),)
        and f"<{p.holder}>" in p.resources
        and (p.kind != "bucket" or f"<{p.holder}>/*" in p.resources)
    }
    for logical_id, resource in template["Resources"].items():
        holder = logical_id[:-8]  # without CDK's digest
        if resource["Type"] in IN_THE_CLEAR and holder not in refused:
            yield Finding("without_tls", holder, "")


def _is_wide(arn: str) -> bool:
    if arn == "*":
        return False  # that is another rule
    service, resource = arn.split(":")[2:3], arn.split(":", 5)[-1]
    names_nothing = service != ["s3"] and A_WHOLE_KIND.fullmatch(resource)
    return "*" in arn[:-1] or bool(names_nothing)


def _any_account(values: tuple[str, ...]) -> bool:
    return any("*" in ":".join(value.split(":")[:5]) for value in values)


def _keys(p: Permission) -> set[str]:
    """The keys of its conditions in lower case, the way IAM compares them."""
    return {key.lower() for _, key, _ in p.conditions}
