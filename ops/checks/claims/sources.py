"""What ``[organisation_sources]`` names: the trail's bucket and log group, and telemetry rules.

The aggregator of Config and the organisation's trail have checks of their own. A policy of
Security Hub may have any name, and its id is made up; the trail is made by a function, which takes
over what is there.
"""

from collections.abc import Iterator

from infra.config import DeploymentConfig
from infra.names import TRAIL_LOGS, telemetry_rule
from ops.checks.claims.claim import Claim, Kind
from ops.checks.claims.kinds import log_group
from ops.refusal import unless
from ops.view import View


def source_claims(config: DeploymentConfig) -> Iterator[tuple[str, Claim]]:
    """All in the central region."""
    sources, home = config.organisation_sources, config.central.region
    if sources.trail.is_made and sources.trail.bucket:
        yield "trail's bucket", Claim(TRAIL_BUCKET._replace(name=sources.trail.bucket), home)
        if sources.trail.ingest == "cloudwatch_logs":
            yield "trail's log group", Claim(log_group(TRAIL_LOGS, "sources"), home)
    for kind in sources.telemetry.kinds:
        yield f"telemetry rule of {kind}", Claim(_telemetry_rule(telemetry_rule(kind)), home)


def _trail_bucket(view: View, _region: str) -> str:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html."""
    s3, name = view.client("s3"), view.config.organisation_sources.trail.bucket
    found = unless({"404", "NoSuchBucket"}, lambda: s3.head_bucket(Bucket=name))
    return f"s3://{name}" if found is not None else ""


def _telemetry_rule(name: str) -> Kind:
    def look(view: View, region: str) -> str:
        """https://docs.aws.amazon.com/cloudwatch/latest/observabilityadmin/API_GetTelemetryRuleForOrganization.html."""
        observability = view.client("observabilityadmin", region)
        found = unless(
            {"ResourceNotFoundException"},
            lambda: observability.get_telemetry_rule_for_organization(RuleIdentifier=name),
        )
        return str(found["RuleArn"]) if found else ""

    delete = (
        "what it switched on stays: aws observabilityadmin delete-telemetry-rule-for-organization "
        "--rule-identifier {found} --region {region}"
    )
    kind = "AWS::ObservabilityAdmin::OrganizationTelemetryRule"
    return Kind(name, kind, "sources", look, delete)


TRAIL_BUCKET = Kind(
    "",  # the deployment chooses it
    "AWS::S3::Bucket",
    "sources",
    _trail_bucket,
    "another [organisation_sources.trail] bucket, or existing for the trail that writes to it",
)
