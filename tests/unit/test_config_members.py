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
