"""Whether the buckets under ``[objects]`` say what is written to them."""

from collections.abc import Mapping
from typing import Final

from infra.config import DeploymentConfig
from infra.config.objects import LogBucket
from ops.answer import Answer, error, ok
from ops.refusal import unless
from ops.view import View

OLD_NAMES: Final = {"": "us-east-1", "EU": "eu-west-1"}
"""What S3 says for regions that it had before they had names."""

SWITCH_ON: Final = '{"EventBridgeConfiguration": {}}'


def own_buckets(config: DeploymentConfig) -> Mapping[str, LogBucket]:
    """Buckets of the central account that are there; those of others are looked at there."""
    here = config.central.account
    trail = config.organisation_sources.trail
    made = {trail.bucket} if trail.is_made else set()
    found = (b for b in config.named_buckets if b.account == here and b.name not in made)
    return {f"s3://{b.name}": b for b in found}


def announces(bucket: LogBucket, view: View) -> Answer:
    """The bucket is there, in its region, and EventBridge is switched on for it.

    References:
        - https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
        - https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html
    """
    central = view.config.central
    s3 = view.client("s3", str(bucket.region))
    located = unless({"NoSuchBucket"}, lambda: s3.get_bucket_location(Bucket=bucket.name))
    if located is None:
        return error("no such bucket", f"a bucket of {central.account}", _forget(bucket))
    constraint = located.get("LocationConstraint") or ""
    region = OLD_NAMES.get(constraint, constraint)
    if region != bucket.region:
        return error(
            f"in {region}",
            f"a bucket in {bucket.region}, where its rule is",
            f'region = "{region}" for {bucket.name!r} under [[objects.buckets]]',
        )
    told = s3.get_bucket_notification_configuration(Bucket=bucket.name)
    if "EventBridgeConfiguration" in told:
        return ok("EventBridge is switched on")
    kept = ", ".join(sorted(told.keys() - {"ResponseMetadata"}))
    return error(
        f"EventBridge is off{f'; {kept} set' if kept else ''}",
        "EventBridge on, or no object is announced",
        f"{_merge(kept)}aws s3api put-bucket-notification-configuration --bucket {bucket.name} "
        f"--notification-configuration '{SWITCH_ON}'",
    )


def _forget(bucket: LogBucket) -> str:
    return f"the right name for {bucket.name!r} under [[objects.buckets]], or its account"


def _merge(kept: str) -> str:
    """The command replaces what is configured, which must not get lost."""
    return f"with {kept} in it too, because it replaces all: " if kept else ""
