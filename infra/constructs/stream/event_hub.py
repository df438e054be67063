"""Where events come together: one bus, which passes everything on to the stream.

There is one, in the central region. EventBridge passes an event from bus to bus once and no
further, so a bus in each region could not hand over to it; members send here from every region.

References:
    - https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
    - https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html
"""

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.common.grants import grant_write_stream
from infra.constructs.common.statements import service_role, wait_for_rights
from infra.names import CENTRAL_LOGS
from infra.senders import Senders


class EventHub(Construct):
    """A bus that senders and nobody else may put events on.

    Attributes:
        bus: The bus.
        rule: Passes on what carries an account, which is every event.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        senders: Senders,
        stream: kinesis.IStream,
        key: kms.IKey,
        undelivered: sqs.IQueue,
    ) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        self.bus = events.EventBus(
            self, "Bus", event_bus_name=CENTRAL_LOGS, description="Events of every account"
        )
        who = senders.either("organisation", "accounts")
        events.CfnEventBusPolicy(
            self,
            "Organisation",
            event_bus_name=self.bus.event_bus_name,
            statement_id=who,
            statement={
                "Sid": who,
                "Effect": "Allow",
                "Principal": senders.principals,
                "Action": "events:PutEvents",
                "Resource": self.bus.event_bus_arn,
                **senders.callers,
            },
        )
        role = service_role(
            self,
            "events.amazonaws.com",
            why="ForwardForThisAccount",
            description="Central logs: the bus to the stream",
            conditions={"StringEquals": {"aws:SourceAccount": stack.account}},
        )
        grant_write_stream(role, stream, key)
        self.rule = events.CfnRule(
            self,
            "ToStream",
            description="Every event of the bus to the stream",
            event_bus_name=self.bus.event_bus_name,
            event_pattern={"account": [{"exists": True}]},
            targets=[
                events.CfnRule.TargetProperty(
                    id="stream",
                    arn=stream.stream_arn,
                    role_arn=role.role_arn,
                    dead_letter_config=events.CfnRule.DeadLetterConfigProperty(
                        arn=undelivered.queue_arn
                    ),
                    kinesis_parameters=events.CfnRule.KinesisParametersProperty(
                        partition_key_path="$.id"
                    ),
                )
            ],
        )
        wait_for_rights(self.rule, role)
        undelivered.add_to_resource_policy(
            iam.PolicyStatement(
                sid="SetUndeliveredEventsAside",
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[undelivered.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": self.rule.attr_arn}},
            )
        )


def bus_arn(account: str, region: str, partition: str) -> str:
    """The ARN that members send events to."""
    return f"arn:{partition}:events:{region}:{account}:event-bus/{CENTRAL_LOGS}"
