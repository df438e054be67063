"""Firehose to an OpenSearch domain: the L2 construct that CDK does not have.

References:
    - https://docs.aws.amazon.com/firehose/latest/APIReference/API_AmazonopensearchserviceDestinationConfiguration.html
    - https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-es
"""

from dataclasses import dataclass, field
from typing import Literal

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledge import acknowledge_wildcard
from infra.constructs.common.firehose_role import firehose_role
from infra.constructs.common.grants import grant_deliver_objects, grant_write_log
from infra.constructs.common.statements import allow, wait_for_rights
from infra.constructs.network.interfaces import grant_firehose_interfaces
from infra.constructs.network.placement import Placement

L1 = firehose.CfnDeliveryStream

type DocumentId = Literal["NO_DOCUMENT_ID", "FIREHOSE_DEFAULT"]
"""Who names documents: the index's pipeline, or Firehose (stable over its own retries only)."""

type Rotation = Literal["NoRotation", "OneHour", "OneDay", "OneWeek", "OneMonth"]

LONGEST_INDEX_NAME = 80  # characters, as the API reference says


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffering:
    """How long and how much Firehose gathers before it writes.

    Attributes:
        interval: 0 to 900 seconds.
        size: 1 to 100 MiB.
    """

    interval: cdk.Duration = field(default_factory=lambda: cdk.Duration.seconds(60))
    size: cdk.Size = field(default_factory=lambda: cdk.Size.mebibytes(5))

    def __post_init__(self) -> None:
        """Refuse what the service would refuse.

        Raises:
            ValueError: out of range; names the value and the range.
        """
        _within("buffering interval", self.interval.to_seconds(), 0, 900, "seconds")
        _within("buffering size", self.size.to_mebibytes(), 1, 100, "MiB")


