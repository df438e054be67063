"""Where the domain writes down requests that took long.

Thresholds are settings of the indices; without them nothing is written and nothing is paid.

Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html
"""

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from aws_cdk import aws_opensearchservice as opensearch
from constructs import Construct

from infra.constructs.common.log_group import own_log_group
from infra.names import CENTRAL_LOGS, slow_logs_policy

KINDS = {"INDEX_SLOW_LOGS": "search-slow-index", "SEARCH_SLOW_LOGS": "search-slow-search"}


class SearchSlowLogs(Construct):
    """A log group for each kind, which the domain of this account may write and no other.

    Attributes:
        options: What the domain is told; it must exist after ``policy``.
        policy: Lets the service write; an account holds 10 of these in a region.
    """

    def __init__(self, scope: Construct, id_: str, *, domain: str, retention_days: int) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        domain_arn = stack.format_arn(service="es", resource="domain", resource_name=domain)
        suffix = domain.removeprefix(CENTRAL_LOGS)
        groups = {
            kind: own_log_group(
                Construct(self, name), f"{name}{suffix}", retention_days=retention_days
            )
            for kind, name in KINDS.items()
        }
        statement = {
            "Sid": "WriteSlowLogs",
            "Effect": "Allow",
            "Principal": {"Service": "es.amazonaws.com"},
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": [group.log_group_arn for group in groups.values()],
            "Condition": {
                "StringEquals": {"aws:SourceAccount": stack.account},
                "ArnLike": {"aws:SourceArn": domain_arn},
            },
        }
        self.policy = logs.CfnResourcePolicy(
            self,
            "Policy",
            policy_name=slow_logs_policy(domain),
            policy_document=stack.to_json_string(
                {"Version": "2012-10-17", "Statement": [statement]}
            ),
        )
        self.options = {
            kind: opensearch.CfnDomain.LogPublishingOptionProperty(
                cloud_watch_logs_log_group_arn=group.log_group_arn, enabled=True
            )
            for kind, group in groups.items()
        }
