"""The section that says which log sources are switched on for the whole organisation.

The central account does it as delegated administrator of each service. Everything is off unless it
is named, because each service has a price of its own.

Reference: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from infra.config.base import AccountId, BucketName, Days, Region, Strict, named_once
from infra.config.members import UnitId
from infra.config.objects import LogBucket, Objects
from infra.config.telemetry import Telemetry

type Service = Literal["trail", "guardduty", "security_hub", "inspector", "config", "telemetry"]
"""A switch of the section, by its key."""

type Ingest = Literal["cloudwatch_logs", "s3"]
"""The one way by which a trail comes into the pipeline."""

TrailArn = Annotated[
    str, StringConstraints(pattern=r"^arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:\d{12}:trail/.+$")
]
DataEvents = Literal[
    "AWS::DynamoDB::Table",
    "AWS::Kinesis::Stream",
    "AWS::Lambda::Function",
    "AWS::S3::Object",
    "AWS::SQS::Queue",
]
Insight = Literal["ApiCallRateInsight", "ApiErrorRateInsight"]
Excluded = Literal["kms.amazonaws.com", "rdsdata.amazonaws.com"]
"""The busy services that CloudTrail can leave out of management events:
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html"""

Level = Literal["ALL", "NEW", "NONE"]
"""Every member, members that join, or nobody."""

Feature = Literal[
    "S3_DATA_EVENTS",
    "EKS_AUDIT_LOGS",
    "EBS_MALWARE_PROTECTION",
    "RDS_LOGIN_EVENTS",
    "LAMBDA_NETWORK_LOGS",
    "RUNTIME_MONITORING",
]
Agent = Literal["EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT"]
Standard = Literal["fsbp", "cis", "nist", "pci"]
Scan = Literal["EC2", "ECR", "LAMBDA", "LAMBDA_CODE"]

LOG_PREFIX = "AWSLogs/"
"""What CloudTrail puts before every key of a bucket."""


class Trail(Strict):
    """The organisation trail, made here or brought.

    CloudTrail always writes to S3; the bucket is the complete copy. ``ingest`` says which of its
    copies the pipeline reads, never both.

    Reference: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html

    Attributes:
        bucket: Name of the bucket to make, or of that of an existing trail.
        existing: ARN of a trail that is there already; then nothing is made.
        ingest: ``cloudwatch_logs`` for minutes of latency, ``s3`` for less money.
        log_retention_days: Of the log group.
        expire_after_days: Of the bucket's files; 0 keeps them.
        data_events: Kinds of resources whose data events are logged, but for the pipeline's own.
        insights: Kinds of Insights events.
        excluded_sources: Services left out of management events.
    """

    enabled: bool = False
    bucket: BucketName | None = None
    existing: TrailArn | None = None
    ingest: Ingest = "cloudwatch_logs"
    log_retention_days: Literal[1, 3, 5, 7, 14, 30, 60, 90, 180, 365] = 7
    expire_after_days: Days = 0
    data_events: tuple[DataEvents, ...] = ()
    insights: tuple[Insight, ...] = ()
    excluded_sources: tuple[Excluded, ...] = ()

    @property
    def is_made(self) -> bool:
        """Whether the deployment makes the trail, its bucket and its log group."""
        return self.enabled and not self.existing

    @property
    def is_made_to_be_read(self) -> bool:
        """Whether the bucket that is made is read, which takes the deployment's own key."""
        return self.is_made and self.ingest == "s3"

    @model_validator(mode="after")
    def _made_or_brought(self) -> Self:
        named_once("data_events", self.data_events)
        if self.is_made and not self.bucket:
            raise ValueError(
                "bucket: expected the name of the bucket to make, or an existing trail"
            )
        if self.existing and self.ingest == "s3" and not self.bucket:
            raise ValueError("bucket: expected the bucket of the existing trail, which is read")
        chosen = [name for name in OF_A_TRAIL if getattr(self, name)]
        if self.existing and chosen:
            raise ValueError(
                f"{', '.join(chosen)}: the existing trail has its own; expected no such choice"
            )
        return self


OF_A_TRAIL = ("data_events", "insights", "excluded_sources", "expire_after_days")
"""What can be chosen only of a trail that is made here."""


class GuardDuty(Strict):
    """GuardDuty in every region of the deployment.

    Reference: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_UpdateOrganizationConfiguration.html

    Attributes:
        members: Who gets GuardDuty.
        features: Who gets which protection plan; what is not named, nobody.
        agents: Agents that Runtime Monitoring installs by itself, for the same members.
        unavailable: Plans that a region has not; they are not spoken of there.
        publishing_frequency: How soon a finding that goes on is published again.
    """

    enabled: bool = False
    members: Level = "ALL"
    features: Mapping[Feature, Level] = {}
    agents: tuple[Agent, ...] = ()
    unavailable: Mapping[Region, tuple[Feature, ...]] = {}
    publishing_frequency: Literal["FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS"] = "FIFTEEN_MINUTES"

    @model_validator(mode="after")
    def _agents_have_their_plan(self) -> Self:
        named_once("agents", self.agents)
        if self.agents and self.features.get("RUNTIME_MONITORING", "NONE") == "NONE":
            raise ValueError("agents: expected RUNTIME_MONITORING under features, which runs them")
        return self


