"""What a deployment without an organisation cannot have, and what it need not say.

References:
    - https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-enable-trusted-access.html
"""

from collections.abc import Iterator
from typing import Any

from infra.config.enrichment import Enrichment
from infra.config.members import Members
from infra.config.organisation_sources import OrganisationSources
from infra.config.self_service import SelfService


def without_names(given: dict[str, Any]) -> dict[str, Any]:
    """What the file holds, with account names switched off where it does not speak of them.

    AWS Organizations knows the names, units and tags of accounts, and nobody else does.
    """
    enrichment = given.get("enrichment", {})
    section = enrichment.get("organisation", {}) if isinstance(enrichment, dict) else None
    if not isinstance(section, dict):
        return given  # which is refused as what it is
    return {**given, "enrichment": {**enrichment, "organisation": {"enabled": False, **section}}}


def check_without_organisation(
    members: Members,
    self_service: SelfService,
    sources: OrganisationSources,
    enrichment: Enrichment,
) -> None:
    """Check that nothing is asked for that only an organisation gives.

    Raises:
        ValueError: something is; all of it is named.
    """
    found = [*_of_members(members), *_of_others(self_service, sources, enrichment)]
    if found:
        raise ValueError(
            f"{'; '.join(found)}: expected organisation = 'o-…' for "
            f"{'it' if len(found) == 1 else 'each of them'}, found none, and so accounts that "
            "are listed under members.accounts and nothing of AWS Organizations"
        )


def _of_members(members: Members) -> Iterator[str]:
    if members.units:
        yield f"members.units {members.units[0]}"
    if members.mode == "centralise":
        yield "members.mode 'centralise'"
    elif members.parallel:
        yield "members.parallel = true"


def _of_others(
    self_service: SelfService, sources: OrganisationSources, enrichment: Enrichment
) -> Iterator[str]:
    if self_service.units:
        yield f"self_service.units {self_service.units[0]}"
    if sources != OrganisationSources():
        yield f"organisation_sources ({', '.join(sorted(sources.model_fields_set))})"
    if enrichment.organisation.enabled:
        yield "enrichment.organisation.enabled = true"
