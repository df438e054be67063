"""Tells the central region of log files that were written to buckets of another one.

S3 notifies no queue of another region, but tells the default bus of its own; a rule there may
have a bus of another region as its target.

References:
    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html
    - https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
"""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_events as events
from constructs import Construct

from infra.config.objects import LogBucket
from infra.constructs.common.statements import allow, service_role, wait_for_rights
from infra.constructs.objects.new_objects import new_objects


class ObjectForwarding(Construct):
    """A rule for each bucket, and one role that may put events on the central bus alone.

    Attributes:
        rules: On the region's default bus.
        role: EventBridge takes it for this account only.
    """

    def __init__(
        self, scope: Construct, id_: str, *, bus_arn: str, buckets: Sequence[LogBucket]
    ) -> None:
        super().__init__(scope, id_)
        self.role = service_role(
            self,
            "events.amazonaws.com",
            why="ForwardForThisAccount",
            description="Central logs: new objects to the central region",
            conditions={"StringEquals": {"aws:SourceAccount": cdk.Stack.of(self).account}},
        )
        allow(self.role, "PutEventsOnTheBus", ["events:PutEvents"], [bus_arn])
        target = events.CfnRule.TargetProperty(id="bus", arn=bus_arn, role_arn=self.role.role_arn)
        self.rules = [
            events.CfnRule(
                self,
                f"Forward{number}",
                description=f"New objects of {bucket.name}/{bucket.prefix}"[:512],
                event_pattern=new_objects(bucket),
                targets=[target],
            )
            for number, bucket in enumerate(buckets)
        ]
        for rule in self.rules:
            wait_for_rights(rule, self.role)
