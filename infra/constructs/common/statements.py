"""Statements of policies that say why they are there: by their ``Sid``, in words run together.

``PollTheStream`` reads "poll the stream" in ``docs/reference/permissions.md``. IAM takes letters
and digits only, and each ``Sid`` once in a policy. CDK never merges statements that have one.

Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct, IConstruct

type Conditions = Mapping[str, Mapping[str, Any]]
"""By operator and key: ``{"StringEquals": {"aws:SourceAccount": "111111111111"}}``."""


def allow(
    holder: iam.Role | iam.ManagedPolicy,
    why: str,
    actions: Sequence[str],
    resources: Sequence[str],
    *,
    conditions: Conditions | None = None,
) -> None:
    """Let a role, or whoever has a policy, do something for a reason.

    Args:
        holder: Who may.
        why: The ``Sid``; another one for each call.
        actions: What.
        resources: With what, as ARNs.
        conditions: When; always if left out.
    """
    statement = iam.PolicyStatement(
        sid=why, actions=list(actions), resources=list(resources), conditions=conditions
    )
    if isinstance(holder, iam.ManagedPolicy):
        holder.add_statements(statement)
    else:
        holder.add_to_policy(statement)


def deny(role: iam.Role, why: str, actions: Sequence[str], *, conditions: Conditions) -> None:
    """Forbid a role something that another statement allows it, under conditions.

    Args:
        role: Who may not.
        why: The ``Sid``; another one for each call.
        actions: What, with whatever resource.
        conditions: When.
    """
    role.add_to_policy(
        iam.PolicyStatement(
            sid=why,
            effect=iam.Effect.DENY,
            actions=list(actions),
            resources=["*"],
            conditions=conditions,
        )
    )


def wait_for_rights(resource: IConstruct, role: iam.Role) -> None:
    """Hold a resource back until the role has its policy: it is checked for it when it is made."""
    resource.node.add_dependency(role.node.find_child("DefaultPolicy"))


def service_role(
    scope: Construct,
    service: str,
    *,
    why: str,
    description: str,
    conditions: Conditions | None = None,
    role_name: str | None = None,
) -> iam.Role:
    """A role that one AWS service may take.

    Args:
        scope: Whose role it is; there it is called ``Role``.
        service: Such as ``logs.amazonaws.com``.
        why: The ``Sid`` of its trust policy.
        description: What the role is for, in IAM's console.
        conditions: On whose behalf the service must act.
        role_name: Only where somebody must type it.
    """
    role = iam.Role(
        scope,
        "Role",
        role_name=role_name,
        assumed_by=iam.ServicePrincipal(service, conditions=conditions),
        description=description,
    )
    say_why(role, "AssumeRolePolicyDocument", why)
    return role


def say_why(written: IConstruct, document: str, *reasons: str) -> None:
    """Give reasons to statements that CDK itself writes.

    Args:
        written: The construct that CDK makes of them.
        document: The property that has the statements.
        reasons: A ``Sid`` for each, in their order.
    """
    resource = cast("cdk.CfnResource", written.node.default_child)
    for number, why in enumerate(reasons):
        resource.add_property_override(f"{document}.Statement.{number}.Sid", why)
