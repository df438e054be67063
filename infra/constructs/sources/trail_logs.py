"""The log group that the organisation's trail writes to, for who wants events within minutes.

Reference: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
"""

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.acknowledge import acknowledge_wildcard
from infra.constructs.common.log_group import retention
from infra.constructs.common.statements import allow, service_role
from infra.names import TRAIL_LOGS


class TrailLogs(Construct):
    """A log group of the central account, which its subscription sends on like any other.

    Attributes:
        log_group: ``/aws/cloudtrail/central-logs``; short-lived, because S3 has the whole trail.
        role: CloudTrail takes it for this trail; streams are named after the trail's owner and
            after the organisation.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        retention_days: int,
        trail_arn: str,
        organisation: str,
    ) -> None:
        super().__init__(scope, id_)
        self.log_group = logs.LogGroup(
            self,
            "Logs",
            log_group_name=TRAIL_LOGS,
            retention=retention(retention_days),
            removal_policy=cdk.RemovalPolicy.DESTROY,  # a copy; the trail's bucket has all of it
        )
        self.role = service_role(
            self,
            "cloudtrail.amazonaws.com",
            why="DeliverTheTrail",
            description="Central logs: the organisation's trail to its log group",
            conditions={"StringEquals": {"aws:SourceArn": trail_arn}},
        )
        region, owner = trail_arn.split(":")[3:5]
        stack = cdk.Stack.of(self)
        group = f"arn:{stack.partition}:logs:{region}:{stack.account}:log-group:{TRAIL_LOGS}"
        streams = [
            f"{group}:log-stream:{begins}*"
            for begins in (f"{owner}_CloudTrail_{region}", f"{organisation}_")
        ]
        for stream in streams:
            acknowledge_wildcard(
                self.role, stream, "CloudTrail numbers its streams; this is how they begin"
            )
        allow(self.role, "WriteTheTrail", ["logs:CreateLogStream", "logs:PutLogEvents"], streams)
