"""Sends an account's security events to the hub, from any region."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct


class EventForwarding(Construct):
    """A rule on the default bus, with a role that may put events on the hub and nothing else.

    Attributes:
        rule: The rule.
        role: EventBridge takes it for this account only.
    """

    def __init__(self, scope: Construct, id_: str, *, bus_arn: str, sources: Sequence[str]) -> None:
        super().__init__(scope, id_)
        account = cdk.Stack.of(self).account
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("events.amazonaws.com").with_conditions(
                {"StringEquals": {"aws:SourceAccount": account}}
            ),
            description="Central logs: events to the hub",
        )
        grant = iam.Grant.add_to_principal(
            grantee=self.role, actions=["events:PutEvents"], resource_arns=[bus_arn]
        )
        self.rule = events.CfnRule(
            self,
            "Rule",
            description="Security events to the central account",
            event_pattern={"source": list(sources)},
            targets=[
                events.CfnRule.TargetProperty(id="hub", arn=bus_arn, role_arn=self.role.role_arn)
            ],
        )
        grant.apply_before(self.rule)
