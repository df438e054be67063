"""What a host needs, to be attached to its instance profile.

``AmazonSSMManagedInstanceCore`` would let a host read every parameter of its account, and
``CloudWatchAgentServerPolicy`` would let it write to every log group, those of CloudTrail included.

References:
    - https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSSMManagedInstanceCore.html
    - https://docs.aws.amazon.com/aws-managed-policy/latest/reference/CloudWatchAgentServerPolicy.html
"""

from collections.abc import Iterable

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.acknowledge import acknowledge_wildcard
from infra.config.hosts import Hosts
from infra.constructs.common.statements import allow
from infra.names import agent_parameter, host_policy_name

WRITES = ("CreateLogGroup", "CreateLogStream", "PutLogEvents", "PutRetentionPolicy")

MANAGED = (
    *("ssm:DescribeAssociation", "ssm:DescribeDocument", "ssm:GetDocument", "ssm:GetManifest"),
    *("ssm:ListAssociations", "ssm:ListInstanceAssociations", "ssm:PutComplianceItems"),
    *("ssm:PutConfigurePackageResult", "ssm:UpdateAssociationStatus"),
    *("ssm:UpdateInstanceAssociationStatus", "ssm:UpdateInstanceInformation"),
)
"""Of the agent of Systems Manager, for associations; without inventory, patches and parameters."""

COMMANDS = (
    *("ssmmessages:CreateControlChannel", "ssmmessages:OpenControlChannel"),
    *("ec2messages:AcknowledgeMessage", "ec2messages:DeleteMessage", "ec2messages:FailMessage"),
    *("ec2messages:GetEndpoint", "ec2messages:GetMessages", "ec2messages:SendReply"),
)
"""To be told that something is to be done now; without the channel that sessions of people take."""


class HostPolicy(Construct):
    """A policy by a name that others type: write below one prefix, be managed, nothing else.

    Attributes:
        policy: The policy.
    """

    def __init__(self, scope: Construct, id_: str, *, config: Hosts) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            managed_policy_name=host_policy_name(stack.region),
            description=f"Central logs: hosts of {stack.region} send their logs",
        )
        self._allow_logs(f"{config.log_group_prefix}/*")
        names = map(agent_parameter, config.platforms)
        parameters = [self._arn("ssm", f"parameter/{name}") for name in names]
        allow(self.policy, "ReadTheAgentsConfiguration", ["ssm:GetParameter"], parameters)
        self._allow_for_all("BeManaged", MANAGED)
        self._allow_for_all("BeToldWhatIsDue", COMMANDS)

    def _allow_logs(self, groups: str) -> None:
        below = self._arn("logs", f"log-group:{groups}")
        allow(self.policy, "FillHostLogGroups", [f"logs:{action}" for action in WRITES], [below])
        acknowledge_wildcard(
            self.policy, below, "Groups are named by the files they hold; all are below one prefix"
        )
        each = self._arn("logs", "log-group:*")
        allow(self.policy, "CompareRetention", ["logs:DescribeLogGroups"], [each])
        acknowledge_wildcard(
            self.policy, each, "Groups are described by a beginning of their names, not one by one"
        )

    def _allow_for_all(self, why: str, actions: Iterable[str]) -> None:
        allow(self.policy, why, tuple(actions), ["*"])
        acknowledge_wildcard(
            self.policy,
            "*",
            "A host acts for itself, most of these actions take no resource, and documents and "
            "packages of AWS are no resources of the account",
        )

    def _arn(self, service: str, resource: str) -> str:
        stack = cdk.Stack.of(self)
        return f"arn:{stack.partition}:{service}:{stack.region}:{stack.account}:{resource}"
