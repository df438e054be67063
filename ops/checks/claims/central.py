"""What every deployment takes: the way of an event, its key, its doors, the centralisation rule."""

from collections.abc import Iterator, Mapping

from infra.config import DeploymentConfig
from infra.names import CENTRAL_LOGS, CENTRALISATION_RULE, KEY_ALIAS, OBJECTS_QUEUE, SETUP_ROLE
from ops.checks.claims.claim import Claim, Kind
from ops.checks.claims.kinds import bus, role
from ops.refusal import unless
from ops.view import View


def central_claims(config: DeploymentConfig) -> Iterator[tuple[str, Claim]]:
    """What is not brought and is not left out, and a Destination in each region."""
    by_choice = {
        "stream": not config.stream.existing,
        "key alias": not config.key.existing,
        "queue": bool(config.log_buckets),
        "centralisation rule": config.members.centralises,
    }
    for what, kind in KINDS.items():
        if by_choice.get(what, True):
            yield what, Claim(kind, config.central.region)
    for region in config.doors:
        yield "Destination", Claim(DESTINATION._replace(stack=f"door-{region}"), region)


def _stream(view: View, region: str) -> str:
    """https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamSummary.html."""
    kinesis = view.client("kinesis", region)
    found = unless(
        {"ResourceNotFoundException"},
        lambda: kinesis.describe_stream_summary(StreamName=CENTRAL_LOGS),
    )
    return str(found["StreamDescriptionSummary"]["StreamARN"]) if found else ""


def _queue(view: View, region: str) -> str:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html."""
    sqs = view.client("sqs", region)
    found = unless(
        {"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"},
        lambda: sqs.get_queue_url(QueueName=OBJECTS_QUEUE),
    )
    return str(found["QueueUrl"]) if found else ""


def _alias(view: View, region: str) -> str:
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html."""
    pages = view.client("kms", region).get_paginator("list_aliases").paginate()
    arns = (a["AliasArn"] for page in pages for a in page["Aliases"] if a["AliasName"] == KEY_ALIAS)
    return next(arns, "")


def _rule(view: View, region: str) -> str:
    """https://docs.aws.amazon.com/cloudwatch/latest/observabilityadmin/API_GetCentralizationRuleForOrganization.html."""
    observability = view.client("observabilityadmin", region)
    found = unless(
        {"ResourceNotFoundException"},
        lambda: observability.get_centralization_rule_for_organization(
            RuleIdentifier=CENTRALISATION_RULE
        ),
    )
    return str(found["RuleArn"]) if found else ""


def _destination(view: View, region: str) -> str:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeDestinations.html."""
    logs = view.client("logs", region)
    listed = logs.describe_destinations(DestinationNamePrefix=CENTRAL_LOGS)["destinations"]
    named = (d for d in listed if d["destinationName"] == CENTRAL_LOGS)
    return next((f"{d['arn']}, to {d['targetArn']}," for d in named), "")


KINDS: Mapping[str, Kind] = {
    "stream": Kind(
        CENTRAL_LOGS,
        "AWS::Kinesis::Stream",
        "pipeline",
        _stream,
        "when nobody needs what it holds: "
        "aws kinesis delete-stream --stream-name {name} --region {region}",
    ),
    "event bus": bus(CENTRAL_LOGS, "pipeline"),
    "key alias": Kind(
        KEY_ALIAS,
        "AWS::KMS::Alias",
        "search",
        _alias,
        "aws kms delete-alias --alias-name {name} --region {region}; the key stays",
    ),
    "setup role": role(SETUP_ROLE, "pipeline"),
    "queue": Kind(
        OBJECTS_QUEUE,
        "AWS::SQS::Queue",
        "pipeline",
        _queue,
        "aws sqs delete-queue --queue-url {found} --region {region}",
    ),
    "centralisation rule": Kind(
        CENTRALISATION_RULE,
        "AWS::ObservabilityAdmin::OrganizationCentralizationRule",
        "centralisation",
        _rule,
        "what it copied stays: aws observabilityadmin delete-centralization-rule-for-organization "
        "--rule-identifier {found} --region {region}",
    ),
}
"""Names in the central region."""

DESTINATION = Kind(
    CENTRAL_LOGS,
    "AWS::Logs::Destination",
    "door",
    _destination,
    "when no account is subscribed to it any more, because that ends every subscription: "
    "aws logs delete-destination --destination-name {name} --region {region}",
)
"""The door, of which each region has one."""
