"""Where units and accounts are in their organisation.

Whoever administers a service for the organisation may ask.

References:
    - https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListParents.html
    - https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccountsForParent.html
"""

from collections.abc import Iterator
from typing import Any, Final

from ops.view import View

READS: Final = (
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListParents",
)

NOWHERE: Final = frozenset(
    {
        "AccountNotFoundException",
        "ChildNotFoundException",
        "OrganizationalUnitNotFoundException",
        "ParentNotFoundException",
    }
)
"""Codes by which Organizations says that it knows no such account or unit."""

type Way = tuple[str, ...]
"""Ids from the root to a unit or account, itself among them."""


def way_to(view: View, target: str) -> Way:
    """The way from the root to a unit or account.

    Raises:
        ClientError: there is none; the code is one of ``NOWHERE``.
    """
    way = [target]
    while not way[-1].startswith("r-"):
        listed = pages(view, "list_parents", ChildId=way[-1])
        way += [parent["Id"] for page in listed for parent in page["Parents"]]
    return tuple(reversed(way))


def accounts_below(view: View, unit: str) -> tuple[Way, ...]:
    """The way to each account in a unit and in those below it; asked for once.

    Raises:
        ClientError: as ``way_to``.
    """
    return view.once(f"accounts below {unit}", lambda: tuple(_below(view, way_to(view, unit))))


def pages(view: View, operation: str, **asked: str) -> Iterator[dict[str, Any]]:
    """What Organizations lists, page by page."""
    yield from view.client("organizations").get_paginator(operation).paginate(**asked)


def _below(view: View, way: Way) -> Iterator[Way]:
    for page in pages(view, "list_accounts_for_parent", ParentId=way[-1]):
        for account in page["Accounts"]:
            yield (*way, account["Id"])
    for page in pages(view, "list_organizational_units_for_parent", ParentId=way[-1]):
        for unit in page["OrganizationalUnits"]:
            yield from _below(view, (*way, unit["Id"]))
