"""The benchmark measures what it says; how fast anything is, no test asserts."""

import json
from collections.abc import Callable
from io import StringIO
from itertools import accumulate, chain, cycle

import pytest
from rich.console import Console

from local.bench import rules, ways
from local.bench.__main__ import table
from local.bench.batches import CLOUDTRAIL, FLOWS, KINDS, MIXED, Batch, batches
from local.bench.measure import Pair, Result, measure

EVENTS = 300
BATCHES = {batch.name: batch for batch in batches(EVENTS)}


def ticking(*seconds: float) -> Callable[[], float]:
    """A clock of which every second reading lies that many seconds after the one before."""
    readings = accumulate(chain.from_iterable((0.0, step) for step in cycle(seconds)))
    return lambda: next(readings)


@pytest.mark.parametrize("name", BATCHES)
def test_a_batch_holds_the_events_it_says(name: str) -> None:
    assert len(ways.measured(BATCHES[name].data)) == EVENTS
    assert len(ways.floor(BATCHES[name].data)) == EVENTS


@pytest.mark.parametrize(("name", "dataset"), KINDS.items())
def test_a_batch_holds_its_kind_alone(name: str, dataset: str) -> None:
    documents = [json.loads(line) for line in ways.measured(BATCHES[name].data)]

    assert {document["event"]["dataset"] for document in documents} == {dataset}


def test_the_mixed_batch_holds_several_kinds() -> None:
    documents = [json.loads(line) for line in ways.measured(BATCHES[MIXED].data)]

    assert len({document["event"]["dataset"] for document in documents}) > 2


@pytest.mark.parametrize("name", BATCHES)
def test_the_measured_way_makes_what_the_plain_way_makes(name: str) -> None:
    assert ways.verify(BATCHES[name].data) == EVENTS


def test_another_document_on_the_measured_way_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    data = BATCHES[FLOWS].data
    spoilt = [line.replace(b"accept", b"forgot") for line in ways.measured(data)]
    monkeypatch.setattr(ways, "measured", lambda _: spoilt)

    with pytest.raises(ways.DifferentError, match="forgot"):
        ways.verify(data)


def test_documents_by_hand_are_those_of_the_table() -> None:
    assert ways.verify_by_hand(BATCHES[CLOUDTRAIL].data) == EVENTS


def test_another_document_by_hand_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "hand_written", lambda data: [b"{}" for _ in ways.measured(data)])

    with pytest.raises(ways.DifferentError):
        ways.verify_by_hand(BATCHES[CLOUDTRAIL].data)


def test_the_second_floor_of_flow_logs_writes_their_numbers() -> None:
    written = [json.loads(line) for line in ways.floor_of_columns(BATCHES[FLOWS].data)]

    assert len(written) == EVENTS
    assert all(isinstance(flow["end"], int) for flow in written)


def test_the_floor_writes_the_untouched_message() -> None:
    written = ways.floor(BATCHES[CLOUDTRAIL].data)

    assert {json.loads(line)["eventVersion"] for line in written} == {"1.11"}


def test_the_ratio_is_taken_round_by_round_and_the_first_round_is_not_counted() -> None:
    batch = Batch("any", [], 1)
    warm_up, one, two, three = (9e-6, 9e-6), (1e-6, 2e-6), (2e-6, 8e-6), (1e-6, 3e-6)

    pair = Pair("any", batch, ways.measured, ways.floor)
    (result,) = measure([pair], 3, ticking(*warm_up, *one, *two, *three))

    assert result.base_us == pytest.approx(1)
    assert result.cpu_us == pytest.approx(3)
    assert result.ratio == pytest.approx(3)


def test_the_table_shows_each_batch_with_its_ratio() -> None:
    console = Console(width=120, record=True, file=StringIO())
    console.print(table([Result("VPC flow", 0.5, 4.0, 8.0)], 3))

    shown = console.export_text().splitlines()
    assert [line.split() for line in shown if "VPC flow" in line] == [
        ["VPC", "flow", "250,000", "4.00", "0.50", "8.00", ":", "1"]
    ]


def test_each_kind_of_rule_is_measured_on_each_batch_and_its_share_is_told() -> None:
    costs = rules.measure([BATCHES["VPC flow"], BATCHES["application"]], 1)

    assert {(cost.rule, cost.batch) for cost in costs} == {
        (rule, batch) for rule in rules.KINDS for batch in ("VPC flow", "application")
    }
    held = {(cost.rule, cost.batch): cost.held for cost in costs}
    assert held["redact addresses, hashed", "VPC flow"] > 90
    assert held["drop, never holds", "VPC flow"] == 0
    assert 80 < held["sample a tenth", "application"] < 97


def test_the_table_of_rules_has_a_row_a_rule_and_a_column_a_batch() -> None:
    console = Console(width=160, record=True, file=StringIO())
    costs = [rules.Cost(name, "VPC flow", 1.25, 40) for name in rules.KINDS]
    console.print(rules.table(costs, 3))

    shown = console.export_text()
    assert shown.count("+1.25 (40)") == len(rules.KINDS)
