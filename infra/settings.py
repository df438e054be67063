"""What each function is told, made from what a deployment chose."""

import json
from typing import Any, Final

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from infra.config import DeploymentConfig
from infra.config.datasets import Dataset
from infra.constructs.access.directory_roles import DirectoryRoles
from infra.constructs.members.door import destination_arn
from infra.constructs.search.domain import Domain
from infra.constructs.self_service.log_group_remediation import OWN_LOGS
from infra.enrichment import enrichers, located_objects
from infra.names import (
    FUNCTION_LOGS,
    INDEX,
    ORGANISATION_KEY,
    READ_LOG_GROUPS_ROLE,
    REJECT_PREFIX,
)
from infra.people import People
from lambdas.check_log_groups.settings import Settings as CheckSettings
from lambdas.enrol_organisation.settings import Settings as EnrolmentSettings
from lambdas.normalise.settings import Settings as NormaliseSettings
from lambdas.read_objects.settings import Settings as ReadObjectsSettings
from lambdas.search_setup.settings import Settings as SearchSetupSettings
from lambdas.snapshot_organisation.settings import Settings as SnapshotSettings
from logcore.source import SHARED_HOME

RULES_FILE: Final = "rules.json"
"""Where a function finds its rules: in its bundle, where they change together with the code."""

LONGEST_RESERVE_SECONDS = 60
"""For the part of an object that is under way when time gets short: a delivery with its retries."""


def normalising_files(config: DeploymentConfig) -> dict[str, str]:
    """Further files of the functions that normalise."""
    rules = config.rules
    return {RULES_FILE: json.dumps(rules, indent=1)} if rules else {}


def normalise_settings(
    config: DeploymentConfig, delivery_stream: str, domain: Domain, bucket: s3.IBucket
) -> NormaliseSettings:
    """Settings of the normalise function."""
    return NormaliseSettings(
        **_delivery(config, delivery_stream, domain, bucket),
        copies_account=config.central.account if config.members.centralises else "",
        copies_parallel=config.members.parallel,
    )


def snapshot_settings(config: DeploymentConfig, bucket: s3.IBucket) -> SnapshotSettings:
    """Settings of the snapshot function."""
    return SnapshotSettings(
        organisation=config.the_organisation, bucket=bucket.bucket_name, key=ORGANISATION_KEY
    )


def check_settings(config: DeploymentConfig, region: str, partition: str) -> CheckSettings:
    """Settings of the check_log_groups function of a region."""
    return CheckSettings(
        door_arn=destination_arn(config.central.account, region, partition),
        reader_role=READ_LOG_GROUPS_ROLE,
        excluded=(OWN_LOGS, *config.self_service.rules.excluded),
    )


def enrolment_settings(config: DeploymentConfig) -> EnrolmentSettings:
    """Settings of the enrolment function."""
    return EnrolmentSettings(
        account=config.central.account, when_removed=config.organisation_sources.when_removed
    )


def read_objects_settings(
    config: DeploymentConfig,
    delivery_stream: str,
    domain: Domain,
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
    config: DeploymentConfig, delivery_stream: str, domain: Domain, bucket: s3.IBucket
) -> dict[str, Any]:
    """What every function that normalises is told."""
    enrichment = config.enrichment
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
        "rules_file": RULES_FILE if config.rules else "",
        "redaction_key": config.redaction.key_secret if config.rules else "",
        "account": config.central.account,
        "own_logs": FUNCTION_LOGS,
        "enrichers": enrichers(enrichment),
        "enrichment_objects": {
            name: [located.uri for located in objects]
            for name, objects in located_objects(enrichment, bucket).items()
        },
        "environment_tags": enrichment.organisation.environment_tags,
        "owner_tags": enrichment.organisation.owner_tags,
        "refresh_seconds": enrichment.refresh_minutes * 60,
        "stale_after_seconds": enrichment.organisation.stale_after_hours * 3_600,
    }


def search_setup_settings(
    config: DeploymentConfig,
    domain: Domain,
    *,
    writers: tuple[iam.IRole, ...],
    people: People,
    directory: DirectoryRoles | None,
) -> SearchSetupSettings:
    """Settings of the search setup function."""
    return SearchSetupSettings(
        endpoint=domain.endpoint,
        master_role_arn=domain.master.role_arn,
        setup_role_arn=domain.setup_role_arn,
        writer_role_arns=tuple(role.role_arn for role in writers),
        analysts=people.analysts,
        authors=people.authors,
        break_glass=people.break_glass,
        identity_pool=directory.identity_pool if directory else "",
        guest_role_arn=directory.guest.role_arn if directory else "",
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
