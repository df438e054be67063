"""Where buckets announce the log files that were written to them.

References:
    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html
    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.config.objects import LogBucket, Objects
from infra.constructs.common.statements import say_why
from infra.constructs.objects.new_objects import new_objects, new_objects_from
from infra.names import OBJECTS_QUEUE

INVOCATIONS = 6  # that a message may stay unseen for: AWS's advice for queues that Lambda reads
LONGEST = cdk.Duration.days(14)  # the longest that SQS keeps a message


class ObjectQueue(Construct):
    """A queue of announcements, and one for those that kept failing.

    A bucket of this account and region is followed by a rule on the default bus; all it needs is
    EventBridge switched on. One of another region is followed on the bus of announcements. Those
    that ``may_notify``, all of this region, may send notifications of their own as well.

    Attributes:
        queue: Announcements; its name is ``central-logs-objects``.
        set_aside: Announcements that failed ``attempts`` times, or that EventBridge could not
            put into the queue.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: Objects,
        buckets: Sequence[LogBucket],
        may_notify: Sequence[LogBucket],
        bus: events.IEventBus | None,
        key: kms.IKey,
    ) -> None:
        super().__init__(scope, id_)
        self.set_aside = sqs.Queue(
            self,
            "SetAside",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=LONGEST,
        )
        acknowledge(
            self.set_aside,
            "AwsSolutions-SQS3",
            "This is itself the last stop of announcements that failed; it has no consumer",
        )
        self.queue = sqs.Queue(
            self,
            "Announcements",
            queue_name=OBJECTS_QUEUE,
            dead_letter_queue=sqs.DeadLetterQueue(
                max_receive_count=config.attempts, queue=self.set_aside
            ),
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=LONGEST,
            visibility_timeout=cdk.Duration.seconds(INVOCATIONS * config.timeout_seconds),
        )
        for queue in (self.queue, self.set_aside):
            say_why(queue.node.find_child("Policy"), "PolicyDocument", "RefuseWithoutTls")
        if may_notify:
            self.queue.add_to_resource_policy(self._may_announce(may_notify))
        rules = [
            self._follow(f"Follow{number}", bucket, new_objects(bucket))
            for number, bucket in enumerate(buckets)
            if is_in(bucket, cdk.Stack.of(self))
        ]
        if bus:
            rules += [
                self._follow(f"Cross{number}", bucket, new_objects_from(bucket), bus)
                for number, bucket in enumerate(buckets)
                if bucket.region != cdk.Stack.of(self).region
            ]
        for queue in (self.queue, self.set_aside):
            if rules:
                queue.add_to_resource_policy(_rules_may_send(rules, queue))

    def _may_announce(self, buckets: Sequence[LogBucket]) -> iam.PolicyStatement:
        """One statement for all: a queue's policy has room for ten conditions, and no more.

        A name that somebody else takes once its bucket is gone does not come in by it: his account
        is none of these.
        """
        partition = cdk.Stack.of(self).partition
        return iam.PolicyStatement(
            sid="BucketsAnnounceObjects",
            principals=[iam.ServicePrincipal("s3.amazonaws.com")],
            actions=["sqs:SendMessage"],
            resources=[self.queue.queue_arn],
            conditions={
                "ArnEquals": {
                    "aws:SourceArn": [f"arn:{partition}:s3:::{bucket.name}" for bucket in buckets]
                },
                "StringEquals": {
                    "aws:SourceAccount": sorted({str(bucket.account) for bucket in buckets})
                },
            },
        )

    def _follow(
        self,
        id_: str,
        bucket: LogBucket,
        pattern: Mapping[str, Any],
        bus: events.IEventBus | None = None,
    ) -> events.CfnRule:
        """Send what EventBridge tells of a bucket's new objects to the queue."""
        return events.CfnRule(
            self,
            id_,
            description=f"New objects of {bucket.name}/{bucket.prefix}"[:512],
            event_bus_name=bus.event_bus_name if bus else None,
            event_pattern=pattern,
            targets=[
                events.CfnRule.TargetProperty(
                    id="queue",
                    arn=self.queue.queue_arn,
                    dead_letter_config=events.CfnRule.DeadLetterConfigProperty(
                        arn=self.set_aside.queue_arn
                    ),
                )
            ],
        )


def is_in(bucket: LogBucket, stack: cdk.Stack) -> bool:
    """Whether the bucket is of the stack's account and region."""
    return (bucket.account, bucket.region) == (stack.account, stack.region)


def _rules_may_send(rules: Iterable[events.CfnRule], queue: sqs.Queue) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid="RulesAnnounceObjects",
        principals=[iam.ServicePrincipal("events.amazonaws.com")],
        actions=["sqs:SendMessage"],
        resources=[queue.queue_arn],
        conditions={"ArnEquals": {"aws:SourceArn": [rule.attr_arn for rule in rules]}},
    )
