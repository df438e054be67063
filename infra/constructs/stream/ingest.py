"""Where everything arrives: one encrypted stream, made or given."""

import aws_cdk as cdk
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.config.stream import Stream as StreamConfig
from infra.names import CENTRAL_LOGS


class Ingest(Construct):
    """A Kinesis stream with a name that other regions' doors can write down.

    One that is given has its own mode, retention and key, which is the deployment's too.

    Attributes:
        stream: Takes CloudWatch Logs envelopes and EventBridge events; grant on it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: StreamConfig,
        key: kms.IKey,
        removal: cdk.RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        if config.existing:
            self.stream: kinesis.IStream = kinesis.Stream.from_stream_attributes(
                self, "Stream", stream_arn=config.existing, encryption_key=key
            )
            return
        on_demand = config.mode == "on_demand"
        self.stream = kinesis.Stream(
            self,
            "Stream",
            stream_name=CENTRAL_LOGS,
            stream_mode=kinesis.StreamMode.ON_DEMAND
            if on_demand
            else kinesis.StreamMode.PROVISIONED,
            shard_count=None if on_demand else config.shards,
            retention_period=cdk.Duration.hours(config.retention_hours),
            encryption=kinesis.StreamEncryption.KMS,
            encryption_key=key,
            removal_policy=removal,
        )
        acknowledge(
            self.stream,
            "AwsSolutions-KDS3",
            "A key of our own: who may use it is said in the roles of this app and recorded, and "
            "the doors of other regions name it by its alias",
        )
