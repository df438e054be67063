"""Where alarms go, and who is told of them.

References:
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
    - https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
"""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.constructs.common.statements import say_why


class AlarmTopic(Construct):
    """A topic that alarms of this account and region publish to, and nobody else.

    The key that it is encrypted with must let CloudWatch use it: an alarm has no role.

    Attributes:
        topic: What alarms name as their action.
    """

    def __init__(
        self, scope: Construct, id_: str, *, key: kms.IKey, emails: Sequence[str] = ()
    ) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        self.topic = sns.Topic(
            self, "Topic", display_name="Central logs", enforce_ssl=True, master_key=key
        )
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsPublish",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={
                    "StringEquals": {"aws:SourceAccount": stack.account},
                    "ArnLike": {
                        "aws:SourceArn": stack.format_arn(
                            service="cloudwatch",
                            resource="alarm",
                            resource_name="*",
                            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
                        )
                    },
                },
            )
        )
        say_why(self.topic.node.find_child("Policy"), "PolicyDocument", "RefuseWithoutTls")
        for email in emails:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))
