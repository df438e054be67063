"""How the demonstration counts: what it must notice, it notices."""

from collections import Counter

import pytest

from local.demo import watch
from local.demo.balance import Balance, Cell
from local.demo.tables import verdict
from local.demo.watch import until_settled
from local.story.entry import REJECTED

FLOWS = Cell("222222222222", "us-east-1", "aws.vpcflow")
CALLS = Cell("222222222222", "us-east-1", "aws.cloudtrail")
REJECTS = Cell("222222222222", "us-east-1", REJECTED)
PUT = Counter({FLOWS: 5, CALLS: 3, REJECTS: 2})


def test_equal_sides_are_even() -> None:
    state = Balance(PUT, PUT.copy())

    assert state.even
    assert verdict(state) == "lost 0, duplicated 0, rejected 2 (2 malformed lines in the story)"


@pytest.mark.parametrize(
    ("arrived", "said"),
    [
        (Counter({FLOWS: 4, CALLS: 3, REJECTS: 2}), "lost 1, duplicated 0, rejected 2"),
        (Counter({FLOWS: 6, CALLS: 3, REJECTS: 2}), "lost 0, duplicated 1, rejected 2"),
        (Counter({FLOWS: 4, CALLS: 4, REJECTS: 2}), "lost 1, duplicated 1, rejected 2"),
        (Counter({FLOWS: 5, CALLS: 2, REJECTS: 3}), "lost 1, duplicated 1, rejected 3"),
    ],
    ids=["one lost", "one twice", "one of each", "one rejected for nothing"],
)
def test_each_kind_of_difference_is_named(arrived: Counter[Cell], said: str) -> None:
    state = Balance(PUT, arrived)

    assert not state.even
    assert verdict(state).startswith(said)


def test_an_absent_identity_is_a_loss_although_the_counts_agree() -> None:
    state = Balance(PUT, PUT.copy(), absent=1)

    assert (state.even, state.lost) == (False, 1)


def test_what_rules_drop_is_neither_lost_nor_to_arrive() -> None:
    dropped = Counter({FLOWS: 4})

    without = Balance(PUT, PUT - dropped, dropped=dropped)
    with_them = Balance(PUT, PUT.copy(), dropped=dropped)

    assert (without.even, without.lost) == (True, 0)
    assert verdict(without).endswith("in the story), dropped 4 by rules")
    assert (with_them.even, with_them.duplicated) == (False, 4)


def test_watching_ends_when_both_sides_are_even_and_the_cloud_is_idle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 0)
    looks = iter([Balance(PUT, Counter()), *[Balance(PUT, PUT.copy())] * 9])
    idle = iter([True, False, False, True])

    last = until_settled(lambda: next(looks), lambda: next(idle))

    assert last.even
    assert next(idle, "all asked") == "all asked"


def test_watching_ends_uneven_when_nothing_moves_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 0)
    monkeypatch.setattr(watch, "QUIET_S", 0.01)

    last = until_settled(lambda: Balance(PUT, Counter()), lambda: True)

    assert last.lost == 10
