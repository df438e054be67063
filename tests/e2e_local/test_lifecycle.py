"""A deployment's whole life in an organisation: upgraded, joined, changed, destroyed.

Nothing is lost on the way, and nothing is left at its end.

The release before this one could only subscribe; where log groups are copied, the upgrade is from
this release to itself.
"""

import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local.home import REPOSITORY
from local.story.entry import Place
from tests.e2e_local.inventory import Thing
from tests.e2e_local.life import MEMBERS, NEW_REGION, REGIONS, Life, begin
from tests.e2e_local.release import checkout

JOINED_UNIT = "Workloads/Production/Payments"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was seen in the course of a life.

    Attributes:
        life: What was written, and where.
        arrived: Lines that the index had in the end.
        announced: Events that it had, by account, service and when they were.
        refused: What the cloud declined to deliver until then.
        before: Physical ids of stateful resources before the upgrade.
        upgraded: The same under this one.
        changed: The same after the configuration was changed.
        joined: The account that joined.
        destroyed: The command that ended it.
        left: What is in the accounts after it, and was not before the first deployment.
    """

    life: Life
    arrived: Counter[tuple[Place, str]]
    announced: Counter[tuple[str, str, str]]
    refused: list[dict[str, Any]]
    before: dict[str, str]
    upgraded: dict[str, str]
    changed: dict[str, str]
    joined: str
    destroyed: subprocess.CompletedProcess[str]
    left: frozenset[Thing]


@pytest.fixture(scope="module", params=["subscribe", "centralise"])
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
    with begin(tmp_path_factory.mktemp("life"), request.param) as life:
        yield _lived(life)


def _lived(life: Life) -> Told:
    release = checkout(life.folder / "release")
    life.deploy(home=release if life.mode == "subscribe" else REPOSITORY)
    life.put_everywhere("from the beginning")
    before = life.stateful()
    with life.writing("during the upgrade"):
        life.deploy()
    upgraded = life.stateful()
    joined = life.join("payments-two", JOINED_UNIT)
    life.put_everywhere("after one joined")
    life.announce("aws.health", "before")
    with life.writing("during the change"):
        life.deploy(_new_region_and_a_source_off)
    life.regions = (*REGIONS, NEW_REGION)
    life.put_everywhere("after the change")
    life.announce("aws.health", "after")
    life.announce("aws.ec2", "after")
    shutil.rmtree(release)
    forwarded = len(life.accounts) * (len(REGIONS) + len(life.regions))
    return Told(
        life=life,
        arrived=life.settled(),
        announced=life.announced(at_least=forwarded),
        refused=life.cloud.refused(),
        before=before,
        upgraded=upgraded,
        changed=life.stateful(),
        joined=joined,
        destroyed=life.destroy(),
        left=life.left(),
    )


def _new_region_and_a_source_off(given: dict[str, Any]) -> None:
    given["members"]["regions"].append(NEW_REGION)
    given["event_sources"].remove("aws.health")


def test_every_line_of_the_whole_life_arrived_once_with_its_account_and_region(
    told: Told,
) -> None:
    assert told.arrived == told.life.written


def test_five_members_in_three_regions_sent_and_so_did_the_one_that_joined_and_the_new_region(
    told: Told,
) -> None:
    senders = {place for place, _ in told.arrived}

    assert len(MEMBERS) == 5
    assert senders == {
        Place(account, region)
        for account in (*MEMBERS, told.joined)
        for region in (*REGIONS, NEW_REGION)
    }


def test_a_source_that_was_switched_off_is_not_forwarded_any_more(told: Told) -> None:
    assert {(source, when) for _, source, when in told.announced} == {
        ("aws.health", "before"),
        ("aws.ec2", "after"),
    }


def test_lines_were_written_all_the_while(told: Told) -> None:
    texts = [text for _, text in told.life.written]

    for when in ("during the upgrade", "during the change"):
        assert sum(text.startswith(when) for text in texts) > 20


def test_no_stateful_resource_was_replaced(told: Told) -> None:
    assert told.before
    assert told.upgraded | told.before == told.upgraded
    assert told.changed | told.before == told.changed


def test_nothing_was_refused(told: Told) -> None:
    assert told.refused == []


def test_nothing_is_left_once_it_is_destroyed_as_its_own_scan_says(told: Told) -> None:
    said = told.destroyed.stdout

    assert told.destroyed.returncode == 0, said + told.destroyed.stderr
    assert not [line for line in said.splitlines() if line.startswith(("left", "kept", "unseen"))]
    assert sorted(told.left) == []
