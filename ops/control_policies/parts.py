"""The parts of a deployment: when there is one, where it is, what it makes and what runs there.

As the templates have it; a test synthesises deployments and compares. What launches of
self-service do for their users, and agents on their hosts, is not asked.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from infra.config import DeploymentConfig

type Chosen = Callable[[DeploymentConfig], bool]
type Regions = Callable[[DeploymentConfig], Sequence[str]]

ALWAYS: Final[Chosen] = lambda _config: True  # noqa: E731  a row of the table reads it


class Part(NamedTuple):
    """One part.

    Attributes:
        regions: Where in an account it is.
        chosen: Whether a deployment has it.
        makes: Types of resources, without ``AWS::``.
        runs: What its roles call.
    """

    regions: Regions
    chosen: Chosen
    makes: tuple[str, ...]
    runs: tuple[str, ...] = ()


def home(config: DeploymentConfig) -> Sequence[str]:
    """The central region."""
    return (config.central.region,)


def everywhere(config: DeploymentConfig) -> Sequence[str]:
    """Every region of members."""
    return config.regions


def doors(config: DeploymentConfig) -> Sequence[str]:
    """Every region with a Destination."""
    return config.doors


def files(config: DeploymentConfig) -> Sequence[str]:
    """Every region with buckets of the deployment's own."""
    return tuple(str(bucket.region) for bucket in config.made_buckets)


def files_elsewhere(config: DeploymentConfig) -> Sequence[str]:
    """Every other region from which log files are announced."""
    return tuple(r for r in config.log_file_regions if r != config.central.region)


def deliveries(config: DeploymentConfig) -> Sequence[str]:
    """Every region with a delivery destination."""
    return config.log_file_regions if config.objects.central.enabled else ()


ROLE: Final = ("IAM::Policy", "IAM::Role")
FUNCTION: Final = (*ROLE, "Lambda::Function", "Logs::LogGroup")
BUCKET: Final = ("S3::Bucket", "S3::BucketPolicy")
TOPIC: Final = ("SNS::Topic", "SNS::TopicPolicy")

RULES: Final = ("Config::ConfigRule",)
REMEDIATION: Final = ("Config::RemediationConfiguration", *ROLE, "SSM::Document")

