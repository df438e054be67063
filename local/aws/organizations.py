# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""AWS Organizations with the accounts of the local cloud: one organisation, which all of them see.

MiniStack gives each account an organisation of its own. Here whoever belongs to the organisation
is answered from that of the management account, so that a change by one is seen by all. What only
the management account may do on AWS is not refused to others. MiniStack has no delegated
administrators; ``delegation`` adds them.

Reference: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_introduction.html
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ministack.core.responses import (
    error_response_json,
    get_account_id,
    get_region,
    request_scope,
)
from ministack.services import organizations

from local.aws import patching, roles
from local.aws.settings import ORGANISATION_ID, Settings

ROOT_ID = "r-ex4m"

type Accounts = Mapping[str, Mapping[str, Any]]
"""As in ``Settings.organisation``."""

type Answer = Callable[[dict[str, Any]], Any]
"""An action of Organizations: takes the request, gives MiniStack's response tuple."""

_manager: list[str] = []
"""The management account, once the settings named an organisation."""


def apply(settings: Settings) -> None:
    """Let the accounts of the settings see one another."""
    patching.require(
        organizations, "_DISPATCH", "_accounts", "_orgs", "_ous", "_roots", "_tags", "_json"
    )
    patching.require(organizations, "FULL_ACCESS_POLICY_ID", "_attachments")
    if not settings.in_organisation:
        for action in organizations._DISPATCH:
            patching.wrap_entry(organizations, "_DISPATCH", action, _not_in_use)
    if not settings.organisation:
        return
    accounts: Accounts = json.loads(settings.organisation)
    _manager[:] = [settings.management_account]
    roles.admit(settings.management_account, *accounts)
    patching.wrap(organizations, "_ensure_org", lambda original: _with(original, accounts))
    for action in organizations._DISPATCH:
        patching.wrap_entry(organizations, "_DISPATCH", action, _as_one)
    patching.wrap_entry(organizations, "_DISPATCH", "CreateAccount", _admitting)


def management_account() -> str:
    """The account that manages the organisation; empty when the settings named none."""
    return _manager[0] if _manager else ""


def belongs(account: str) -> bool:
    """Whether an account is in the organisation."""
    return bool(_manager) and roles.organisation_of(account) is not None


def units_above(place: str) -> list[str]:
    """Ids of the units that an account or unit is in, the nearest first, the root last."""
    with request_scope(management_account(), get_region()):
        organizations._ensure_org()
        found = []
        known = organizations._accounts.get(place) or organizations._ous.get(place)
        while known:
            found.append(known["_ParentId"])
            known = organizations._ous.get(known["_ParentId"])
        return found


def accounts_below(units: Iterable[str]) -> list[str]:
    """Accounts in these units and in the units below them, sorted."""
    wanted = set(units)
    with request_scope(management_account(), get_region()):
        organizations._ensure_org()
        known = list(organizations._accounts)
    return sorted(account for account in known if wanted & set(units_above(account)))


def _not_in_use(_original: Answer) -> Answer:
    """Refuse as AWS does where an account is in no organisation.

    Reference: https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html
    """
    return lambda _request: error_response_json(
        "AWSOrganizationsNotInUseException",
        "Your account is not a member of an organization.",
        400,
    )


def _as_one(original: Answer) -> Answer:
    """Answer whoever belongs to the organisation from that of the management account."""

    def answer(request: dict[str, Any]) -> Any:  # noqa: ANN401  MiniStack's response tuple
        if not belongs(get_account_id()):
            return original(request)
        with request_scope(management_account(), get_region()):
            return original(request)

    return answer


def _admitting(original: Answer) -> Answer:
    def create(request: dict[str, Any]) -> Any:  # noqa: ANN401  MiniStack's response tuple
        response = original(request)
        if belongs(get_account_id()) and response[0] == 200:  # noqa: PLR2004  HTTP: OK
            roles.admit(json.loads(response[2])["CreateAccountStatus"]["AccountId"])
        return response

    return create


def _with(original: Any, accounts: Accounts) -> Any:  # noqa: ANN401  MiniStack is untyped
    def ensure() -> None:
        is_new = "self" not in organizations._orgs
        original()
        if is_new and get_account_id() == management_account():
            _found(accounts)

    return ensure


def _found(accounts: Accounts) -> None:
    """Put the organisation in the place of the one that was just made for the caller."""
    organizations._orgs["self"] |= {
        "Id": ORGANISATION_ID,
        "Arn": f"arn:aws:organizations::{management_account()}:organization/{ORGANISATION_ID}",
        "MasterAccountId": management_account(),
    }
    organizations._roots.clear()
    organizations._roots[ROOT_ID] = {
        "Id": ROOT_ID,
        "Arn": _arn("root", ROOT_ID),
        "Name": "Root",
        "PolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}],
    }
    organizations._accounts[management_account()]["_ParentId"] = ROOT_ID
    for account, known in accounts.items():
        organizations._accounts[account] = {
            "Id": account,
            "Arn": _arn("account", account),
            "Email": f"{known['name']}@example.com",
            "Name": known["name"],
            "Status": "ACTIVE",
            "JoinedMethod": "CREATED",
            "JoinedTimestamp": 1_735_689_600,  # 2025-01-01
            "Path": f"/{known['unit']}/",
            "_ParentId": _unit(known["unit"]),
        }
        organizations._tags[account] = dict(known["tags"])
    everything = [*organizations._roots, *organizations._ous, *organizations._accounts]
    organizations._attachments[organizations.FULL_ACCESS_POLICY_ID] = everything


def unit_id(path: str) -> str:
    """The id of the unit at a path below the root, such as ``Workloads/Production``."""
    return f"ou-ex4m-{path.lower().replace('/', '')[:32]:0<8}" if path else ROOT_ID


def _unit(path: str) -> str:
    """The id of the unit at a path below the root; it and those above it are made if need be."""
    id_ = unit_id(path)
    above, _, name = path.rpartition("/")
    if path and id_ not in organizations._ous:
        parent = _unit(above)
        organizations._ous[id_] = {
            "Id": id_,
            "Arn": _arn("ou", id_),
            "Name": name,
            "Path": f"/{path}/",
            "_ParentId": parent,
        }
    return id_


def _arn(kind: str, id_: str) -> str:
    return f"arn:aws:organizations::{management_account()}:{kind}/{ORGANISATION_ID}/{id_}"
