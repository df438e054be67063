"""The bucket that keeps every record untouched, and what could not become a document."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.config.archive import Archive as ArchiveConfig
from infra.config.archive import Lock
from infra.names import ARCHIVE_PREFIX, ENRICHMENT_PREFIX, REJECT_PREFIX, UNDELIVERED_PREFIX
from infra.resource_policies import bucket_policy


class Archive(Construct):
    """One bucket, private, TLS only, encrypted, versioned, with a life per prefix.

    ``raw/`` has the stream's records, ``rejects/`` what the core or a sink refused,
    ``undelivered/`` what Firehose could not write to the index, ``enrichment/`` what documents are
    enriched with. A bucket that is given keeps its own settings, policy and lives.

    Attributes:
        bucket: The bucket; grant by prefix.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: ArchiveConfig,
        key: kms.IKey,
        removal: cdk.RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        if config.existing:
            self.bucket: s3.IBucket = s3.Bucket.from_bucket_name(self, "Bucket", config.existing)
            return
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            bucket_key_enabled=True,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            lifecycle_rules=lifecycle(config),
            object_lock_default_retention=retention(config.lock) if config.lock else None,
            object_lock_enabled=True if config.lock else None,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=removal,
            versioned=True,
        )
        for statement in bucket_policy(self.bucket.bucket_arn):
            self.bucket.add_to_resource_policy(iam.PolicyStatement.from_json(statement))
        acknowledge(
            self.bucket,
            "AwsSolutions-S1",
            "Access to the archive is recorded as CloudTrail data events; server access logs would "
            "need a second bucket that is watched the same way",
        )


def retention(lock: Lock) -> s3.ObjectLockRetention:
    """For how long each object of the bucket stays, counted from its writing."""
    duration = cdk.Duration.days(lock.days)
    if lock.mode == "compliance":
        return s3.ObjectLockRetention.compliance(duration)
    return s3.ObjectLockRetention.governance(duration)


def lifecycle(config: ArchiveConfig) -> list[s3.LifecycleRule]:
    """The rules of both kinds of objects; a number of 0 days leaves its step out."""
    steps = (
        (config.infrequent_after_days, s3.StorageClass.INFREQUENT_ACCESS),
        (config.glacier_after_days, s3.StorageClass.GLACIER),
    )
    transitions = [
        s3.Transition(storage_class=to, transition_after=cdk.Duration.days(days))
        for days, to in steps
        if days
    ]
    raw = s3.LifecycleRule(
        id="raw",
        prefix=ARCHIVE_PREFIX,
        transitions=transitions or None,
        expiration=_days(config.expire_after_days),
        noncurrent_version_expiration=cdk.Duration.days(7),
        abort_incomplete_multipart_upload_after=cdk.Duration.days(7),
    )
    refused = [
        s3.LifecycleRule(
            id=prefix.removesuffix("/"),
            prefix=prefix,
            expiration=_days(config.reject_expire_after_days),
            noncurrent_version_expiration=cdk.Duration.days(7),
        )
        for prefix in (REJECT_PREFIX, UNDELIVERED_PREFIX)
    ]
    asked = s3.LifecycleRule(
        id=ENRICHMENT_PREFIX.removesuffix("/"),
        prefix=ENRICHMENT_PREFIX,
        noncurrent_version_expiration=cdk.Duration.days(7),
    )
    return [raw, *refused, asked]


def _days(number: int) -> cdk.Duration | None:
    return cdk.Duration.days(number) if number else None
