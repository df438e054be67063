"""What only the management account can do for the organisation's sources, as commands.

``ops.preflight`` prints those that are missing, ``infra.management_template`` all of them.

Reference: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

from infra.config import DeploymentConfig
from infra.config.organisation_sources import Service

type Reach = Literal["organisation", "region"]
"""Whether an administrator is one everywhere, or is made one region by region."""


class Delegation(NamedTuple):
    """How a service is handed to the central account.

    Attributes:
        principals: Who gets trusted access; the first is the service itself.
        reach: Where one command holds.
        command: Makes ``{account}`` the administrator, in ``{region}`` where that matters.
        reference: AWS's page for it.
    """

    principals: tuple[str, ...]
    reach: Reach
    command: str
    reference: str


_REGISTER: Final = (
    "aws organizations register-delegated-administrator --account-id {account} --service-principal "
)

DELEGATIONS: Final[Mapping[Service, Delegation]] = {
    "trail": Delegation(
        ("cloudtrail.amazonaws.com",),
        "organisation",
        "aws cloudtrail register-organization-delegated-admin --member-account-id {account}",
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html",
    ),
    "guardduty": Delegation(
        ("guardduty.amazonaws.com", "malware-protection.guardduty.amazonaws.com"),
        "region",
        "aws guardduty enable-organization-admin-account --admin-account-id {account} "
        "--region {region}",
        "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_organizations.html",
    ),
    "security_hub": Delegation(
        ("securityhub.amazonaws.com",),
        "organisation",
        "aws securityhub enable-organization-admin-account --admin-account-id {account} "
        "--region {region}",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/designate-orgs-admin-account.html",
    ),
    "inspector": Delegation(
        ("inspector2.amazonaws.com",),
        "region",
        "aws inspector2 enable-delegated-admin-account --delegated-admin-account-id {account} "
        "--region {region}",
        "https://docs.aws.amazon.com/inspector/latest/user/designating-admin.html",
    ),
    "config": Delegation(
        ("config.amazonaws.com",),
        "organisation",
        f"{_REGISTER}config.amazonaws.com",
        "https://docs.aws.amazon.com/config/latest/developerguide/set-up-aggregator-cli.html",
    ),
    "telemetry": Delegation(
        ("observabilityadmin.amazonaws.com",),
        "organisation",
        f"{_REGISTER}observabilityadmin.amazonaws.com",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/telemetry-config-turn-on.html",
    ),
}
"""By switch of ``[organisation_sources]``. Security Hub's administrator of the home region is that
of the regions that are linked to it."""


class Place(NamedTuple):
    """A service where it is handed over.

    Attributes:
        service: By its switch.
        region: The central region for a service that is handed over once.
    """

    service: Service
    region: str


def places(config: DeploymentConfig) -> Iterator[Place]:
    """Every service that is on, in every region in which it is handed over."""
    sources = config.organisation_sources
    for service in sources.on:
        if service == "trail" and not sources.trail.is_made:
            continue
        once = DELEGATIONS[service].reach == "organisation"
        regions = (config.central.region,) if once else config.regions
        yield from (Place(service, region) for region in regions)


def hand_over(place: Place, account: str) -> str:
    """The command that makes an account the administrator there."""
    return DELEGATIONS[place.service].command.format(account=account, region=place.region)


def trust(service: Service) -> Iterator[str]:
    """The commands that let a service act in the organisation."""
    enable = "aws organizations enable-aws-service-access --service-principal"
    yield from (f"{enable} {principal}" for principal in DELEGATIONS[service].principals)


def commands(
    config: DeploymentConfig, *, wanted: Callable[[Place], bool] = lambda _place: True
) -> Iterator[str]:
    """Everything that the management account does, in order; each may be repeated.

    Args:
        config: What the deployment chose.
        wanted: Which hand-overs; all of them by default.
    """
    found = tuple(places(config))
    for service in dict.fromkeys(place.service for place in found):
        yield from trust(service)
    for place in found:
        if wanted(place):
            yield hand_over(place, config.central.account)
