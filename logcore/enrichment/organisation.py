"""Names the account of a document: its name, its unit, its environment and its owner.

All of it comes from one snapshot of the organisation, a JSON object::

    {"version": 1, "taken_at": "2026-03-01T12:00:00.000Z", "organisation": "o-exampleorgid",
     "accounts": {"222222222222": {"name": "payments-production",
                                   "unit": {"id": "ou-ex4m-ple00001", "path": "Root/Payments"},
                                   "tags": {"environment": "production"}}}}
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

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


class Known(NamedTuple):
    """What is known of one account; ``None`` or empty where nothing is.

    Attributes:
        name: For ``cloud.account.name``.
        environment: For ``service.environment``, where the event names none itself.
        account: For ``aws.account``, without its unit.
        unit: For ``aws.account.unit``.
    """

    name: str | None
    environment: str | None
    account: dict[str, str]
    unit: dict[str, str]


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
        known = {name: _known(obj(found), keys, as_of) for name, found in accounts.items()}
        return cls(id=id_, taken_ms=taken_ms, accounts=known)


def _known(account: dict[str, Any], keys: TagKeys, as_of: str) -> Known:
    tags, unit = obj(account.get("tags")), obj(account.get("unit"))
    return Known(
        name=text(account.get("name")),
        environment=_first(tags, keys.environment),
        account=compact({"as_of": as_of, "owner": _first(tags, keys.owner)}),
        unit=compact({"id": text(unit.get("id")), "path": text(unit.get("path"))}),
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
        account = obj(obj(document.get("cloud")).get("account"))
        id_ = account.get("id")
        if not isinstance(id_, str):
            return False
        known = self.organisation.accounts.get(id_)
        if known is None:
            self.unknown.add(id_)
            return False
        _tell(document, account, known, self.organisation.id)
        return True

    def take_unknown(self) -> list[str]:
        """The unknown accounts since the last call, sorted."""
        taken, self.unknown = sorted(self.unknown), set()
        return taken


def _tell(document: Document, account: dict[str, Any], known: Known, organisation: str) -> None:
    """Written out, because it runs for every document: a general merge takes six times as long."""
    if known.name:
        account.setdefault("name", known.name)
    if known.environment:
        _put(document, "service", "environment", known.environment)
    _put(document, "organization", "id", organisation)
    told: dict[str, Any] = {**known.account}
    if known.unit:
        told["unit"] = {**known.unit}
    _put(document, "aws", "account", told)


def _put(document: Document, root: str, key: str, value: Any) -> None:  # noqa: ANN401  any JSON
    place = document.setdefault(root, {})
    if place.__class__ is dict:
        place.setdefault(key, value)
