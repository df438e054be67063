"""Publishes what enrichment did with a batch, and how old what it knows is."""

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from lambdas import observability as names
from lambdas.enrichment.enrichment import Facts


def count_enrichment(facts: Facts, metrics: Metrics, logger: Logger) -> None:
    """Add the batch's numbers, and say what is new."""
    metrics.add_metric(names.ACCOUNTS_UNKNOWN, MetricUnit.Count, facts.accounts_unknown)
    metrics.add_metric(names.ENRICHMENT_OBJECTS_MISSING, MetricUnit.Count, facts.missing)
    metrics.add_metric(names.ENRICHMENT_READ_FAILURES, MetricUnit.Count, facts.failures)
    if facts.snapshot_age_s is not None:
        age_s = facts.snapshot_age_s
        metrics.add_metric(names.ORGANISATION_SNAPSHOT_AGE, MetricUnit.Seconds, age_s)
    for notice in facts.notices:
        logger.warning("enrichment", extra={"notice": notice})
    _count_by_enricher(facts)


def _count_by_enricher(facts: Facts) -> None:
    """Enrichers are a closed set, so they may be a dimension."""
    for enricher, (added, skipped) in facts.by_enricher.items():
        for name, number in (
            (names.ENRICHMENTS_ADDED, added),
            (names.ENRICHMENTS_SKIPPED, skipped),
        ):
            with single_metric(
                name=name, unit=MetricUnit.Count, value=number, namespace=names.NAMESPACE
            ) as metric:
                metric.add_dimension("enricher", enricher)
