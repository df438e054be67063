"""A bucket that AWS services of every sender deliver their log files to.

References:
    - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    - https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
"""

from collections.abc import Callable, Mapping
from typing import Final, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.config.objects import EDGE_REGION, CentralBuckets, LogService
from infra.constructs.common.statements import Conditions, say_why
from infra.names import log_bucket
from infra.senders import Senders

BALANCING: Final = "logdelivery.elasticloadbalancing.amazonaws.com"
DELIVERY: Final = "delivery.logs.amazonaws.com"
LOGGING: Final = "logging.s3.amazonaws.com"

DELIVERED: Final = "AWSLogs/*"
"""Where services put what they deliver: below this, by account."""

ACCESS_LOGS: Final = "s3access/*"
"""Where server access logs of S3 go; the prefix that whoever switches them on has to state."""

KEPT_PARTS_DAYS: Final = 7  # of an upload that was broken off

SAME_OWNER: Final = "bucket-owner-full-control"
"""The access control list that deliveries ask for; an owner-enforced bucket takes no other."""


class CentralBucket(Construct):
    """One region's bucket for log files, private, TLS only, with objects that expire.

    It is encrypted with S3's own keys, the only ones with which load balancers write. Services may
    deliver for senders and for nobody else. Each new object is told to EventBridge.

    Attributes:
        bucket: The bucket; its name is ``central-logs-<account>-<region>``.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: CentralBuckets,
        senders: Senders,
        removal: cdk.RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            bucket_name=log_bucket(stack.account, stack.region),
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            lifecycle_rules=[_lifecycle(config.expire_after_days)],
            minimum_tls_version=1.2,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=removal,
        )
        say_why(
            self.bucket.node.find_child("Policy"),
            "PolicyDocument",
            "RefuseWithoutTls",
            "RefuseOldTls",
        )
        _tell_eventbridge(self.bucket)
        for statement in _statements(self.bucket, config.services, senders):
            self.bucket.add_to_resource_policy(statement)
        acknowledge(
            self.bucket,
            "AwsSolutions-S1",
            "A bucket of log files whose own access were logged, and read from here, would have "
            "each reading written down and read again",
        )


def _tell_eventbridge(bucket: s3.Bucket) -> None:
    """Switch it on as a property; CDK's own switch is a function with a log of its own."""
    told = s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
    resource = cast("s3.CfnBucket", bucket.node.default_child)
    resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
        event_bridge_configuration=told
    )


def _lifecycle(days: int) -> s3.LifecycleRule:
    return s3.LifecycleRule(
        id="expire",
        expiration=cdk.Duration.days(days) if days else None,
        abort_incomplete_multipart_upload_after=cdk.Duration.days(KEPT_PARTS_DAYS),
    )


def _statements(
    bucket: s3.Bucket, services: tuple[LogService, ...], senders: Senders
) -> list[iam.PolicyStatement]:
    """What the chosen services may, and what server access logging may not even if chosen."""
    may = [s for service in services for s in BY_SERVICE[service](bucket, senders)]
    return [*may, _no_log_of_its_own(bucket)]


def _of_load_balancers(bucket: s3.Bucket, senders: Senders) -> list[iam.PolicyStatement]:
    """Application and classic ones write as a service of their own, network ones by vended logs.

    The accounts by which regions were told apart until 2022 are not needed; AWS advises against
    them. Load balancers of an Outpost, which write as another service, are left out.
    """
    stack = cdk.Stack.of(bucket)
    balancers = f"arn:{stack.partition}:elasticloadbalancing:{stack.region}:*:loadbalancer/*"
    writes = _allow(
        "LoadBalancersWrite",
        BALANCING,
        ["s3:PutObject"],
        bucket.arn_for_objects(DELIVERED),
        _for(senders, balancers),
    )
    deliveries = f"arn:{stack.partition}:logs:{stack.region}:*:*"
    return [writes, *_of_deliveries(bucket, "Regional", senders, deliveries)]


def _of_cloudfront(bucket: s3.Bucket, senders: Senders) -> list[iam.PolicyStatement]:
    """Distributions deliver by vended logs, whose sources are in one region for all of them."""
    sources = f"arn:{cdk.Stack.of(bucket).partition}:logs:{EDGE_REGION}:*:delivery-source:*"
    return _of_deliveries(bucket, "Edge", senders, sources)


def _of_access_logs(bucket: s3.Bucket, _senders: Senders) -> list[iam.PolicyStatement]:
    """S3 logs a bucket to another one of the same account and region, and to no third place."""
    here = {"StringEquals": {"aws:SourceAccount": cdk.Stack.of(bucket).account}}
    to = bucket.arn_for_objects(ACCESS_LOGS)
    return [_allow("AccessLogsWrite", LOGGING, ["s3:PutObject"], to, here)]


def _of_deliveries(
    bucket: s3.Bucket, which: str, senders: Senders, sources: str
) -> list[iam.PolicyStatement]:
    """Vended logs look at the bucket before they write to it."""
    on_behalf = _for(senders, sources)
    owned = {"StringEquals": {**on_behalf.get("StringEquals", {}), "s3:x-amz-acl": SAME_OWNER}}
    looks, to = ["s3:GetBucketAcl", "s3:ListBucket"], bucket.arn_for_objects(DELIVERED)
    return [
        _allow(f"{which}DeliveriesLook", DELIVERY, looks, bucket.bucket_arn, on_behalf),
        _allow(f"{which}DeliveriesWrite", DELIVERY, ["s3:PutObject"], to, {**on_behalf, **owned}),
    ]


def _no_log_of_its_own(bucket: s3.Bucket) -> iam.PolicyStatement:
    """Refuse server access logs of this bucket to itself: each that is written would bring more.

    Reference: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
    """
    return iam.PolicyStatement(
        sid="RefuseItsOwnAccessLog",
        effect=iam.Effect.DENY,
        principals=[iam.ServicePrincipal(LOGGING)],
        actions=["s3:PutObject"],
        resources=[bucket.arn_for_objects("*")],
        conditions={"ArnEquals": {"aws:SourceArn": bucket.bucket_arn}},
    )


def _for(senders: Senders, sources: str) -> Conditions:
    """On behalf of a sender, and of this kind of resource there."""
    return {
        **senders.if_organisation("aws:SourceOrgID"),
        "ArnLike": {"aws:SourceArn": senders.sources(sources)},
    }


def _allow(
    why: str, service: str, actions: list[str], resource: str, conditions: Conditions
) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=why,
        principals=[iam.ServicePrincipal(service)],
        actions=actions,
        resources=[resource],
        conditions=conditions,
    )


type Granting = Callable[[s3.Bucket, Senders], list[iam.PolicyStatement]]
"""Gives the statements by which a service delivers to a bucket for senders."""

BY_SERVICE: Final[Mapping[LogService, Granting]] = {
    "elb": _of_load_balancers,
    "cloudfront": _of_cloudfront,
    "s3access": _of_access_logs,
}
"""The statements that let each service deliver."""
