"""What may be switched on for the organisation, and what is refused with its reason."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from infra.config import DeploymentConfig, config_path
from infra.config.organisation_sources import OrganisationSources
from infra.config.telemetry import Telemetry
from tests.unit.test_config import Refuse, load, refuse

__all__ = ["load", "refuse"]  # fixtures

type Load = Callable[[Mapping[str, Any]], DeploymentConfig]

OWNER = {"management_account": "999999999999"}
TRAIL = {"enabled": True, "bucket": "example-org-trail"}
BROUGHT = "arn:aws:cloudtrail:us-east-1:999999999999:trail/everything"


def section(**keys: Any) -> dict[str, Any]:
    return {"organisation_sources": {**OWNER, **keys}}


@pytest.mark.parametrize("stage", ["sandbox", "production"])
def test_nothing_is_on_unless_it_is_named(stage: str) -> None:
    chosen = DeploymentConfig.load(config_path(stage)).organisation_sources

    assert chosen == OrganisationSources()
    assert chosen.on == ()
    assert not chosen.makes_something


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"trail": {"enabled": True}}, "expected the name of the bucket to make"),
        ({"trail": {**TRAIL, "data_events": ["AWS::S3::Object"] * 2}}, "named twice"),
        ({"trail": {**TRAIL, "data_events": ["AWS::KMS::Key"]}}, "AWS::S3::Object"),
        ({"trail": {**TRAIL, "existing": BROUGHT, "insights": ["ApiCallRateInsight"]}}, "insights"),
        ({"trail": {"enabled": True, "existing": BROUGHT, "ingest": "s3"}}, "which is read"),
        ({"guardduty": {"agents": ["EC2_AGENT_MANAGEMENT"]}}, "expected RUNTIME_MONITORING"),
        ({"guardduty": {"features": {"S3_DATA_EVENT": "ALL"}}}, "S3_DATA_EVENTS"),
        ({"guardduty": {"unavailable": {"sa-east-1": []}}}, "sa-east-1 of no use"),
        ({"security_hub": {"enabled": True}}, "expected the root or units"),
        ({"security_hub": {"targets": ["root"]}}, "targets.0"),
        ({"inspector": {"scans": ["LAMBDA_CODE"]}}, "with LAMBDA only"),
        ({"inspector": {"scans": []}}, "at least 1 item"),
        ({"telemetry": {"kinds": ["waf", "waf"]}}, "named twice: waf"),
        ({"telemetry": {"kinds": ["alb"]}}, "vpc_flow"),
        ({"telemetry": {"retention_days": 31}}, "31"),
        ({"telemetry": {"eks_logs": []}}, "at least 1 item"),
        ({"management_account": "111111111111"}, "cannot be a delegated administrator"),
    ],
)
def test_what_aws_would_not_take_is_refused(
    keys: dict[str, Any], said: str, refuse: Refuse
) -> None:
    assert said in refuse(section(**keys))


def test_a_trail_needs_to_know_its_owner(refuse: Refuse) -> None:
    message = refuse({"organisation_sources": {"trail": TRAIL}})

    assert "expected the account that owns the organisation's trail" in message


@pytest.mark.parametrize("ingest", ["s3", "cloudwatch_logs"])
def test_a_trail_comes_in_by_one_way_only(ingest: str, refuse: Refuse) -> None:
    read = {"buckets": [{"name": "example-org-trail", "prefix": "AWSLogs/"}]}

    message = refuse({**section(trail={**TRAIL, "ingest": ingest}), "objects": read})

    assert "organisation_sources.trail.bucket: example-org-trail is read under objects" in message


def test_the_bucket_of_a_trail_is_read_where_that_is_the_way(load: Load) -> None:
    by_files = load(section(trail={**TRAIL, "ingest": "s3"}))
    by_events = load(section(trail=TRAIL))

    assert [(b.name, b.prefix) for b in by_files.log_files.buckets] == [
        ("example-org-trail", "AWSLogs/")
    ]
    assert by_files.objects.buckets == ()
    assert by_events.log_files.buckets == ()


AUDIT = {"name": "example-audit", "account": "999999999999", "region": "us-east-1"}


def test_an_existing_trail_makes_nothing_and_may_be_read(load: Load) -> None:
    trail = {"enabled": True, "existing": BROUGHT, "bucket": "example-audit", "ingest": "s3"}

    config = load({"organisation_sources": {"trail": trail}, "objects": {"buckets": [AUDIT]}})

    assert config.organisation_sources.on == ("trail",)
    assert not config.organisation_sources.makes_something
    assert [(b.name, b.account) for b in config.log_buckets] == [("example-audit", "999999999999")]


@pytest.mark.parametrize(
    ("ingest", "buckets", "said"),
    [
        ("s3", [], "expected it under objects.buckets"),
        ("cloudwatch_logs", [AUDIT], "expected one of them"),
    ],
)
def test_an_existing_trail_comes_in_by_one_way_only(
    ingest: str, buckets: list[dict[str, str]], said: str, refuse: Refuse
) -> None:
    trail = {"enabled": True, "existing": BROUGHT, "bucket": "example-audit", "ingest": ingest}

    message = refuse({"organisation_sources": {"trail": trail}, "objects": {"buckets": buckets}})

    assert said in message


def test_everything_can_be_on(load: Load) -> None:
    found = load(
        section(
            trail=TRAIL,
            guardduty={"enabled": True},
            security_hub={"enabled": True, "targets": ["r-ab12"]},
            inspector={"enabled": True},
            config={"enabled": True},
            telemetry={"kinds": ["eks"]},
        )
    )

    assert found.organisation_sources.on == (
        *("trail", "guardduty", "security_hub"),
        *("inspector", "config", "telemetry"),
    )


@pytest.mark.parametrize("days", [1, 30, 1_827])
def test_days_that_cloudwatch_knows_are_taken(days: int) -> None:
    assert Telemetry.model_validate({"retention_days": days}).retention_days == days
