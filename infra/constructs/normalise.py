"""The function that turns the stream into documents."""

import aws_cdk as cdk
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.bundle import Bundle
from infra.config import Function as FunctionConfig
from infra.constructs.function import PythonFunction
from lambdas.normalise.settings import Settings


class Normalise(Construct):
    """Reads the stream in batches; one that keeps failing is split, then set aside.

    Data never makes it fail, only delivery does. So retries end after a while and leave a pointer
    to the Kinesis records in a queue; the records themselves are in the raw archive.

    Attributes:
        function: The function, for grants and alarms.
        set_aside: Queue with pointers to batches that could not be delivered.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: FunctionConfig,
        bundle: Bundle,
        stream: kinesis.Stream,
        key: kms.IKey,
        settings: Settings,
    ) -> None:
        super().__init__(scope, id_)
        self.set_aside = sqs.Queue(
            self,
            "SetAside",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=cdk.Duration.days(14),  # the longest that SQS keeps a message
        )
        cdk.Validations.of(self.set_aside).acknowledge(
            cdk.Acknowledgment(
                id="AwsSolutions-SQS3",
                reason="This is itself the last stop of batches that failed; it has no consumer",
            )
        )
        self.function = PythonFunction(
            self,
            "Function",
            name="normalise",
            bundle=bundle,
            config=config,
            environment=settings.to_env(),
            memory_mib=config.memory_mib,
            timeout=cdk.Duration.seconds(config.timeout_seconds),
            reserved_concurrency=config.reserved_concurrency,
        )
        self.function.function.add_event_source(
            sources.KinesisEventSource(
                stream,
                batch_size=config.batch_size,
                bisect_batch_on_error=True,
                max_batching_window=cdk.Duration.seconds(config.batch_window_seconds),
                on_failure=sources.SqsDlq(self.set_aside),
                parallelization_factor=config.parallelisation,
                report_batch_item_failures=True,
                retry_attempts=config.retry_attempts,
                starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            )
        )
