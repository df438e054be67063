"""Whether the names that a deployment takes for good are free, or its own already.

Other accounts type them, or an option needs them to be known, so they are fixed
(``infra.names``). What a retained deployment left behind, or somebody else made, stops
CloudFormation at the resource of that name.
"""

from collections.abc import Mapping
from itertools import chain

from infra.config import DeploymentConfig
from infra.names import stack_name
from ops.answer import Answer, error, ok
from ops.checks.claims.central import central_claims
from ops.checks.claims.claim import Claim
from ops.checks.claims.domains import domain_claims
from ops.checks.claims.hosts import host_claims
from ops.checks.claims.log_files import log_file_claims
from ops.checks.claims.log_groups import log_group_claims
from ops.checks.claims.self_service import self_service_claims
from ops.checks.claims.sources import source_claims
from ops.checks.claims.stack_sets import stack_set_claims
from ops.view import View

PARTS = (
    central_claims,
    domain_claims,
    log_group_claims,
    log_file_claims,
    source_claims,
    host_claims,
    self_service_claims,
    stack_set_claims,
)
"""Each gives what its part of a deployment takes."""

NEEDS = (
    "cloudformation:DescribeStackSet",
    "cloudformation:ListStackResources",
    "config:DescribeConfigRules",
    "es:DescribeDomain",
    "events:DescribeEventBus",
    "iam:GetPolicy",
    "iam:GetRole",
    "kinesis:DescribeStreamSummary",
    "kms:ListAliases",
    "lambda:GetFunctionConfiguration",
    "logs:DescribeDestinations",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetDeliveryDestination",
    "observabilityadmin:GetCentralizationRuleForOrganization",
    "observabilityadmin:GetTelemetryRuleForOrganization",
    "s3:ListBucket",
    "sqs:GetQueueUrl",
    "ssm:GetDocument",
    "ssm:GetParameter",
    "ssm:ListAssociations",
)
"""The rights that all of them take."""


def claims(config: DeploymentConfig) -> Mapping[str, Claim]:
    """Every name that the deployment takes, by kind and region: ``stream · us-east-1``."""
    found = chain.from_iterable(part(config) for part in PARTS)
    return {f"{what} · {claim.region}": claim for what, claim in found}


def name_free(claim: Claim, view: View) -> Answer:
    """Nothing has the name, or a stack of this deployment made what has it.

    Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html
    """
    kind, region = claim
    found = kind.look(view, region)
    if not found:
        return ok(f"{kind.name} is free")
    if kind.is_among(view.owned(kind.stack, region), found):
        return ok(f"{kind.name} is this deployment's own")
    stack = stack_name(view.config.stage, kind.stack)
    return error(
        f"{found} is there and not of stack {stack}",
        "a free name: CloudFormation takes over nothing",
        kind.freed(region, found),
    )
