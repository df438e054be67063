"""What connections a VPC has had, in a log group that the pipeline never reads."""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.acknowledge import acknowledge_wildcard
from infra.constructs.common.log_group import own_log_group
from infra.constructs.common.statements import allow, service_role, wait_for_rights


class FlowLogs(Construct):
    """A VPC's flow log in a log group of the pipeline's own.

    The pipeline's own connections are in it. Read by the pipeline, they would make further ones, so
    the group is left out of every subscription like those of the functions.

    Reference: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html

    Attributes:
        log_group: ``/central-logs/network``.
    """

    def __init__(self, scope: Construct, id_: str, *, vpc_id: str, retention_days: int) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        self.log_group = own_log_group(self, "network", retention_days=retention_days)
        flow_logs = stack.format_arn(service="ec2", resource="vpc-flow-log", resource_name="*")
        role = service_role(
            self,
            "vpc-flow-logs.amazonaws.com",
            why="RecordForThisAccount",
            description="Central logs: the flow log of the pipeline's own network",
            conditions={
                "StringEquals": {"aws:SourceAccount": stack.account},
                "ArnLike": {"aws:SourceArn": flow_logs},
            },
        )
        arn = self.log_group.log_group_arn
        writes = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        allow(role, "WriteTheFlowLog", writes, [arn])
        allow(role, "FindTheLogGroup", ["logs:DescribeLogGroups"], ["*"])
        acknowledge_wildcard(role, "*", "DescribeLogGroups lists, and so takes every group or none")
        flow_log = ec2.CfnFlowLog(
            self,
            "FlowLog",
            deliver_logs_permission_arn=role.role_arn,
            log_destination=arn,
            log_destination_type="cloud-watch-logs",
            max_aggregation_interval=600,  # seconds, the longest and so the fewest records
            resource_id=vpc_id,
            resource_type="VPC",
            traffic_type="ALL",
        )
        wait_for_rights(flow_log, role)
