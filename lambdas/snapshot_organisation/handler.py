"""A schedule to a snapshot: wire and nothing else."""

import os
import time
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from lambdas import observability as names
from lambdas.snapshot_organisation.settings import Settings
from lambdas.snapshot_organisation.snapshot import take_snapshot

logger = Logger(service="snapshot_organisation")
metrics = Metrics(service="snapshot_organisation", namespace=names.NAMESPACE)
settings = Settings.from_env(os.environ)

# Organizations answers few requests a second; this mode learns how many.
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html#throttling-limits
PATIENT = Config(
    connect_timeout=3, read_timeout=20, retries={"mode": "adaptive", "max_attempts": 10}
)
organizations = boto3.client("organizations", config=PATIENT)
s3 = boto3.client("s3", config=PATIENT)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Take one snapshot; what fails is an error of the invocation, which Lambda tries again."""
    started = time.monotonic()
    accounts = take_snapshot(organizations, s3, settings, now_ms=time.time_ns() // 1_000_000)
    took_ms = round((time.monotonic() - started) * 1_000)
    metrics.add_metric(names.ORGANISATION_ACCOUNTS, MetricUnit.Count, accounts)
    metrics.add_metric(names.ORGANISATION_SNAPSHOT_DURATION, MetricUnit.Milliseconds, took_ms)
    logger.info("snapshot written", extra={"accounts": accounts, "took_ms": took_ms})
    return {"accounts": accounts}
