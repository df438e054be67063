"""Whether the names that a deployment takes for good are free, or its own already.

Other accounts type them, so they are fixed (``infra.names``). What a retained deployment left
behind, or somebody else made, stops CloudFormation at the resource of that name.
"""

from collections.abc import Iterator, Mapping

from infra.config import DeploymentConfig
from infra.names import (
    CENTRAL_LOGS,
    CENTRALISATION_RULE,
    KEY_ALIAS,
    OBJECTS_QUEUE,
    PRIVATE_DOMAIN,
    SETUP_ROLE,
    stack_name,
)
from ops.answer import Answer, error, ok
from ops.checks.claim import Claim, Kind
from ops.checks.log_file_names import log_file_claims
from ops.refusal import unless
from ops.view import View


def claims(config: DeploymentConfig) -> Mapping[str, Claim]:
    """Every name that the deployment takes, by kind and region: ``stream · us-east-1``."""
    return {f"{what} · {claim.region}": claim for what, claim in _claims(config)}


def _claims(config: DeploymentConfig) -> Iterator[tuple[str, Claim]]:
    by_choice = {
        "stream": not config.stream.existing,
        "domain": not config.search.existing,
        "key alias": not config.key.existing,
        "queue": bool(config.log_buckets),
        "centralisation rule": config.members.centralises,
    }
    for what, kind in KINDS.items():
        if by_choice.get(what, True):
            yield what, Claim(kind._replace(name=_name(kind, config)), config.central.region)
    bucket = config.organisation_sources.trail.bucket
    if config.organisation_sources.trail.is_made and bucket:
        yield "trail's bucket", Claim(TRAIL_BUCKET._replace(name=bucket), config.central.region)
    for region in config.doors:
        yield "Destination", Claim(DESTINATION._replace(stack=f"door-{region}"), region)
    yield from log_file_claims(config)


def _name(kind: Kind, config: DeploymentConfig) -> str:
    return PRIVATE_DOMAIN if kind.look is _domain and config.network else kind.name


def name_free(claim: Claim, view: View) -> Answer:
    """Nothing has the name, or a stack of this deployment made what has it.

    Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html
    """
    kind, region = claim
    found = kind.look(view, region)
    if not found:
        return ok(f"{kind.name} is free")
    owned = view.owned(kind.stack, region)
    if any(type_ == kind.type and id_.endswith(kind.name) for type_, id_ in owned):
        return ok(f"{kind.name} is this deployment's own")
    stack = stack_name(view.config.stage, kind.stack)
    return error(
        f"{found} is there and not of stack {stack}",
        "a free name: CloudFormation takes over nothing",
        kind.delete.format(region=region, found=found, name=kind.name),
    )


def _stream(view: View, region: str) -> str:
    """https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamSummary.html."""
    kinesis = view.client("kinesis", region)
    found = unless(
        {"ResourceNotFoundException"},
        lambda: kinesis.describe_stream_summary(StreamName=CENTRAL_LOGS),
    )
    return str(found["StreamDescriptionSummary"]["StreamARN"]) if found else ""


def _bus(view: View, region: str) -> str:
    """https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeEventBus.html."""
    events = view.client("events", region)
    found = unless(
        {"ResourceNotFoundException"}, lambda: events.describe_event_bus(Name=CENTRAL_LOGS)
    )
    return str(found["Arn"]) if found else ""


def _domain(view: View, region: str) -> str:
    """https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomain.html."""
    opensearch = view.client("opensearch", region)
    name = PRIVATE_DOMAIN if view.config.network else CENTRAL_LOGS
    found = unless(
        {"ResourceNotFoundException"}, lambda: opensearch.describe_domain(DomainName=name)
    )
    return str(found["DomainStatus"]["ARN"]) if found else ""


def _role(view: View, _region: str) -> str:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html."""
    iam = view.client("iam")
    found = unless({"NoSuchEntity"}, lambda: iam.get_role(RoleName=SETUP_ROLE))
    return str(found["Role"]["Arn"]) if found else ""


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


def _trail_bucket(view: View, _region: str) -> str:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html."""
    s3, name = view.client("s3"), view.config.organisation_sources.trail.bucket
    found = unless({"404", "NoSuchBucket"}, lambda: s3.head_bucket(Bucket=name))
    return f"s3://{name}" if found is not None else ""


KINDS: Mapping[str, Kind] = {
    "stream": Kind(
        CENTRAL_LOGS,
        "AWS::Kinesis::Stream",
        "pipeline",
        _stream,
        "when nobody needs what it holds: "
        f"aws kinesis delete-stream --stream-name {CENTRAL_LOGS} --region {{region}}",
    ),
    "event bus": Kind(
        CENTRAL_LOGS,
        "AWS::Events::EventBus",
        "pipeline",
        _bus,
        f"aws events delete-event-bus --name {CENTRAL_LOGS} --region {{region}}, after its rules",
    ),
    "domain": Kind(
        CENTRAL_LOGS,
        "AWS::OpenSearchService::Domain",
        "search",
        _domain,
        "when nobody needs what it holds: "
        "aws opensearch delete-domain --domain-name {name} --region {region}",
    ),
    "key alias": Kind(
        KEY_ALIAS,
        "AWS::KMS::Alias",
        "search",
        _alias,
        f"aws kms delete-alias --alias-name {KEY_ALIAS} --region {{region}}; the key stays",
    ),
    "setup role": Kind(
        SETUP_ROLE,
        "AWS::IAM::Role",
        "pipeline",
        _role,
        f"aws iam delete-role --role-name {SETUP_ROLE}, after its policies",
    ),
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

TRAIL_BUCKET = Kind(
    "",
    "AWS::S3::Bucket",
    "sources",
    _trail_bucket,
    "another [organisation_sources.trail] bucket, or existing for the trail that writes to it",
)
"""The bucket of the organisation's trail, whose name the deployment chooses."""

DESTINATION = Kind(
    CENTRAL_LOGS,
    "AWS::Logs::Destination",
    "door",
    _destination,
    "when no account is subscribed to it any more, because that ends every subscription: "
    f"aws logs delete-destination --destination-name {CENTRAL_LOGS} --region {{region}}",
)
"""The door, of which each region has one."""