class FirehoseToOpenSearch(Construct):
    """A Direct PUT delivery stream that writes each record as one document.

    What the domain refuses goes to the bucket below ``failed_prefix``, with the error and the
    record. The role has what Firehose documents for this destination and nothing else.

    Attributes:
        delivery: The delivery stream.
        role: What it may do; map it to a role inside OpenSearch as well.
        name: Name of the delivery stream.
        arn: ARN of the delivery stream.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        domain_arn: str,
        index: str,
        bucket: s3.IBucket,
        failed_prefix: str,
        log_group: logs.ILogGroup,
        key: kms.IKey,
        rotation: Rotation = "NoRotation",
        document_id: DocumentId = "NO_DOCUMENT_ID",
        buffering: Buffering | None = None,
        retry: cdk.Duration | None = None,
        place: Placement | None = None,
    ) -> None:
        super().__init__(scope, id_)
        if not 0 < len(index) <= LONGEST_INDEX_NAME:
            raise ValueError(f"index {index!r}: expected 1 to {LONGEST_INDEX_NAME} characters")
        buffering = buffering or Buffering()
        retry = retry or cdk.Duration.minutes(5)
        _within("retry", retry.to_seconds(), 0, 7_200, "seconds")

        self.role = firehose_role(self, "Writes documents to the log domain")
        grant_deliver_objects(self.role, bucket, key, (failed_prefix,))
        grant_write_log(self.role, log_group)
        _grant_domain(self.role, domain_arn, index)
        if place:
            grant_firehose_interfaces(self.role, place)
        destination = L1.AmazonopensearchserviceDestinationConfigurationProperty(
            domain_arn=domain_arn,
            index_name=index,
            index_rotation_period=rotation,
            document_id_options=L1.DocumentIdOptionsProperty(
                default_document_id_format=document_id
            ),
            role_arn=self.role.role_arn,
            buffering_hints=L1.AmazonopensearchserviceBufferingHintsProperty(
                interval_in_seconds=buffering.interval.to_seconds(),
                size_in_m_bs=buffering.size.to_mebibytes(),
            ),
            retry_options=L1.AmazonopensearchserviceRetryOptionsProperty(
                duration_in_seconds=retry.to_seconds()
            ),
            cloud_watch_logging_options=_logging(log_group, "documents"),
            vpc_configuration=self._in_vpc(place) if place else None,
            s3_backup_mode="FailedDocumentsOnly",
            s3_configuration=L1.S3DestinationConfigurationProperty(
                bucket_arn=bucket.bucket_arn,
                role_arn=self.role.role_arn,
                prefix=failed_prefix,
                error_output_prefix=(
                    f"{failed_prefix}!{{firehose:error-output-type}}/!{{timestamp:yyyy/MM/dd}}/"
                ),
                compression_format="GZIP",
                encryption_configuration=L1.EncryptionConfigurationProperty(
                    kms_encryption_config=L1.KMSEncryptionConfigProperty(awskms_key_arn=key.key_arn)
                ),
                cloud_watch_logging_options=_logging(log_group, "failed"),
            ),
        )
        self.delivery = L1(
            self,
            "Delivery",
            delivery_stream_type="DirectPut",
            delivery_stream_encryption_configuration_input=(
                L1.DeliveryStreamEncryptionConfigurationInputProperty(
                    key_type="CUSTOMER_MANAGED_CMK", key_arn=key.key_arn
                )
            ),
            amazonopensearchservice_destination_configuration=destination,
        )
        wait_for_rights(self.delivery, self.role)
        self.name = self.delivery.ref
        self.arn = self.delivery.attr_arn

    def _in_vpc(self, place: Placement) -> L1.VpcConfigurationProperty:
        """Interfaces beside a domain in a VPC; a delivery stream keeps the place it was made in.

        Reference: https://docs.aws.amazon.com/firehose/latest/APIReference/API_VpcConfiguration.html
        """
        return L1.VpcConfigurationProperty(
            role_arn=self.role.role_arn,
            security_group_ids=list(place.security_group_ids),
            subnet_ids=list(place.subnet_ids),
        )

    def grant_put_records(self, role: iam.Role) -> None:
        """Let a role put records in batches, the way the sink does."""
        allow(role, "DeliverDocuments", ["firehose:PutRecordBatch"], [self.arn])

    def metric(
        self, name: str, *, statistic: str = "Sum", period: cdk.Duration | None = None
    ) -> cloudwatch.Metric:
        """A metric of this delivery stream, such as ``DeliveryToAmazonOpenSearchService.Records``.

        Reference: https://docs.aws.amazon.com/firehose/latest/dev/cloudwatch-metrics.html
        """
        return cloudwatch.Metric(
            namespace="AWS/Firehose",
            metric_name=name,
            dimensions_map={"DeliveryStreamName": self.name},
            statistic=statistic,
            period=period or cdk.Duration.minutes(5),
        )

    def metric_data_freshness(self) -> cloudwatch.Metric:
        """Age in seconds of the oldest record that the domain has not got yet."""
        name = "DeliveryToAmazonOpenSearchService.DataFreshness"
        return self.metric(name, statistic="Maximum")


def _grant_domain(role: iam.Role, domain_arn: str, index: str) -> None:
    """What the service asks of the role for a domain, action by action."""
    described = ["es:DescribeDomain", "es:DescribeDomains", "es:DescribeDomainConfig"]
    looked_at = (
        *("_all/_settings", "_cluster/stats", "_nodes", "_nodes/stats", "_nodes/*/stats"),
        *("_stats", f"{index}*/_mapping/*", f"{index}*/_stats"),
    )
    for path in ("*", *(path for path in looked_at if "*" in path)):
        acknowledge_wildcard(
            role, f"{domain_arn}/{path}", "Firehose asks for it; roles inside the domain narrow it"
        )
    paths = [f"{domain_arn}/{path}" for path in looked_at]
    writes = ["es:ESHttpPost", "es:ESHttpPut"]
    allow(role, "FindTheDomain", described, [domain_arn])
    allow(role, "WriteDocuments", writes, [domain_arn, f"{domain_arn}/*"])
    allow(role, "LookAtTheIndex", ["es:ESHttpGet"], paths)


def _logging(log_group: logs.ILogGroup, stream: str) -> L1.CloudWatchLoggingOptionsProperty:
    return L1.CloudWatchLoggingOptionsProperty(
        enabled=True, log_group_name=log_group.log_group_name, log_stream_name=stream
    )


def _within(what: str, value: float, least: int, most: int, unit: str) -> None:
    if not least <= value <= most:
        raise ValueError(f"{what} {value:g} {unit}: expected {least} to {most}")
