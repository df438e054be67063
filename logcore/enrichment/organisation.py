"""Names the account of a document: its name, its unit, its environment and its owner.

All of it comes from one snapshot of the organisation, a JSON object::

    {"version": 1, "taken_at": "2026-03-01T12:00:00.000Z", "organisation": "o-exampleorgid",
     "accounts": {"222222222222": {"name": "payments-production",
                                   "unit": {"id": "ou-ex4m-ple00001", "path": "Root/Payments"},
                                   "tags": {"environment": "production"}}}}
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from logcore.enrichment.document import at, fill
from logcore.errors import ReferenceDataError
from logcore.record import Document, Origin
from logcore.shape import compact, milliseconds, obj, text, utc

VERSION = 1
"""Of the snapshot's shape; a reader refuses any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagKeys:
    """Which tags of an account say what; the first that the account has counts.

    Attributes:
        environment: Tag keys that mean the environment, such as ``environment``.
        owner: Tag keys that mean who answers for the account.
    """

    environment: Sequence[str] = ()
    owner: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one account, in the shape of the document's parts.

    Attributes:
        name: For ``cloud.account``.
        account: For ``aws.account``.
        environment: For ``service``, where the event names none itself.
    """

    name: dict[str, Any]
    account: dict[str, Any]
    environment: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One snapshot, read.

    Attributes:
        id: Such as ``o-exampleorgid``.
        taken_ms: When it was taken, in milliseconds since the epoch.
        accounts: By account id.
    """

    id: str
    taken_ms: int
    accounts: Mapping[str, Known]

    @classmethod
    def read(cls, snapshot: Any, keys: TagKeys) -> "Organisation":  # noqa: ANN401  any JSON
        """Read a snapshot; an account that cannot be understood is left out and so unknown.

        Raises:
            ReferenceDataError: it is no snapshot of this version, or has no time or no accounts.
        """
        whole = obj(snapshot)
        taken_ms = milliseconds(whole.get("taken_at"))
        accounts, id_ = obj(whole.get("accounts")), text(whole.get("organisation"))
        if whole.get("version") != VERSION or taken_ms is None or not accounts or not id_:
            found = f"version {whole.get('version')!r}, taken_at {whole.get('taken_at')!r}"
            raise ReferenceDataError(
                "no_snapshot", f"expected version {VERSION} with a time and accounts, found {found}"
            )
        as_of = utc(taken_ms)
        known = {name: _known(obj(account), keys, as_of) for name, account in accounts.items()}
        return cls(id=id_, taken_ms=taken_ms, accounts=known)


def _known(account: dict[str, Any], keys: TagKeys, as_of: str) -> Known:
    tags, unit = obj(account.get("tags")), obj(account.get("unit"))
    return Known(
        compact({"name": text(account.get("name"))}),
        compact(
            {
                "as_of": as_of,
                "owner": _first(tags, keys.owner),
                "unit": {"id": text(unit.get("id")), "path": text(unit.get("path"))},
            }
        ),
        compact({"environment": _first(tags, keys.environment)}),
    )


def _first(tags: dict[str, Any], keys: Iterable[str]) -> str | None:
    return next((value for key in keys if (value := text(tags.get(key)))), None)


class NameAccounts:
    """Adds what the organisation knows of ``cloud.account.id``; without a snapshot, nothing.

    Attributes:
        organisation: The snapshot in use; whoever brings a newer one puts it here.
        unknown: Accounts that it does not have, since they were last taken.
    """

    def __init__(self) -> None:
        self.organisation: Organisation | None = None
        self.unknown: set[str] = set()

    def __call__(self, document: Document, _origin: Origin) -> bool:
        """Name the account of one document; what the source said stays."""
        id_ = at(document, "cloud", "account", "id")
        if self.organisation is None or not isinstance(id_, str):
            return False
        known = self.organisation.accounts.get(id_)
        if known is None:
            self.unknown.add(id_)
            return False
        fill(document, known.name, "cloud", "account")
        fill(document, known.account, "aws", "account")
        fill(document, known.environment, "service")
        fill(document, {"id": self.organisation.id}, "organization")
        return True

    def take_unknown(self) -> list[str]:
        """The unknown accounts since the last call, sorted."""
        taken, self.unknown = sorted(self.unknown), set()
        return taken
