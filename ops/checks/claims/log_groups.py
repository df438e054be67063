"""The log groups of the deployment's own functions, deliveries and domain."""

from collections.abc import Iterator, Mapping

from infra.config import DeploymentConfig
from infra.names import CENTRAL_LOGS, function_log_group
from ops.checks.claims.claim import Claim
from ops.checks.claims.domains import made_domains
from ops.checks.claims.kinds import log_group

PIPELINE = ("archive", "delivery", "normalise", "search_setup", "search_setup_provider")


def log_group_claims(config: DeploymentConfig) -> Iterator[tuple[str, Claim]]:
    """Each by the last part of its name."""
    places = [(stack, config.central.region, names) for stack, names in _central(config).items()]
    if config.self_service.units and config.self_service.rules.enabled:
        checks = ((f"log-group-check-{region}", region) for region in config.regions)
        places += [(*check, ["check_log_groups"]) for check in checks]
    for stack, region, names in places:
        for name in names:
            yield f"log group {name}", Claim(log_group(function_log_group(name), stack), region)


def _central(config: DeploymentConfig) -> Mapping[str, list[str]]:
    """Names by stack, in the central region."""
    optional = {
        "read_objects": bool(config.log_buckets),
        "snapshot_organisation": config.enrichment.organisation.enabled,
    }
    sources = config.organisation_sources.makes_something
    return {
        "network": list(_network(config)),
        "search": list(_search(config)),
        "pipeline": [*PIPELINE, *(name for name, is_on in optional.items() if is_on)],
        "sources": ["enrol_organisation", "enrol_organisation_provider"] if sources else [],
    }


def _network(config: DeploymentConfig) -> Iterator[str]:
    """Of the VPC where it is made, and of the function where security groups are."""
    network = config.network
    if network and not network.existing and network.flow_logs:
        yield "network"
    if (
        network
        and network.endpoints
        and not (network.existing and network.existing.security_groups)
    ):
        yield from ("prepare_network", "prepare_network_provider")


def _search(config: DeploymentConfig) -> Iterator[str]:
    """The slow logs of each domain that is made."""
    for domain in made_domains(config):
        suffix = domain.removeprefix(CENTRAL_LOGS)
        yield from (f"search-slow-index{suffix}", f"search-slow-search{suffix}")
