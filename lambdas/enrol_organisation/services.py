"""Which service is switched on how: a table."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from lambdas.enrol_organisation import guardduty, inspector, security_hub, telemetry, trail
from lambdas.enrol_organisation.request import Clients, Request
from lambdas.enrol_organisation.settings import Settings

ACTIVE = "ACTIVE"


class Work(NamedTuple):
    """What a service works with.

    Attributes:
        request: What is asked.
        clients: AWS.
        settings: Of the function.
    """

    request: Request
    clients: Clients
    settings: Settings

    def client(self, service: str) -> Any:  # noqa: ANN401  a boto3 client
        """The service's client in the request's region."""
        return self.clients(service, self.request.region)


class Service(NamedTuple):
    """How a service is switched on, and off; both say in words what they did.

    Attributes:
        enrol: Creates and updates; the same again changes nothing.
        leave: Switches off what can be without a loss; what is gone already is no error.
    """

    enrol: Callable[[Work], str]
    leave: Callable[[Work], str]


def _accounts(work: Work) -> list[str]:
    """The organisation's active accounts, the central one first.

    Reference: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
    """
    own = work.settings.account
    return [own, *(account for account in _active(work) if account != own)]


def _active(work: Work) -> Iterator[str]:
    pages = work.client("organizations").get_paginator("list_accounts").paginate()
    accounts = (account for page in pages for account in page["Accounts"])
    yield from (a["Id"] for a in accounts if a.get("State", a.get("Status")) == ACTIVE)


def _enrol_inspector(work: Work) -> str:
    return inspector.enrol(work.client("inspector2"), _accounts(work), work.request.choices)


SERVICES: Final[Mapping[str, Service]] = {
    "guardduty": Service(
        lambda work: guardduty.enrol(work.client("guardduty"), work.request.choices),
        lambda work: guardduty.leave(work.client("guardduty"), work.request.choices),
    ),
    "inspector": Service(_enrol_inspector, lambda work: inspector.leave(work.client("inspector2"))),
    "security_hub": Service(
        lambda work: security_hub.enrol(work.client("securityhub"), work.request.choices),
        lambda _work: security_hub.leave(),
    ),
    "telemetry": Service(
        lambda work: telemetry.enrol(work.client("observabilityadmin"), work.request.choices),
        lambda work: telemetry.leave(work.client("observabilityadmin")),
    ),
    "trail": Service(
        lambda work: trail.enrol(work.client("cloudtrail"), work.request.choices),
        lambda work: trail.leave(work.client("cloudtrail"), work.request.choices),
    ),
}
"""By the key that the custom resource names."""
