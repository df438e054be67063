"""Where buckets announce the log files that were written to them.

References:
    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html
    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
"""

from collections.abc import Iterable

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.config.objects import LogBucket, Objects
from infra.constructs.common.statements import say_why
from infra.names import OBJECTS_QUEUE

INVOCATIONS = 6  # that a message may stay unseen for: AWS's advice for queues that Lambda reads
LONGEST = cdk.Duration.days(14)  # the longest that SQS keeps a message


class ObjectQueue(Construct):
    """A queue of announcements, and one for those that kept failing.

    A bucket of this account and region is followed by a rule on the default bus; all it needs is
    EventBridge switched on. Any bucket of the deployment may send notifications of its own as well.

    Attributes:
        queue: Announcements; its name is ``central-logs-objects``.
        set_aside: Announcements that failed ``attempts`` times, or that EventBridge could not
            put into the queue.
    """

    def __init__(self, scope: Construct, id_: str, *, config: Objects, key: kms.IKey) -> None:
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
        for number, bucket in enumerate(config.buckets):
            self.queue.add_to_resource_policy(self._may_announce(number, bucket))
        rules = [self._follow(n, b) for n, b in enumerate(config.buckets) if self._is_here(b)]
        for queue in (self.queue, self.set_aside):
            if rules:
                queue.add_to_resource_policy(_rules_may_send(rules, queue))

    def _is_here(self, bucket: LogBucket) -> bool:
        return bucket.account in {None, cdk.Stack.of(self).account}

    def _may_announce(self, number: int, bucket: LogBucket) -> iam.PolicyStatement:
        stack = cdk.Stack.of(self)
        return iam.PolicyStatement(
            sid=f"BucketAnnouncesObjects{number}",
            principals=[iam.ServicePrincipal("s3.amazonaws.com")],
            actions=["sqs:SendMessage"],
            resources=[self.queue.queue_arn],
            conditions={
                "ArnEquals": {"aws:SourceArn": f"arn:{stack.partition}:s3:::{bucket.name}"},
                "StringEquals": {"aws:SourceAccount": bucket.account or stack.account},
            },
        )

    def _follow(self, number: int, bucket: LogBucket) -> events.CfnRule:
        """Send what EventBridge tells of a bucket's new objects to the queue."""
        below = {"object": {"key": [{"prefix": bucket.prefix}]}} if bucket.prefix else {}
        new = {"bucket": {"name": [bucket.name]}, **below}
        return events.CfnRule(
            self,
            f"Follow{number}",
            description=f"New objects of {bucket.name}/{bucket.prefix}"[:512],
            event_pattern={"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": new},
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


def _rules_may_send(rules: Iterable[events.CfnRule], queue: sqs.Queue) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid="RulesAnnounceObjects",
        principals=[iam.ServicePrincipal("events.amazonaws.com")],
        actions=["sqs:SendMessage"],
        resources=[queue.queue_arn],
        conditions={"ArnEquals": {"aws:SourceArn": [rule.attr_arn for rule in rules]}},
    )
