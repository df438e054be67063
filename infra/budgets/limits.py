"""The limits of AWS that a template can break, each with the page that says so."""

from collections.abc import Callable
from typing import Final, NamedTuple

from infra.budgets.sizes import Properties, conditions, size_of, statements, variables


class Budget(NamedTuple):
    """One limit.

    Attributes:
        kind: Type of the resource that it is about.
        what: The property that is measured.
        most: The largest that AWS takes.
        unit: What is counted.
        source: Where AWS says so.
        counted: Counts it in the resource's properties, where that is not the bytes of ``what``.
    """

    kind: str
    what: str
    most: int
    unit: str
    source: str
    counted: Callable[[Properties], int] | None = None

    def measure(self, properties: Properties) -> int:
        """How much of the budget a resource takes; nothing where it has no such property."""
        if self.counted:
            return self.counted(properties)
        return size_of(properties[self.what]) if self.what in properties else 0


_KIB = 1_024
_DOCS = "https://docs.aws.amazon.com"
_ENDPOINTS = f"{_DOCS}/vpc/latest/privatelink/vpc-endpoints-access.html"
_EVENTS = f"{_DOCS}/eventbridge/latest/userguide/eb-quota.html"
_IAM = f"{_DOCS}/IAM/latest/UserGuide/reference_iam-quotas.html"
_KMS = f"{_DOCS}/kms/latest/developerguide/resource-limits.html"
_LAMBDA = f"{_DOCS}/lambda/latest/dg/gettingstarted-limits.html"
_LOGS = f"{_DOCS}/AmazonCloudWatchLogs/latest/APIReference"
_OPENSEARCH = f"{_DOCS}/opensearch-service/latest/APIReference/API_CreateDomain.html"
_S3 = f"{_DOCS}/AmazonS3/latest/userguide/bucket-policies.html"
_SNS = f"{_DOCS}/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html"
_SQS = f"{_DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html"
_POLICY = "PolicyDocument"

BUDGETS: Final = (
    Budget("AWS::EC2::VPCEndpoint", _POLICY, 20_480, "characters", _ENDPOINTS),
    Budget("AWS::Events::Rule", "EventPattern", 2_048, "characters", _EVENTS),
    Budget("AWS::IAM::ManagedPolicy", _POLICY, 6_144, "characters", _IAM),
    Budget("AWS::IAM::Role", "AssumeRolePolicyDocument", 2_048, "characters", _IAM),
    Budget("AWS::KMS::Key", "KeyPolicy", 32 * _KIB, "bytes", _KMS),
    Budget("AWS::Lambda::Function", "Environment", 4 * _KIB, "bytes", _LAMBDA, variables),
    Budget(
        *("AWS::Logs::AccountPolicy", "SelectionCriteria", 25 * _KIB, "bytes"),
        source=f"{_LOGS}/API_PutAccountPolicy.html",
    ),
    Budget(
        *("AWS::Logs::Destination", "DestinationPolicy", 5_120, "bytes"),
        source=f"{_LOGS}/API_PutDestinationPolicy.html",
    ),
    Budget(
        *("AWS::Logs::ResourcePolicy", _POLICY, 5_120, "characters"),
        source=f"{_LOGS}/API_PutResourcePolicy.html",
    ),
    Budget("AWS::OpenSearchService::Domain", "AccessPolicies", 100 * _KIB, "bytes", _OPENSEARCH),
    Budget("AWS::S3::BucketPolicy", _POLICY, 20 * _KIB, "bytes", _S3),
    Budget("AWS::SNS::TopicPolicy", _POLICY, 30 * _KIB, "bytes", _SNS),
    Budget("AWS::SQS::QueuePolicy", _POLICY, 8_192, "bytes", _SQS),
    Budget("AWS::SQS::QueuePolicy", _POLICY, 20, "statements", _SQS, statements),
    Budget("AWS::SQS::QueuePolicy", _POLICY, 10, "conditions", _SQS, conditions),
)

INLINE: Final = Budget("AWS::IAM::Policy", _POLICY, 10_240, "characters", _IAM)
"""Of one role: all of its inline policies share it."""

BUS: Final = Budget("AWS::Events::EventBusPolicy", "Statement", 10_240, "characters", _EVENTS)
"""Of one bus: each resource is a statement of its policy."""

SHARED: Final = ((INLINE, "Roles"), (BUS, "EventBusName"))
"""Budgets that several resources take from, with the property that says of whom."""

MOST_RESOURCES: Final = 500
LARGEST_TEMPLATE: Final = 1_000_000
"""Bytes of a template that CloudFormation reads from S3, as the cdk command gives it."""

TEMPLATES: Final = f"{_DOCS}/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"
