"""The stream's second consumer: keeps every record as it came, whatever the code does."""

from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.config.stream import Delivery as DeliveryConfig
from infra.constructs.common.firehose_role import firehose_role
from infra.constructs.common.grants import grant_deliver_objects, grant_read_stream, grant_write_log
from infra.constructs.common.log_group import own_log_group
from infra.constructs.common.statements import wait_for_rights
from infra.names import ARCHIVE_PREFIX, UNDELIVERED_PREFIX

L1 = firehose.CfnDeliveryStream


class RawArchive(Construct):
    """A delivery stream from Kinesis to S3 that changes nothing.

    Records are joined without a separator: CloudWatch Logs envelopes are gzip members and events
    are JSON objects, both say where they end, and ``logcore.archive`` reads them back. Nothing is
    compressed again.

    Attributes:
        delivery: The delivery stream.
        role: What it may do: read the stream, write below two prefixes.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: DeliveryConfig,
        stream: kinesis.IStream,
        bucket: s3.IBucket,
        key: kms.IKey,
        log_retention_days: int,
    ) -> None:
        super().__init__(scope, id_)
        self.role = firehose_role(self, "Central logs: keeps the raw records")
        prefixes = (ARCHIVE_PREFIX, f"{UNDELIVERED_PREFIX}archive/")
        grant_read_stream(self.role, stream, key, reader="firehose")
        grant_deliver_objects(self.role, bucket, key, prefixes)
        log_group = own_log_group(self, "archive", retention_days=log_retention_days)
        log_stream = log_group.add_stream("Delivery")
        grant_write_log(self.role, log_group)
        self.delivery = L1(
            self,
            "Delivery",
            delivery_stream_type="KinesisStreamAsSource",
            kinesis_stream_source_configuration=L1.KinesisStreamSourceConfigurationProperty(
                kinesis_stream_arn=stream.stream_arn, role_arn=self.role.role_arn
            ),
            extended_s3_destination_configuration=L1.ExtendedS3DestinationConfigurationProperty(
                bucket_arn=bucket.bucket_arn,
                role_arn=self.role.role_arn,
                buffering_hints=L1.BufferingHintsProperty(
                    interval_in_seconds=max(config.buffer_seconds, 60), size_in_m_bs=64
                ),
                cloud_watch_logging_options=L1.CloudWatchLoggingOptionsProperty(
                    enabled=True,
                    log_group_name=log_group.log_group_name,
                    log_stream_name=log_stream.log_stream_name,
                ),
                compression_format="UNCOMPRESSED",
                encryption_configuration=L1.EncryptionConfigurationProperty(
                    kms_encryption_config=L1.KMSEncryptionConfigProperty(awskms_key_arn=key.key_arn)
                ),
                prefix=f"{ARCHIVE_PREFIX}!{{timestamp:yyyy/MM/dd/HH}}/",
                error_output_prefix=(
                    f"{UNDELIVERED_PREFIX}archive/!{{firehose:error-output-type}}/"
                    "!{timestamp:yyyy/MM/dd}/"
                ),
            ),
        )
        wait_for_rights(self.delivery, self.role)
        acknowledge(
            self.delivery,
            "AwsSolutions-KDF1",
            "A delivery stream with a Kinesis source has no data at rest of its own: the source "
            "stream and the bucket are encrypted with the customer's key",
        )
