"""What a document is told about its account, and by whom."""

from typing import Any

import pytest

from logcore.enrichment.organisation import NameAccounts, Organisation, TagKeys
from logcore.errors import ReferenceDataError
from logcore.record import Document, Origin

ORIGIN = Origin(transport="cloudwatch_logs", account="222222222222")
KEYS = TagKeys(environment=("environment", "env"), owner=("owner",))
PAYMENTS = {
    "name": "payments-production",
    "unit": {"id": "ou-ex4m-ple00001", "path": "Root/Payments"},
    "tags": {"env": "production", "owner": "payments-team", "cost": "4711"},
}


def snapshot(**accounts: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "taken_at": "2026-03-01T12:00:00Z",
        "organisation": "o-exampleorgid",
        "accounts": {name.removeprefix("a"): account for name, account in accounts.items()},
    }


def named(document: Document, **accounts: Any) -> Document:
    enrich = NameAccounts()
    enrich.organisation = Organisation.read(snapshot(**accounts), KEYS)
    enrich(document, ORIGIN)
    return document


def happened_in(account: str) -> Document:
    return {"cloud": {"account": {"id": account}}}


def test_an_account_is_shown_with_its_name_unit_environment_and_owner() -> None:
    assert named(happened_in("222222222222"), a222222222222=PAYMENTS) == {
        "cloud": {"account": {"id": "222222222222", "name": "payments-production"}},
        "organization": {"id": "o-exampleorgid"},
        "service": {"environment": "production"},
        "aws": {
            "account": {
                "as_of": "2026-03-01T12:00:00.000Z",
                "owner": "payments-team",
                "unit": {"id": "ou-ex4m-ple00001", "path": "Root/Payments"},
            }
        },
    }


def test_what_the_event_says_of_its_own_environment_is_kept() -> None:
    document = {**happened_in("222222222222"), "service": {"environment": "staging"}}

    found = named(document, a222222222222=PAYMENTS)

    assert found["service"] == {"environment": "staging"}


def test_of_several_tags_that_mean_the_same_the_first_in_the_configuration_counts() -> None:
    tags = {"env": "prod", "environment": "production"}

    found = named(happened_in("222222222222"), a222222222222={"tags": tags})

    assert found["service"] == {"environment": "production"}


def test_an_account_that_moved_is_shown_with_its_new_unit_from_the_next_snapshot_on() -> None:
    enrich = NameAccounts()
    shown = []
    for path in ("Root/Sandbox", "Root/Payments"):
        moved = PAYMENTS | {"unit": {"id": "ou-1", "path": path}}
        enrich.organisation = Organisation.read(snapshot(a222222222222=moved), KEYS)
        document = happened_in("222222222222")
        enrich(document, ORIGIN)
        shown.append(document["aws"]["account"]["unit"]["path"])

    assert shown == ["Root/Sandbox", "Root/Payments"]


def test_an_unknown_account_is_remembered_once_and_its_document_left_as_it_is() -> None:
    enrich = NameAccounts()
    enrich.organisation = Organisation.read(snapshot(a222222222222=PAYMENTS), KEYS)
    document = happened_in("999999999999")

    assert [enrich(document, ORIGIN), enrich(document, ORIGIN)] == [False, False]
    assert document == happened_in("999999999999")
    assert enrich.take_unknown() == ["999999999999"]
    assert enrich.take_unknown() == []


def test_what_is_added_to_one_document_is_its_own() -> None:
    enrich = NameAccounts()
    enrich.organisation = Organisation.read(snapshot(a222222222222=PAYMENTS), KEYS)
    first, second = happened_in("222222222222"), happened_in("222222222222")
    enrich(first, ORIGIN)
    first["aws"]["account"]["unit"]["path"] = "changed"

    enrich(second, ORIGIN)

    assert second["aws"]["account"]["unit"]["path"] == "Root/Payments"


def test_without_a_snapshot_no_account_is_unknown() -> None:
    enrich = NameAccounts()

    assert enrich(happened_in("222222222222"), ORIGIN) is False
    assert enrich.take_unknown() == []


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {},
        snapshot(),
        snapshot(a1=PAYMENTS) | {"version": 2},
        snapshot(a1=PAYMENTS) | {"taken_at": "yesterday"},
        snapshot(a1=PAYMENTS) | {"organisation": None},
        snapshot(a1=PAYMENTS) | {"accounts": ["222222222222"]},
    ],
)
def test_what_is_no_snapshot_of_this_version_is_refused(broken: Any) -> None:
    with pytest.raises(ReferenceDataError, match="no_snapshot"):
        Organisation.read(broken, KEYS)


def test_a_part_of_an_account_that_makes_no_sense_costs_only_itself() -> None:
    odd = {"name": 7, "unit": "Payments", "tags": {"env": ["production"], "owner": "payments-team"}}

    found = named(happened_in("222222222222"), a222222222222=odd)

    assert found["cloud"] == {"account": {"id": "222222222222"}}
    assert "service" not in found
    assert found["aws"]["account"] == {
        "as_of": "2026-03-01T12:00:00.000Z",
        "owner": "payments-team",
    }
