"""The snapshot of the organisation: complete, in one piece, and never worse than the last one."""

import json
from collections.abc import Iterator
from itertools import batched
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdas.snapshot_organisation.settings import Settings
from lambdas.snapshot_organisation.snapshot import WrongOrganisationError, take_snapshot
from logcore.enrichment.organisation import Organisation, TagKeys

SETTINGS = Settings(organisation="o-exampleorgid", bucket="archive", key="enrichment/o.json")
NOW_MS = 1_772_366_400_000
PAGE = 2  # results; Organizations gives twenty at most


class FakeOrganizations:
    """A root with a unit in a unit, in pages, and what goes wrong with each operation."""

    def __init__(self, **troubles: str) -> None:
        self.organisation = "o-exampleorgid"
        self.accounts = {
            "111111111111": ("log-archive", "r-ex4m"),
            "222222222222": ("shop-production", "ou-production"),
            "333333333333": ("shop-sandbox", "ou-production"),
            "444444444444": ("shop-staging", "ou-production"),
            "555555555555": ("platform", "ou-workloads"),
        }
        self.units = {"ou-workloads": ("Workloads", "r-ex4m")}
        self.units["ou-production"] = ("Production", "ou-workloads")
        self._troubles = troubles

    def describe_organization(self) -> dict[str, Any]:
        return {"Organization": {"Id": self.organisation}}

    def get_paginator(self, operation_name: str) -> "Paginator":
        if operation_name in self._troubles:
            answer: Any = {"Error": {"Code": self._troubles[operation_name]}}
            raise ClientError(answer, operation_name)
        return Paginator(*getattr(self, operation_name))

    @property
    def list_accounts(self) -> tuple[str, Any]:
        return "Accounts", lambda: [
            {"Id": id_, "Name": name} for id_, (name, _) in self.accounts.items()
        ]

    @property
    def list_roots(self) -> tuple[str, Any]:
        return "Roots", lambda: [{"Id": "r-ex4m", "Name": "Root"}]

    @property
    def list_accounts_for_parent(self) -> tuple[str, Any]:
        return "Accounts", lambda ParentId: [
            {"Id": id_} for id_, (_, parent) in self.accounts.items() if parent == ParentId
        ]

    @property
    def list_organizational_units_for_parent(self) -> tuple[str, Any]:
        return "OrganizationalUnits", lambda ParentId: [
            {"Id": id_, "Name": name}
            for id_, (name, parent) in self.units.items()
            if parent == ParentId
        ]

    @property
    def list_tags_for_resource(self) -> tuple[str, Any]:
        return "Tags", lambda ResourceId: [
            {"Key": "owner", "Value": f"owner-of-{ResourceId}"},
            {"Key": "environment", "Value": "production"},
            {"Key": "cost", "Value": "4711"},
        ]


class Paginator:
    """Gives a result in pages, an empty page where there is nothing."""

    def __init__(self, result: str, found: Any) -> None:
        self._result = result
        self._found = found

    def paginate(self, **asked: str) -> Iterator[dict[str, Any]]:
        for page in list(batched(self._found(**asked), PAGE)) or [()]:
            yield {self._result: list(page)}


class FakeS3:
    """Keeps objects by key."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, **_: str) -> None:
        assert Bucket == "archive"
        self.objects[Key] = Body


def taken(client: FakeOrganizations, s3: FakeS3) -> dict[str, Any]:
    take_snapshot(client, s3, SETTINGS, now_ms=NOW_MS)  # type: ignore[arg-type]  # a fake of boto3's client
    found: dict[str, Any] = json.loads(s3.objects[SETTINGS.key])
    return found


def test_every_account_of_every_page_is_there_with_its_unit_and_tags() -> None:
    found = taken(FakeOrganizations(), FakeS3())

    assert (found["taken_at"], found["organisation"]) == (
        "2026-03-01T12:00:00.000Z",
        "o-exampleorgid",
    )
    assert {id_: account["unit"] for id_, account in found["accounts"].items()} == {
        "111111111111": {"id": "r-ex4m", "path": "Root"},
        "222222222222": {"id": "ou-production", "path": "Root/Workloads/Production"},
        "333333333333": {"id": "ou-production", "path": "Root/Workloads/Production"},
        "444444444444": {"id": "ou-production", "path": "Root/Workloads/Production"},
        "555555555555": {"id": "ou-workloads", "path": "Root/Workloads"},
    }
    assert found["accounts"]["222222222222"] | {"unit": {}} == {
        "name": "shop-production",
        "unit": {},
        "tags": {
            "owner": "owner-of-222222222222",
            "environment": "production",
            "cost": "4711",
        },
    }


def test_what_is_written_is_what_enrichment_reads() -> None:
    found = taken(FakeOrganizations(), FakeS3())

    known = Organisation.read(found, TagKeys(environment=("environment",), owner=("owner",)))

    assert known.taken_ms == NOW_MS
    assert known.accounts["222222222222"].environment == "production"
    assert known.accounts["222222222222"].account["owner"] == "owner-of-222222222222"


@pytest.mark.parametrize(
    "operation",
    [
        *("list_accounts", "list_roots", "list_accounts_for_parent"),
        *("list_organizational_units_for_parent", "list_tags_for_resource"),
    ],
)
def test_a_run_that_fails_keeps_the_last_snapshot(operation: str) -> None:
    s3 = FakeS3()
    before = taken(FakeOrganizations(), s3)

    with pytest.raises(ClientError):
        taken(FakeOrganizations(**{operation: "TooManyRequestsException"}), s3)

    assert json.loads(s3.objects[SETTINGS.key]) == before


def test_an_account_that_left_while_its_tags_were_read_has_none() -> None:
    client = FakeOrganizations(list_tags_for_resource="TargetNotFoundException")

    assert taken(client, FakeS3())["accounts"]["222222222222"]["tags"] == {}


def test_an_account_that_moved_while_units_were_read_is_there_without_one() -> None:
    client = FakeOrganizations()
    client.accounts["666666666666"] = ("moving", "nowhere")

    assert taken(client, FakeS3())["accounts"]["666666666666"]["unit"] == {}


def test_another_organisations_accounts_are_not_written() -> None:
    client, s3 = FakeOrganizations(), FakeS3()
    client.organisation = "o-anotherorgid"

    with pytest.raises(WrongOrganisationError, match="expected o-exampleorgid"):
        taken(client, s3)

    assert s3.objects == {}


def test_an_organisation_without_accounts_is_not_written() -> None:
    client, s3 = FakeOrganizations(), FakeS3()
    client.accounts.clear()

    with pytest.raises(WrongOrganisationError, match="no account"):
        taken(client, s3)

    assert s3.objects == {}