CENTRAL: Final[tuple[Part, ...]] = (
    Part(
        home,
        ALWAYS,
        (
            *("CloudWatch::Alarm", "Events::EventBus", "Events::EventBusPolicy", "Events::Rule"),
            *("KinesisFirehose::DeliveryStream", "Lambda::EventSourceMapping", "Logs::LogStream"),
            *("SQS::Queue", "SQS::QueuePolicy"),
            *FUNCTION,
            *TOPIC,
        ),
        (
            *("firehose:PutRecordBatch", "kinesis:GetRecords", "kinesis:PutRecord"),
            *("kms:Decrypt", "kms:GenerateDataKey", "logs:PutLogEvents", "s3:PutObject"),
            *("sqs:SendMessage", "sts:AssumeRole", "es:ESHttpPost", "es:ESHttpPut"),
        ),
    ),
    Part(home, lambda c: not c.stream.existing, ("Kinesis::Stream",)),
    Part(home, lambda c: not c.key.existing, ("KMS::Alias", "KMS::Key")),
    Part(home, lambda c: not c.archive.existing, BUCKET),
    Part(
        home,
        lambda c: not c.search.existing,
        ("Logs::ResourcePolicy", "OpenSearchService::Domain"),
    ),
    Part(
        home,
        lambda c: c.enrichment.organisation.enabled,
        ("Scheduler::Schedule",),
        ("lambda:InvokeFunction", "organizations:ListAccounts"),
    ),
    Part(
        home,
        lambda c: c.network is not None and c.network.cidr is not None,
        (
            *("EC2::RouteTable", "EC2::Subnet", "EC2::SubnetRouteTableAssociation", "EC2::VPC"),
            *FUNCTION,
        ),
        ("ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"),
    ),
    Part(
        home,
        lambda c: c.network is not None and c.network.cidr is not None and c.network.flow_logs,
        ("EC2::FlowLog",),
    ),
    Part(home, lambda c: c.network is not None and c.network.endpoints, ("EC2::VPCEndpoint",)),
    Part(
        home,
        lambda c: (
            c.network is not None
            and not (c.network.existing and c.network.existing.security_groups)
        ),
        ("EC2::SecurityGroup", "EC2::SecurityGroupIngress"),
    ),
    Part(home, lambda c: c.network is not None, (), ("ec2:CreateNetworkInterface",)),
    Part(
        home,
        lambda c: bool(c.log_buckets),
        (),
        ("s3:GetObject", "s3:ListBucket", "sqs:DeleteMessage", "sqs:ReceiveMessage"),
    ),
    Part(files, ALWAYS, BUCKET),
    Part(deliveries, ALWAYS, ("Logs::DeliveryDestination",)),
    Part(files_elsewhere, ALWAYS, ("Events::Rule", *ROLE), ("events:PutEvents",)),
    Part(home, lambda c: bool(c.access.break_glass.principals), ("SNS::Subscription",)),
    Part(
        home,
        lambda c: c.search.login.kind == "cognito",
        (
            *("Cognito::IdentityPool", "Cognito::IdentityPoolRoleAttachment"),
            *("Cognito::UserPool", "Cognito::UserPoolDomain", "Cognito::UserPoolGroup"),
        ),
        ("cognito-identity:UpdateIdentityPool", "cognito-idp:CreateUserPoolClient"),
    ),
    Part(doors, ALWAYS, ("Logs::Destination", *ROLE), ("kinesis:PutRecord", "kms:GenerateDataKey")),
    Part(home, lambda c: bool(c.members.units), ("CloudFormation::StackSet",)),
    Part(
        home,
        lambda c: c.members.centralises,
        ("ObservabilityAdmin::OrganizationCentralizationRule", "Logs::AccountPolicy"),
    ),
    Part(
        home,
        lambda c: c.organisation_sources.trail.is_made,
        BUCKET,
        ("cloudtrail:CreateTrail", "cloudtrail:StartLogging"),
    ),
    Part(
        home,
        lambda c: c.organisation_sources.guardduty.enabled,
        (),
        ("guardduty:UpdateOrganizationConfiguration",),
    ),
    Part(
        home,
        lambda c: c.organisation_sources.inspector.enabled,
        (),
        ("inspector2:Enable", "inspector2:UpdateOrganizationConfiguration"),
    ),
    Part(
        home,
        lambda c: c.organisation_sources.security_hub.enabled,
        (
            "SecurityHub::ConfigurationPolicy",
            "SecurityHub::OrganizationConfiguration",
            "SecurityHub::PolicyAssociation",
        ),
        ("securityhub:EnableSecurityHub",),
    ),
    Part(
        home,
        lambda c: c.organisation_sources.config.enabled,
        ("Config::ConfigurationAggregator",),
    ),
    Part(
        home,
        lambda c: bool(c.organisation_sources.telemetry.kinds),
        ("ObservabilityAdmin::OrganizationTelemetryRule",),
        ("observabilityadmin:StartTelemetryEvaluationForOrganization",),
    ),
    Part(
        home,
        lambda c: bool(c.self_service.units),
        ("CloudFormation::StackSet",),
    ),
    Part(
        everywhere,
        lambda c: bool(c.self_service.units),
        (
            *("ServiceCatalog::CloudFormationProduct", "ServiceCatalog::LaunchRoleConstraint"),
            *("ServiceCatalog::Portfolio", "ServiceCatalog::PortfolioPrincipalAssociation"),
            "ServiceCatalog::PortfolioProductAssociation",
        ),
    ),
    Part(
        everywhere,
        lambda c: bool(c.self_service.units and c.self_service.tag_options),
        ("ServiceCatalog::TagOption", "ServiceCatalog::TagOptionAssociation"),
    ),
    Part(
        everywhere,
        lambda c: bool(c.self_service.units and c.self_service.rules.enabled),
        (*FUNCTION, "Lambda::Permission"),
    ),
)
"""What is in the central account alone."""

MEMBER: Final[tuple[Part, ...]] = (
    Part(everywhere, ALWAYS, ("Events::Rule", *ROLE), ("events:PutEvents",)),
    Part(everywhere, lambda c: c.members.subscribes, ("Logs::AccountPolicy",)),
    Part(
        everywhere,
        lambda c: c.hosts.enabled,
        ("IAM::ManagedPolicy", "SSM::Association", "SSM::Document", "SSM::Parameter"),
    ),
)
"""What is in every account that logs come from, the central one among them."""

HELPED: Final[tuple[Part, ...]] = (
    Part(home, lambda c: bool(c.self_service.units), ROLE),
    Part(
        everywhere,
        lambda c: bool(c.self_service.units and c.self_service.rules.enabled),
        RULES,
    ),
    Part(
        everywhere,
        lambda c: bool(
            c.self_service.units
            and c.self_service.rules.enabled
            and c.self_service.rules.remediation.mode != "off"
        ),
        REMEDIATION,
    ),
)
"""What is in every account that self-service is for, the central one among them."""
