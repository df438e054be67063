"""Publishes what became of a batch: metrics that balance, and one line of log."""

import time
from collections import Counter
from collections.abc import Mapping
from typing import Final

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from lambdas import observability as names
from lambdas.delivery.delivery import Report
from logcore.record import Effect

EFFECTS: Final = {
    "redacted": names.EVENTS_REDACTED,
    "would_drop": names.EVENTS_WOULD_DROP,
    "would_redact": names.EVENTS_WOULD_REDACT,
}
"""Metric by kind of effect."""

MOST_MALFORMED = 50
"""Pairs of source and field that one batch counts apart; the total has all of them."""


def count(report: Report, carriers: Mapping[str, int], metrics: Metrics, logger: Logger) -> None:
    """Add the batch's totals, events per source, and what each rule did.

    Sources and rules are closed sets, so they may be dimensions; accounts and log groups are not.

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
        names.EVENTS_DROPPED: report.dropped.total(),
        names.FIELDS_MALFORMED: report.malformed.total(),
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
    _count_by_rule(report)
    _count_malformed(report)
    _log(report, totals, logger)


def _count_by_source(report: Report) -> None:
    _count_by("source", names.EVENTS_ACCEPTED, report.accepted)
    _count_by("source", names.EVENTS_REJECTED, _summed(report.rejected, 0))
    _count_by("source", names.EVENTS_DROPPED, _summed(report.dropped, 0))


def _count_malformed(report: Report) -> None:
    for (source, field), number in report.malformed.most_common(MOST_MALFORMED):
        _count_one(names.FIELDS_MALFORMED, number, source=source, field=field)


def _count_by_rule(report: Report) -> None:
    _count_by("rule", names.EVENTS_DROPPED, _summed(report.dropped, 1))
    for kind, name in EFFECTS.items():
        _count_by("rule", name, _by_rule(report.effects, kind))


def _summed(counts: Mapping[tuple[str, str], int], part: int) -> Counter[str]:
    """The counts by one part of their key."""
    found: Counter[str] = Counter()
    for key, number in counts.items():
        found[key[part]] += number
    return found


def _by_rule(effects: Mapping[Effect, int], kind: str) -> dict[str, int]:
    return {effect.rule: number for effect, number in effects.items() if effect.kind == kind}


def _count_by(dimension: str, name: str, numbers: Mapping[str, int]) -> None:
    for value, number in numbers.items():
        _count_one(name, number, **{dimension: value})


def _count_one(name: str, number: int, **dimensions: str) -> None:
    with single_metric(
        name=name, unit=MetricUnit.Count, value=number, namespace=names.NAMESPACE
    ) as metric:
        for dimension, value in dimensions.items():
            metric.add_dimension(dimension, value)


def _log(report: Report, totals: dict[str, int], logger: Logger) -> None:
    reasons = {f"{source}/{reason}": n for (source, reason), n in report.rejected.items()}
    effects = {kind: _by_rule(report.effects, kind) for kind in EFFECTS}
    fields = {
        "counts": totals,
        "accepted": dict(report.accepted),
        "rejected": reasons,
        "dropped": dict(_summed(report.dropped, 1)),
        "malformed": {f"{s}/{f}": n for (s, f), n in report.malformed.most_common(MOST_MALFORMED)},
        **{kind: rules for kind, rules in effects.items() if rules},
    }
    if report.undelivered or report.retry:
        logger.warning("some documents wait for another try", extra=fields)
    else:
        logger.info("batch delivered", extra=fields)
