"""The order in which stacks go, whose they are, and how a bucket is emptied."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ops.destroy.buckets import BATCH, empty
from ops.destroy.choice import HaltError
from ops.destroy.plan import ordered
from ops.destroy.rows import Row, as_table, is_empty
from ops.stacks import Stack, own_names

BORN = datetime(2026, 1, 1, tzinfo=UTC)


def stack(name: str, *, day: int, region: str = "us-east-1") -> Stack:
    return Stack(
        account="111111111111",
        region=region,
        name=name,
        id=f"{name} {region}",
        status="CREATE_COMPLETE",
        why="",
        created=BORN + timedelta(days=day),
        is_protected=False,
        exports=(),
    )


def order(stacks: list[Stack], needed_by: Mapping[str, set[str]]) -> list[str]:
    needs = {s.id: needed_by.get(s.name, set()) for s in stacks}
    return [s.name for s in ordered(stacks, needs)]


def test_the_youngest_goes_first() -> None:
    stacks = [stack("search", day=1), stack("pipeline", day=2), stack("door", day=3)]

    assert order(stacks, {}) == ["door", "pipeline", "search"]


def test_nothing_goes_before_what_imports_of_it_whatever_their_age() -> None:
    stacks = [stack("search", day=9), stack("pipeline", day=2), stack("door", day=3)]

    assert order(stacks, {"search": {"pipeline"}}) == ["door", "pipeline", "search"]


def test_an_importer_that_is_gone_holds_nothing_up() -> None:
    assert order([stack("search", day=1)], {"search": {"pipeline"}}) == ["search"]


def test_a_stack_of_that_name_in_another_region_holds_nothing_up() -> None:
    stacks = [stack("search", day=9), stack("pipeline", day=2, region="eu-west-1")]

    assert order(stacks, {"search": {"pipeline"}}) == ["search", "pipeline"]


def test_stacks_that_import_of_each_other_go_all_the_same() -> None:
    stacks = [stack("a", day=1), stack("b", day=2)]

    assert order(stacks, {"a": {"b"}, "b": {"a"}}) == ["b", "a"]


PROD, PROD_EU = "CentralLogs-prod-", "CentralLogs-prod-eu-"


@pytest.mark.parametrize(
    "other", ["search", "pipeline", "member-222222222222-eu-west-1", "door-eu-west-1"]
)
def test_a_stage_has_no_stack_of_a_stage_whose_name_begins_like_it(other: str) -> None:
    names = {f"{PROD}search", f"{PROD}network", f"{PROD_EU}search", f"{PROD_EU}{other}", "Other"}

    assert own_names("prod", names) == {f"{PROD}search", f"{PROD}network"}
    assert own_names("prod-eu", names) == {f"{PROD_EU}search", f"{PROD_EU}{other}"}


def test_parts_that_nobody_has_thought_of_are_the_stages_own() -> None:
    names = {f"{PROD}network-eu-west-1", f"{PROD}self-service", f"{PROD}door-eu-west-1"}

    assert own_names("prod", names) == names


class Bucket:
    """A bucket of so many versions; takes what is deleted."""

    def __init__(self, versions: int, *, locked: bool = False) -> None:
        self.keys = [{"Key": "k", "VersionId": str(n)} for n in range(versions)]
        self.locked = locked
        self.batches: list[int] = []

    def list_object_versions(self, *, MaxKeys: int, **_: str) -> dict[str, Any]:
        page = self.keys[:MaxKeys]
        return {"Versions": page[: len(page) // 2], "DeleteMarkers": page[len(page) // 2 :]}

    def delete_objects(self, *, Delete: dict[str, Any], **_: str) -> dict[str, Any]:
        if self.locked:
            return {"Errors": [{"Key": "k", "Message": "Access Denied", "Code": "AccessDenied"}]}
        self.batches.append(len(Delete["Objects"]))
        self.keys = [key for key in self.keys if key not in Delete["Objects"]]
        return {}


@pytest.mark.parametrize(
    ("versions", "batches"),
    [(0, []), (1, [1]), (BATCH, [BATCH]), (BATCH + 1, [BATCH, 1])],
)
def test_a_bucket_is_emptied_in_batches_that_s3_takes(versions: int, batches: list[int]) -> None:
    bucket = Bucket(versions)

    empty(bucket, "archive", lambda _line: None)

    assert bucket.batches == batches
    assert bucket.keys == []


def test_objects_under_a_lock_stop_it_with_the_words_of_s3() -> None:
    with pytest.raises(HaltError, match=r"2 objects of archive would not go, as k: Access Denied"):
        empty(Bucket(2, locked=True), "archive", lambda _line: None)


def test_only_what_is_kept_or_going_is_nothing() -> None:
    kept = Row("kept", "111111111111", "us-east-1", "AWS::S3::Bucket archive", "")
    states = {"left": False, "unseen": False, "kept": True, "going": True}

    for state, expected in states.items():
        assert is_empty([kept, kept._replace(state=state)]) is expected  # type: ignore[arg-type]
    assert is_empty([])
    assert as_table([]) == "nothing is left"
