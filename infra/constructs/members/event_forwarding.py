"""Sends an account's security events to the hub, from any region."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_events as events
from constructs import Construct

from infra.constructs.common.statements import allow, service_role, wait_for_rights


class EventForwarding(Construct):
    """A rule on the default bus, with a role that may put events on the hub and nothing else.

    Attributes:
        rule: The rule.
        role: EventBridge takes it for this account only.
    """

    def __init__(self, scope: Construct, id_: str, *, bus_arn: str, sources: Sequence[str]) -> None:
        super().__init__(scope, id_)
        account = cdk.Stack.of(self).account
        self.role = service_role(
            self,
            "events.amazonaws.com",
            why="ForwardForThisAccount",
            description="Central logs: events to the hub",
            conditions={"StringEquals": {"aws:SourceAccount": account}},
        )
        allow(self.role, "PutEventsOnTheHub", ["events:PutEvents"], [bus_arn])
        self.rule = events.CfnRule(
            self,
            "Rule",
            description="Security events to the central account",
            event_pattern={"source": list(sources)},
            targets=[
                events.CfnRule.TargetProperty(id="hub", arn=bus_arn, role_arn=self.role.role_arn)
            ],
        )
        wait_for_rights(self.rule, self.role)
