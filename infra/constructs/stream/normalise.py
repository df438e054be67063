"""The function that turns the stream into documents."""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.bundle import Bundle
from infra.config.stream import Function as FunctionConfig
from infra.constructs.common.function import PythonFunction
from infra.constructs.common.grants import grant_read_secret, grant_read_stream, grant_send_messages
from infra.constructs.common.statements import say_why, wait_for_rights
from infra.constructs.network.placement import Placement
from lambdas.normalise.settings import Settings


class Normalise(Construct):
    """Reads the stream in batches; one that keeps failing is split, then set aside.

    Data never makes it fail, only delivery does. So retries end after a while and leave a pointer
    to the Kinesis records in a queue; the records themselves are in the raw archive.

    The event source mapping is an L1, because the L2 grants more than Lambda asks for.

    Attributes:
        function: The function, for grants and alarms.
        reader: Its event source mapping.
        set_aside: Queue with pointers to batches that could not be delivered.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: FunctionConfig,
        bundle: Bundle,
        stream: kinesis.IStream,
        key: kms.IKey,
        max_record_age: cdk.Duration,
        settings: Settings,
        files: Mapping[str, str],
        place: Placement | None = None,
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
        acknowledge(
            self.set_aside,
            "AwsSolutions-SQS3",
            "This is itself the last stop of batches that failed; it has no consumer",
        )
        say_why(self.set_aside.node.find_child("Policy"), "PolicyDocument", "RefuseWithoutTls")
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
            files=files,
            place=place,
        )
        role = self.function.role
        grant_read_stream(role, stream, key, reader="lambda")
        grant_send_messages(role, self.set_aside, key, why="SetFailedBatchesAside")
        if settings.redaction_key:
            grant_read_secret(role, settings.redaction_key, why="ReadTheRedactionKey")
        self.reader = lambda_.CfnEventSourceMapping(
            self,
            "Reader",
            batch_size=config.batch_size,
            bisect_batch_on_function_error=True,
            destination_config=lambda_.CfnEventSourceMapping.DestinationConfigProperty(
                on_failure=lambda_.CfnEventSourceMapping.OnFailureProperty(
                    destination=self.set_aside.queue_arn
                )
            ),
            event_source_arn=stream.stream_arn,
            function_name=self.function.function.function_name,
            function_response_types=["ReportBatchItemFailures"],
            maximum_batching_window_in_seconds=config.batch_window_seconds,
            maximum_record_age_in_seconds=max_record_age.to_seconds(),
            maximum_retry_attempts=config.retry_attempts,
            parallelization_factor=config.parallelisation,
            starting_position="TRIM_HORIZON",
        )
        wait_for_rights(self.reader, role)
