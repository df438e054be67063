"""The function that turns log files in S3 into documents."""

from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.bundle import Bundle
from infra.config.objects import LogBucket, Objects
from infra.config.stream import Function as FunctionConfig
from infra.constructs.common.function import PythonFunction
from infra.constructs.common.grants import (
    grant_read_objects,
    grant_read_secret,
    grant_take_and_send_messages,
)
from infra.constructs.common.statements import wait_for_rights
from infra.constructs.network.placement import Placement
from infra.constructs.objects.object_queue import ObjectQueue
from infra.names import OBJECTS_ROLE
from lambdas.read_objects.settings import Settings


class ObjectReader(Construct):
    """Reads each object that is announced, a bounded number at a time.

    It may read these buckets below their prefixes, and send itself messages that say where
    to go on. A message that fails comes again, and after its last try is set aside.

    Attributes:
        function: The function, for grants and alarms.
        reader: Its event source mapping.
        queue_arn: ARN of the queue that it reads, and writes to itself.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: Objects,
        buckets: Sequence[LogBucket],
        function: FunctionConfig,
        bundle: Bundle,
        announcements: ObjectQueue,
        key: kms.IKey,
        settings: Settings,
        files: Mapping[str, str],
        place: Placement | None = None,
    ) -> None:
        super().__init__(scope, id_)
        queue = announcements.queue
        self.queue_arn = queue.queue_arn
        self.function = PythonFunction(
            self,
            "Function",
            name="read_objects",
            bundle=bundle,
            config=function,
            environment=settings.to_env(),
            memory_mib=config.memory_mib,
            timeout=cdk.Duration.seconds(config.timeout_seconds),
            role_name=OBJECTS_ROLE,
            files=files,
            place=place,
        )
        role = self.function.role
        grant_read_objects(role, buckets)
        grant_take_and_send_messages(role, queue, key, why="SayWhereToGoOn")
        if settings.redaction_key:
            grant_read_secret(role, settings.redaction_key, why="ReadTheRedactionKey")
        self.reader = lambda_.CfnEventSourceMapping(
            self,
            "Reader",
            batch_size=config.batch_size,
            event_source_arn=queue.queue_arn,
            function_name=self.function.function.function_name,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config=lambda_.CfnEventSourceMapping.ScalingConfigProperty(
                maximum_concurrency=config.max_concurrency
            ),
        )
        wait_for_rights(self.reader, role)
