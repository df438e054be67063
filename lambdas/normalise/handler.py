"""Kinesis to the sinks: wire and nothing else.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
"""

import os
import time
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.kinesis_stream_event import KinesisStreamRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.delivery.assembly import CLIENT, assemble_core, assemble_delivery
from lambdas.delivery.counts import count
from lambdas.delivery.delivery import Report
from lambdas.enrichment.assembly import open_enrichment
from lambdas.enrichment.counts import count_enrichment
from lambdas.normalise.pipeline import Payload, Pipeline
from lambdas.normalise.quiet import Heard, Quiet
from lambdas.normalise.settings import Settings
from lambdas.observability import NAMESPACE, PAYLOADS_RECEIVED
from logcore.codec import unbase64
from logcore.transports.copied_groups import Copies

logger = Logger(service="normalise")
metrics = Metrics(service="normalise", namespace=NAMESPACE)
settings = Settings.from_env(os.environ)
enrichment = open_enrichment(settings, boto3.client("s3", config=CLIENT))
copies = Copies(settings.copies_account, settings.copies_parallel)
core = assemble_core(settings, enrichment.enrichers, copies)
pipeline = Pipeline(core, assemble_delivery(settings, core.rules))
quiet = Quiet()


class UndeliveredError(Exception):
    """Documents of this Kinesis record wait for another try; nothing of it is lost."""


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Deliver the whole batch, then report the records of which something was not delivered."""
    enrichment.refresh()
    report = pipeline.process([payload(record) for record in event["Records"]])
    heard = quiet.hear(report, len(event["Records"]))
    if heard:
        publish(heard)
    return process_partial_response(
        event=event,
        record_handler=lambda record: confirm(record, report),
        processor=BatchProcessor(event_type=EventType.KinesisDataStreams),
        context=context,
    )


def payload(record: dict[str, Any]) -> Payload:
    """One record of the event: ``{"kinesis": {"sequenceNumber", "data", ...}}``."""
    kinesis = record["kinesis"]
    arrived_ms = int(kinesis["approximateArrivalTimestamp"] * 1000)
    return Payload(kinesis["sequenceNumber"], unbase64(kinesis["data"]), arrived_ms)


def publish(heard: Heard) -> None:
    """Write the metrics and the line of what was heard."""
    count(heard.report, {PAYLOADS_RECEIVED: heard.payloads}, metrics, logger)
    count_enrichment(enrichment.take(time.time_ns() // 1_000_000), metrics, logger)
    metrics.flush_metrics()


def confirm(record: KinesisStreamRecord, report: Report) -> None:
    """Pass when everything of the record was delivered.

    Raises:
        UndeliveredError: it was not; Lambda sends this record and those after it again.
    """
    if record.kinesis.sequence_number in report.retry:
        raise UndeliveredError(record.kinesis.sequence_number)
