"""What the organisation's sources are told, made from what a deployment chose."""

from collections.abc import Sequence
from typing import Any

from infra.config import DeploymentConfig
from infra.config.organisation_sources import Feature, GuardDuty, OrganisationSources, Trail
from infra.names import trail_arn
from infra.resource_policies import partition

FEATURES: tuple[Feature, ...] = (
    *("S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION"),
    *("RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS", "RUNTIME_MONITORING"),
)
"""Every protection plan is spoken of: GuardDuty switches on what a new detector is not told of."""


def own_trail(config: DeploymentConfig) -> str | None:
    """The ARN of the trail that the deployment makes, if it makes one."""
    sources = config.organisation_sources
    if not sources.trail.is_made or not sources.management_account:
        return None
    region = config.central.region
    return trail_arn(partition(region), region, sources.management_account)


def guardduty_choices(chosen: GuardDuty, region: str) -> dict[str, Any]:
    """For ``lambdas.enrol_organisation.guardduty``, in one region."""
    absent = chosen.unavailable.get(region, ())
    return {
        "members": chosen.members,
        "features": {
            name: chosen.features.get(name, "NONE") for name in FEATURES if name not in absent
        },
        "agents": list(chosen.agents),
        "frequency": chosen.publishing_frequency,
    }


def inspector_choices(sources: OrganisationSources) -> dict[str, Any]:
    """For ``lambdas.enrol_organisation.inspector``."""
    chosen = sources.inspector
    return {"scans": list(chosen.scans), "existing_members": chosen.existing_members}


def event_selectors(trail: Trail, left_out: Sequence[str]) -> list[dict[str, Any]]:
    """Management events, and data events of the chosen kinds but for the pipeline's own.

    A pipeline whose writing is logged would write about its writing, without end.

    Reference: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html

    Args:
        trail: What was chosen.
        left_out: How the ARNs of the pipeline's own resources, and of buckets it reads, begin.
    """
    busy = {"Field": "eventSource", "NotEquals": list(trail.excluded_sources)}
    management = [_is("eventCategory", "Management"), *([busy] if trail.excluded_sources else [])]
    selectors = [{"Name": "Management events", "FieldSelectors": management}]
    for kind in trail.data_events:
        fields = [
            _is("eventCategory", "Data"),
            _is("resources.type", kind),
            {"Field": "resources.ARN", "NotStartsWith": list(left_out)},
        ]
        selectors.append({"Name": f"Data events of {kind}", "FieldSelectors": fields})
    return selectors


def _is(field: str, value: str) -> dict[str, Any]:
    return {"Field": field, "Equals": [value]}
