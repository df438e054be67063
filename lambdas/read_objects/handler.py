"""SQS to S3 to the sinks: wire and nothing else.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import os
import time
from functools import partial
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.delivery.assembly import CLIENT, assemble_core, assemble_delivery
from lambdas.delivery.counts import count
from lambdas.enrichment.assembly import open_enrichment
from lambdas.enrichment.counts import count_enrichment
from lambdas.observability import NAMESPACE
from lambdas.read_objects.batch import MessageBatch
from lambdas.read_objects.reader import ObjectReader
from lambdas.read_objects.settings import Settings

logger = Logger(service="read_objects")
metrics = Metrics(service="read_objects", namespace=NAMESPACE)
settings = Settings.from_env(os.environ)
queue, store = boto3.client("sqs", config=CLIENT), boto3.client("s3", config=CLIENT)
enrichment = open_enrichment(settings, store)
core = assemble_core(settings, enrichment.enrichers)
reader = ObjectReader(
    store,
    core,
    assemble_delivery(settings, core.rules),
    send=lambda body: queue.send_message(QueueUrl=settings.queue_url, MessageBody=body),
    reserve_ms=settings.reserve_seconds * 1_000,
    own_bucket=settings.reject_bucket,
)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Read the objects that each message announces; report the messages that must come again."""
    enrichment.refresh()
    batch = MessageBatch(reader, context.get_remaining_time_in_millis, logger)
    try:
        return process_partial_response(
            event=event,
            record_handler=partial(message, batch=batch),
            processor=BatchProcessor(event_type=EventType.SQS),
            context=context,
        )
    finally:
        count(batch.tally.report, batch.counts(), metrics, logger)
        count_enrichment(enrichment.take(time.time_ns() // 1_000_000), metrics, logger)


def message(record: SQSRecord, *, batch: MessageBatch) -> None:
    """Read what one message announces."""
    batch.read(record.body, int(record.attributes.sent_timestamp))
