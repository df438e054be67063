"""The bucket that the organisation's trail writes to.

Reference: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
"""

from collections.abc import Iterator

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.config.organisation_sources import LOG_PREFIX, Trail
from infra.constructs.common.statements import say_why

TLS = ("RefuseWithoutTls", "RefuseOldTls")


class TrailBucket(Construct):
    """Private, TLS only, encrypted, versioned; one trail may write to it and nobody else.

    Attributes:
        bucket: The bucket.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: Trail,
        trail_arn: str,
        organisation: str,
        key: kms.IKey,
        removal: cdk.RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        expiry = cdk.Duration.days(config.expire_after_days) if config.expire_after_days else None
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=config.bucket,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            bucket_key_enabled=True,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            enforce_ssl=True,
            lifecycle_rules=[
                s3.LifecycleRule(
                    abort_incomplete_multipart_upload_after=cdk.Duration.days(7),
                    expiration=expiry,
                    noncurrent_version_expiration=cdk.Duration.days(30),
                )
            ],
            minimum_tls_version=1.2,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=removal,
            versioned=True,
        )
        if config.ingest == "s3":
            self._announce()
        for statement in _deliveries(self.bucket, trail_arn, organisation):
            self.bucket.add_to_resource_policy(statement)
        say_why(self.bucket.node.find_child("Policy"), "PolicyDocument", *TLS)
        acknowledge(
            self.bucket,
            "AwsSolutions-S1",
            "Who reads the bucket is a data event of the trail that it belongs to, if that is "
            "wanted; server access logs would need a second bucket that is watched the same way",
        )

    def _announce(self) -> None:
        """Tell EventBridge of each object, without the function that CDK makes for it."""
        resource = self.bucket.node.default_child
        assert isinstance(resource, s3.CfnBucket)  # noqa: S101  for the type checker
        resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(
                event_bridge_enabled=True
            )
        )


def _deliveries(
    bucket: s3.Bucket, trail_arn: str, organisation: str
) -> Iterator[iam.PolicyStatement]:
    """The statements of AWS's page for an organisation trail, each for this trail only.

    Below the owner's account CloudTrail writes if the trail is ever made one of that account.
    """
    owner = trail_arn.split(":")[4]
    source = {"aws:SourceArn": trail_arn}
    delivered = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", **source}}
    places = {"TrailWritesForTheOwner": owner, "TrailWritesForTheOrganisation": organisation}
    yield _may(
        "TrailLooksAtTheBucket", "s3:GetBucketAcl", bucket.bucket_arn, {"StringEquals": source}
    )
    for why, place in places.items():
        below = bucket.arn_for_objects(f"{LOG_PREFIX}{place}/*")
        yield _may(why, "s3:PutObject", below, delivered)


def _may(
    why: str, action: str, resource: str, conditions: dict[str, dict[str, str]]
) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=why,
        principals=[iam.ServicePrincipal("cloudtrail.amazonaws.com")],
        actions=[action],
        resources=[resource],
        conditions=conditions,
    )
