"""Says why a finding of cdk-nag is accepted, on the construct that it is about.

Reference: https://github.com/cdklabs/cdk-nag
"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from infra.references import flat


def acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept one rule for a construct and what is in it.

    Args:
        construct: The narrowest one that the reason holds for.
        rule: Such as ``AwsSolutions-S1``; with its finding in brackets where the rule gives one.
        reason: Why it is right here.
    """
    cdk.Validations.of(construct).acknowledge(cdk.Acknowledgment(id=rule, reason=reason))


def acknowledge_wildcard(
    holder: iam.Role | iam.ManagedPolicy, resource: object, reason: str
) -> None:
    """Accept one resource with a wildcard in a policy.

    Args:
        holder: Whose policy it is, or the policy.
        resource: An ARN with ``*``; may hold references, also to another stack's export.
        reason: Why the wildcard is right here.
    """
    shown = flat(cdk.Stack.of(holder).resolve(resource))
    acknowledge(holder, f"AwsSolutions-IAM5[Resource::{shown}]", reason)
