"""Which ways of onboarding can be chosen, and which of them could not work."""

from typing import Any

import pytest

from infra.config.members import Members
from tests.unit.test_config import Refuse, refuse

__all__ = ["refuse"]  # a fixture

HOME = "111111111111"
UNIT = "ou-ex4m-workloads"


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"units": [UNIT]}, "expected either accounts or units, found both"),
        ({"accounts": None}, "expected either accounts or units, found neither"),
        ({"accounts": None, "units": []}, "members.units"),
        ({"accounts": None, "units": ["Workloads"]}, "members.units.0"),
        ({"accounts": None, "units": ["ou-ex4m-short"]}, "members.units.0"),
        ({"accounts": None, "units": [UNIT, UNIT]}, f"units: named twice: {UNIT}"),
        ({"accounts": None, "units": ["r-ex4m", UNIT]}, "units: r-ex4m is the root"),
        ({"retain_on_removal": True}, "retain_on_removal: expected units, found accounts"),
        (
            {"accounts": None, "units": [UNIT], "retain_on_removal": True, "automatic": False},
            "retain_on_removal: without automatic",
        ),
        ({"accounts": None, "units": [UNIT], "management_account": HOME}, "own stacks"),
    ],
)
def test_members_that_cannot_be_are_refused_by_name(
    members: dict[str, Any], said: str, refuse: Refuse
) -> None:
    assert said in refuse({"members": members})


KEY = "arn:aws:kms:{}:key/11111111-2222-3333-4444-555555555555"


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"mode": "copy"}, "members.mode"),
        ({"centralise": {"encrypted": "skip"}}, "centralise: expected mode 'centralise'"),
        ({"mode": "centralise", "centralise": {"encrypted": "no"}}, "members.centralise.encrypted"),
        (
            {"mode": "centralise", "accounts": [HOME], "regions": ["us-east-1"]},
            f"nothing to centralise: {HOME} alone in us-east-1 alone",
        ),
        (
            {"mode": "centralise", "accounts": [f"2{n:011}" for n in range(124)]},
            "the rule's scope takes 2013 characters, a centralisation rule holds 2000",
        ),
        (
            {
                "mode": "centralise",
                "accounts": None,
                "units": [UNIT],
                "account_filter": {"mode": "difference", "accounts": ["222222222222"]},
            },
            "account_filter.mode 'difference': a centralisation rule leaves nobody out",
        ),
        (
            {"parallel": True, "accounts": None, "units": [UNIT], "automatic": False},
            "automatic = false: a centralisation rule copies from every account that joins",
        ),
        (
            {"mode": "centralise", "centralise": {"backup": {"region": "us-east-1"}}},
            "backup.region us-east-1: expected another one than the central region",
        ),
        (
            {
                "parallel": True,
                "centralise": {
                    "backup": {
                        "region": "eu-west-1",
                        "key_arn": KEY.format(f"us-east-1:{HOME}"),
                    }
                },
            },
            f"backup.key_arn: expected a key of {HOME} in eu-west-1",
        ),
        (
            {
                "mode": "centralise",
                "centralise": {
                    "backup": {
                        "region": "eu-west-1",
                        "key_arn": KEY.format("eu-west-1:222222222222"),
                    }
                },
            },
            f"backup.key_arn: expected a key of {HOME} in eu-west-1",
        ),
    ],
)
def test_a_centralisation_that_cannot_be_is_refused_by_name(
    members: dict[str, Any], said: str, refuse: Refuse
) -> None:
    assert said in refuse({"members": members})


def test_in_parallel_both_ways_are_on() -> None:
    ways = {
        (members.mode, members.parallel): (members.subscribes, members.centralises)
        for mode in ("subscribe", "centralise")
        for parallel in (False, True)
        for members in [
            Members.model_validate(
                {"accounts": [], "regions": ["us-east-1"], "mode": mode, "parallel": parallel}
            )
        ]
    }

    assert ways == {
        ("subscribe", False): (True, False),
        ("centralise", False): (False, True),
        ("subscribe", True): (True, True),
        ("centralise", True): (True, True),
    }


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"mode": "union", "accounts": ["222222222222"]}, "mode 'union': AWS does not take it"),
        ({"mode": "difference"}, "mode 'difference': expected accounts"),
        ({"accounts": ["222222222222"]}, "mode 'none': expected accounts"),
        ({"mode": "difference", "accounts": [HOME]}, f"{HOME} is the central account"),
        ({"mode": "intersection", "accounts": ["222222222222"]}, "expected automatic = false"),
        ({"mode": "both"}, "members.account_filter.mode"),
        ({"mod": "none"}, "unknown key, did you mean 'mode'?"),
    ],
)
def test_a_filter_that_would_not_do_what_it_says_is_refused(
    chosen: dict[str, Any], said: str, refuse: Refuse
) -> None:
    members = {"accounts": None, "units": [UNIT], "account_filter": chosen}

    assert said in refuse({"members": members})


@pytest.mark.parametrize(
    ("rollout", "said"),
    [
        (
            {"max_concurrent_count": 3, "max_concurrent_percentage": 10},
            "max_concurrent: expected a count or a percentage, found 3 and 10 %",
        ),
        (
            {"failure_tolerance_count": 0, "failure_tolerance_percentage": 0},
            "failure_tolerance: expected a count or a percentage, found 0 and 0 %",
        ),
        ({"max_concurrent_percentage": 101}, "members.rollout.max_concurrent_percentage"),
        ({"failure_tolerance_percentage": -1}, "members.rollout.failure_tolerance_percentage"),
        (
            {
                "concurrency_mode": "strict",
                "max_concurrent_count": 4,
                "failure_tolerance_count": 2,
            },
            "max_concurrent_count 4: strict takes one more",
        ),
        ({"region_order": ["us-east-1"]}, "region_order: regions in parallel have none"),
        (
            {"region_concurrency": "sequential", "region_order": ["us-east-1"]},
            "region_order: expected eu-west-1, us-east-1 in some order, found us-east-1",
        ),
    ],
)
def test_a_rollout_that_cannot_be_is_refused_by_name(
    rollout: dict[str, Any], said: str, refuse: Refuse
) -> None:
    assert said in refuse({"members": {"accounts": None, "units": [UNIT], "rollout": rollout}})


def test_not_every_account_of_a_known_number_may_fail(refuse: Refuse) -> None:
    two = {
        "units": [UNIT],
        "automatic": False,
        "account_filter": {"mode": "intersection", "accounts": ["222222222222", "333333333333"]},
    }

    one_may = two | {"regions": ["us-east-1"], "rollout": {"failure_tolerance_count": 1}}
    assert Members.model_validate(one_may).rollout.failure_tolerance_count == 1
    both_may = two | {"accounts": None, "rollout": {"failure_tolerance_count": 2}}
    message = refuse({"members": both_may})
    assert "failure_tolerance_count 2: expected less than the 2 accounts" in message
