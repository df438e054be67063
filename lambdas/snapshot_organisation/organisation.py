"""Reads accounts, units and tags from AWS Organizations.

All of these operations may be called by the management account and by a member account that is a
delegated administrator of any service; ``DescribeOrganization`` by everybody.

Reference: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

from botocore.exceptions import ClientError

LEFT = "TargetNotFoundException"  # the account was closed for good since it was listed


class Organizations(Protocol):
    """What is used of boto3's client."""

    def describe_organization(self) -> Any:  # noqa: ANN401  the API's answer
        """``{"Organization": {"Id": ...}}``."""
        ...

    def get_paginator(self, operation_name: str, /) -> Any:  # noqa: ANN401  boto3's paginator
        """Reads an operation page by page."""
        ...


class Unit(NamedTuple):
    """Where an account is.

    Attributes:
        id: Of the organisational unit, or of the root.
        path: Names from the root to it, such as ``Root/Workloads/Production``.
    """

    id: str
    path: str


def read_accounts(client: Organizations) -> dict[str, dict[str, Any]]:
    """Every account by its id: ``{"name": ..., "unit": {"id", "path"}, "tags": {...}}``.

    Two requests for each unit and one for each account. An account that is moved meanwhile may be
    met nowhere; it is there then without a unit.

    Raises:
        ClientError: the account may not read the organisation, or was throttled to the end.
    """
    units = dict(_units_by_account(client))
    return {
        account["Id"]: {
            "name": account["Name"],
            "unit": units[account["Id"]]._asdict() if account["Id"] in units else {},
            "tags": _tags(client, account["Id"]),
        }
        for account in _pages(client, "list_accounts", "Accounts")
    }


def _units_by_account(client: Organizations) -> Iterator[tuple[str, Unit]]:
    for root in _pages(client, "list_roots", "Roots"):
        yield from _below(client, Unit(root["Id"], root["Name"]))


def _below(client: Organizations, unit: Unit) -> Iterator[tuple[str, Unit]]:
    """The accounts in a unit and in those below it; Organizations nests them five deep."""
    for account in _pages(client, "list_accounts_for_parent", "Accounts", ParentId=unit.id):
        yield account["Id"], unit
    inner = "list_organizational_units_for_parent"
    for found in _pages(client, inner, "OrganizationalUnits", ParentId=unit.id):
        yield from _below(client, Unit(found["Id"], f"{unit.path}/{found['Name']}"))


def _tags(client: Organizations, account: str) -> dict[str, str]:
    try:
        tags = list(_pages(client, "list_tags_for_resource", "Tags", ResourceId=account))
    except ClientError as error:
        if error.response["Error"]["Code"] != LEFT:
            raise
        return {}
    return {tag["Key"]: tag["Value"] for tag in tags}


def _pages(client: Organizations, operation: str, result: str, **asked: str) -> Iterator[Any]:
    for page in client.get_paginator(operation).paginate(**asked):
        yield from page[result]
