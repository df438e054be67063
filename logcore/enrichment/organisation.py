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

from logcore.enrichment.document import fill
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


type Known = dict[str, Any]
"""What is known of one account, in the shape of the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One snapshot, read.

    Attributes:
        taken_ms: When it was taken, in milliseconds since the epoch.
        accounts: By account id.
    """

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
        known = {name: _known(obj(found), keys, id_, as_of) for name, found in accounts.items()}
        return cls(taken_ms=taken_ms, accounts=known)


def _known(account: dict[str, Any], keys: TagKeys, organisation: str, as_of: str) -> Known:
    tags, unit = obj(account.get("tags")), obj(account.get("unit"))
    return compact(
        {
            "cloud": {"account": {"name": text(account.get("name"))}},
            "organization": {"id": organisation},
            "service": {"environment": _first(tags, keys.environment)},
            "aws": {
                "account": {
                    "as_of": as_of,
                    "owner": _first(tags, keys.owner),
                    "unit": {"id": text(unit.get("id")), "path": text(unit.get("path"))},
                }
            },
        }
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
        if self.organisation is None:
            return False
        cloud = document.get("cloud")
        account = cloud.get("account") if cloud.__class__ is dict else None
        id_ = account.get("id") if account.__class__ is dict else None
        known = self.organisation.accounts.get(id_) if id_.__class__ is str else None
        if known is None:
            if id_.__class__ is str:
                self.unknown.add(id_)
            return False
        return fill(document, known)

    def take_unknown(self) -> list[str]:
        """The unknown accounts since the last call, sorted."""
        taken, self.unknown = sorted(self.unknown), set()
        return taken
