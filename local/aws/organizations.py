# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""AWS Organizations with the accounts of the local cloud, as a delegated administrator sees it.

MiniStack gives each account an organisation of its own. Here every account of the organisation
sees the same accounts, in units and with tags; what one of them changes, the others do not see.

Reference: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html
"""

import json
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import organizations

from local.aws import patching
from local.aws.settings import CENTRAL_ACCOUNT, ORGANISATION_ID, Settings

ROOT_ID = "r-ex4m"
MANAGEMENT_ACCOUNT = CENTRAL_ACCOUNT  # the local cloud has no account beside its four

type Accounts = Mapping[str, Mapping[str, Any]]
"""As in ``Settings.organisation``."""


def apply(settings: Settings) -> None:
    """Let the accounts of the settings see one another."""
    patching.require(organizations, "_accounts", "_orgs", "_ous", "_roots", "_tags")
    if settings.organisation:
        accounts: Accounts = json.loads(settings.organisation)
        patching.wrap(organizations, "_ensure_org", lambda original: _with(original, accounts))


def _with(original: Any, accounts: Accounts) -> Any:  # noqa: ANN401  MiniStack is untyped
    def ensure() -> None:
        is_new = "self" not in organizations._orgs
        original()
        if is_new and get_account_id() in accounts:
            _found(accounts)

    return ensure


def _found(accounts: Accounts) -> None:
    """Put the organisation in the place of the one that was just made for the caller."""
    organizations._orgs["self"] |= {
        "Id": ORGANISATION_ID,
        "Arn": f"arn:aws:organizations::{MANAGEMENT_ACCOUNT}:organization/{ORGANISATION_ID}",
        "MasterAccountId": MANAGEMENT_ACCOUNT,
    }
    organizations._roots.clear()
    organizations._roots[ROOT_ID] = {
        "Id": ROOT_ID,
        "Arn": _arn("root", ROOT_ID),
        "Name": "Root",
        "PolicyTypes": [],
    }
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


def _unit(path: str) -> str:
    """The id of the unit at a path below the root; it and those above it are made if need be."""
    if not path:
        return ROOT_ID
    above, _, name = path.rpartition("/")
    id_ = f"ou-ex4m-{path.lower().replace('/', '')[:32]:0<8}"
    if id_ not in organizations._ous:
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
    return f"arn:aws:organizations::{MANAGEMENT_ACCOUNT}:{kind}/{ORGANISATION_ID}/{id_}"
