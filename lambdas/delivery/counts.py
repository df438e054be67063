"""Publishes what became of a batch: metrics that balance, and one line of log."""

import time
from collections.abc import Mapping

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from lambdas import observability as names
from lambdas.delivery.delivery import Report


def count(report: Report, carriers: Mapping[str, int], metrics: Metrics, logger: Logger) -> None:
    """Add the batch's totals, and accepted and rejected events per source.

    Sources are a closed set, so they may be a dimension; accounts and log groups are not.

    Args:
        report: What became of the events.
        carriers: What became of that which brought them: number by metric.
        metrics: Where the totals go.
        logger: Writes them into one line.
    """
    totals = {
        **carriers,
        names.EVENTS_RECEIVED: report.received,
        names.EVENTS_ACCEPTED: report.accepted.total(),
        names.EVENTS_REJECTED: report.rejected.total(),
        names.DOCUMENTS_DELIVERED: report.delivered,
        names.DOCUMENTS_REFUSED: report.refused,
        names.DOCUMENTS_UNDELIVERED: report.undelivered,
    }
    for name, value in totals.items():
        metrics.add_metric(name, MetricUnit.Count, value)
    if report.oldest_ms:
        age_ms = max(0, time.time_ns() // 1_000_000 - report.oldest_ms)
        metrics.add_metric(names.EVENT_AGE, MetricUnit.Milliseconds, age_ms)
    _count_by_source(report)
    _log(report, totals, logger)


def _count_by_source(report: Report) -> None:
    rejected: dict[str, int] = {}
    for (source, _reason), number in report.rejected.items():
        rejected[source] = rejected.get(source, 0) + number
    for name, by_source in (
        (names.EVENTS_ACCEPTED, dict(report.accepted)),
        (names.EVENTS_REJECTED, rejected),
    ):
        for source, number in by_source.items():
            with single_metric(
                name=name, unit=MetricUnit.Count, value=number, namespace=names.NAMESPACE
            ) as metric:
                metric.add_dimension("source", source)


def _log(report: Report, totals: dict[str, int], logger: Logger) -> None:
    reasons = {f"{source}/{reason}": n for (source, reason), n in report.rejected.items()}
    fields = {"counts": totals, "accepted": dict(report.accepted), "rejected": reasons}
    if report.undelivered or report.retry:
        logger.warning("some documents wait for another try", extra=fields)
    else:
        logger.info("batch delivered", extra=fields)