class SecurityHub(Strict):
    """Security Hub by central configuration, from the central region.

    Reference: https://docs.aws.amazon.com/securityhub/latest/userguide/central-configuration-intro.html

    Attributes:
        targets: Root or units whose accounts get it, those of tomorrow included.
        standards: Which checks are made.
    """

    enabled: bool = False
    targets: tuple[UnitId, ...] = ()
    standards: tuple[Standard, ...] = ("fsbp",)

    @model_validator(mode="after")
    def _somebody_is_meant(self) -> Self:
        named_once("targets", self.targets)
        named_once("standards", self.standards)
        if self.enabled and not self.targets:
            raise ValueError("targets: expected the root or units whose accounts get Security Hub")
        return self


class Inspector(Strict):
    """Inspector in every region of the deployment.

    Reference: https://docs.aws.amazon.com/inspector/v2/APIReference/API_UpdateOrganizationConfiguration.html

    Attributes:
        scans: What is scanned.
        existing_members: Whether accounts that are there already are enrolled as well.
    """

    enabled: bool = False
    scans: Annotated[tuple[Scan, ...], Field(min_length=1)] = ("EC2", "ECR")
    existing_members: bool = True

    @model_validator(mode="after")
    def _code_needs_functions(self) -> Self:
        named_once("scans", self.scans)
        if "LAMBDA_CODE" in self.scans and "LAMBDA" not in self.scans:
            raise ValueError("scans: LAMBDA_CODE is scanned with LAMBDA only; expected both")
        return self


class ConfigAggregator(Strict):
    """An aggregator of AWS Config over the organisation.

    Attributes:
        all_regions: Whether it collects from every region, or from those of the deployment.
    """

    enabled: bool = False
    all_regions: bool = False


class OrganisationSources(Strict):
    """What is switched on in the organisation's accounts.

    Attributes:
        management_account: The organisation's; it owns the trail.
        when_removed: ``keep`` leaves on what was switched on when its resource goes, ``switch_off``
            enrols nobody any more and deletes the trail.
    """

    management_account: AccountId | None = None
    when_removed: Literal["keep", "switch_off"] = "keep"
    trail: Trail = Trail()
    guardduty: GuardDuty = GuardDuty()
    security_hub: SecurityHub = SecurityHub()
    inspector: Inspector = Inspector()
    config: ConfigAggregator = ConfigAggregator()
    telemetry: Telemetry = Telemetry()

    @property
    def on(self) -> tuple[Service, ...]:
        """The switches that are on, in their order."""
        return tuple(self._on())

    @property
    def makes_something(self) -> bool:
        """Whether there is anything to deploy; an existing trail alone is not."""
        return self.trail.is_made or any(name != "trail" for name in self.on)

    def _on(self) -> Iterator[Service]:
        if self.trail.enabled:
            yield "trail"
        if self.guardduty.enabled:
            yield "guardduty"
        if self.security_hub.enabled:
            yield "security_hub"
        if self.inspector.enabled:
            yield "inspector"
        if self.config.enabled:
            yield "config"
        if self.telemetry.kinds:
            yield "telemetry"

    @model_validator(mode="after")
    def _owner_is_known(self) -> Self:
        if self.trail.is_made and not self.management_account:
            raise ValueError(
                "management_account: expected the account that owns the organisation's trail, "
                "also when a delegated administrator makes it"
            )
        return self


def check_sources(
    sources: OrganisationSources, objects: Objects, central: str, regions: tuple[str, ...]
) -> None:
    """Check what depends on the rest of the deployment.

    Raises:
        ValueError: the central account is the management account, a trail would come in twice, or
            a region is named that has no door.
    """
    if sources.management_account == central:
        raise ValueError(
            f"organisation_sources.management_account: {central} is the central account; a "
            "management account cannot be a delegated administrator"
        )
    _comes_in_once(sources.trail, objects)
    stray = sorted(sources.guardduty.unavailable.keys() - set(regions))
    if stray:
        raise ValueError(
            f"organisation_sources.guardduty.unavailable: {', '.join(stray)} of no use; "
            f"regions are {', '.join(regions)}"
        )


def _comes_in_once(trail: Trail, objects: Objects) -> None:
    """Check that ``ingest`` is the one way by which the trail comes in.

    Raises:
        ValueError: its files are read as well, or are not where they should be.
    """
    is_listed = any(bucket.name == trail.bucket for bucket in objects.buckets)
    if not trail.enabled or is_listed == bool(trail.existing and trail.ingest == "s3"):
        return
    if is_listed:
        raise ValueError(
            f"organisation_sources.trail.bucket: {trail.bucket} is read under objects.buckets as "
            f"well; the trail comes in by ingest = {trail.ingest!r}, expected one of them"
        )
    raise ValueError(
        f"organisation_sources.trail.bucket: {trail.bucket} is the existing trail's; expected it "
        "under objects.buckets, with its account, region and key"
    )


def trail_files(trail: Trail) -> tuple[LogBucket, ...]:
    """The bucket of the trail that is made, if its files are what the pipeline reads."""
    if not trail.is_made_to_be_read or not trail.bucket:
        return ()
    return (LogBucket(name=trail.bucket, prefix=LOG_PREFIX),)
