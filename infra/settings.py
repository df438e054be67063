"""What each function is told, made from what a deployment chose."""

from typing import Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from infra.config import DeploymentConfig
from infra.config_sections import Dataset
from infra.constructs.search_domain import SearchDomain
from infra.names import INDEX, REJECT_PREFIX
from lambdas.normalise.settings import Settings as NormaliseSettings
from lambdas.read_objects.settings import Settings as ReadObjectsSettings
from lambdas.search_setup.settings import Settings as SearchSetupSettings
from logcore.source import SHARED_HOME

LONGEST_RESERVE_SECONDS = 60
"""For the part of an object that is under way when time gets short: a delivery with its retries."""


def normalise_settings(
    config: DeploymentConfig, delivery_stream: str, domain: SearchDomain, bucket: s3.IBucket
) -> NormaliseSettings:
    """Settings of the normalise function."""
    return NormaliseSettings(**_delivery(config, delivery_stream, domain, bucket))


def read_objects_settings(
    config: DeploymentConfig,
    delivery_stream: str,
    domain: SearchDomain,
    bucket: s3.IBucket,
    *,
    queue_url: str,
) -> ReadObjectsSettings:
    """Settings of the read_objects function; at least two thirds of its time are for reading."""
    return ReadObjectsSettings(
        **_delivery(config, delivery_stream, domain, bucket),
        queue_url=queue_url,
        reserve_seconds=min(LONGEST_RESERVE_SECONDS, config.objects.timeout_seconds // 3),
    )


def _delivery(
    config: DeploymentConfig, delivery_stream: str, domain: SearchDomain, bucket: s3.IBucket
) -> dict[str, Any]:
    """What every function that normalises is told."""
    return {
        "delivery_stream": delivery_stream,
        "endpoint": domain.endpoint,
        "index": INDEX,
        "sinks": {name: dataset.sink for name, dataset in config.datasets.items()},
        "reject_bucket": bucket.bucket_name,
        "reject_prefix": REJECT_PREFIX,
        "keep_original": tuple(name for name, d in config.datasets.items() if d.keep_original),
        "overrides": dict(config.routing),
        "source_options": _plain(config.sources),
    }


def search_setup_settings(
    config: DeploymentConfig, domain: SearchDomain, *, writers: tuple[iam.IRole, ...]
) -> SearchSetupSettings:
    """Settings of the search setup function."""
    return SearchSetupSettings(
        endpoint=domain.endpoint,
        master_role_arn=domain.master.role_arn,
        setup_role_arn=domain.setup_role_arn,
        writer_role_arns=tuple(role.role_arn for role in writers),
        analyst_role_arns=config.search.analyst_roles,
        index=INDEX,
        periods={name: dataset.period for name, dataset in config.datasets.items()},
        retention_days=_retention_by_home(config),
        shards=config.search.shards,
        replicas=config.search.replicas,
    )


def _retention_by_home(config: DeploymentConfig) -> dict[str, dict[str, int]]:
    """Ages per dataset, and those of the shared index where there is one."""
    homes = dict(config.datasets)
    if config.shared:
        homes[SHARED_HOME] = config.shared
    return {name: retention(dataset) for name, dataset in homes.items()}


def retention(dataset: Dataset) -> dict[str, int]:
    """Days after which each stage begins; 0 leaves it out."""
    return {
        "warm": dataset.warm_after_days,
        "cold": dataset.cold_after_days,
        "delete": dataset.delete_after_days,
    }


def _plain(options: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401  pydantic's read-only mappings
    return {name: dict(values) for name, values in options.items()}
