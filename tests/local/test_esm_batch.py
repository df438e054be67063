"""Promises about failed batches, decided without a cloud."""

from typing import Any

import pytest

from local.aws.esm_batch import Batch, RetryPolicy, Verdict, first_failure, judge
from local.aws.esm_lane import ShardReader, next_batch

NOW = 1_000.0


def records(count: int, *, age_seconds: float = 0.0, size: int = 1) -> list[dict[str, Any]]:
    return [
        {
            "SequenceNumber": f"{number:05d}",
            "PartitionKey": "k",
            "Data": "x" * size,
            "ApproximateArrivalTimestamp": NOW - age_seconds,
        }
        for number in range(count)
    ]


def test_a_failed_batch_is_tried_again_after_a_pause_while_retries_are_left() -> None:
    batch = Batch(records(2), attempts=1)

    verdict = judge(batch, 0, RetryPolicy(max_retries=2), NOW)

    assert verdict == Verdict(again=[Batch(batch.records, 2)], pause=True)


def test_a_batch_without_retries_left_is_given_up_with_its_tries() -> None:
    batch = Batch(records(2), attempts=2)

    verdict = judge(batch, 0, RetryPolicy(max_retries=2), NOW)

    assert verdict.discarded == Batch(batch.records, 3)
    assert verdict.condition == "RetryAttemptsExhausted"
    assert verdict.again == []


def test_without_a_cap_a_batch_is_never_given_up() -> None:
    assert judge(Batch(records(1), attempts=9_999), 0, RetryPolicy(), NOW).discarded is None


def test_a_split_costs_no_retry() -> None:
    batch = Batch(records(3))

    verdict = judge(batch, 0, RetryPolicy(max_retries=0, bisect=True), NOW)

    assert verdict.again == [Batch(batch.records[:2]), Batch(batch.records[2:])]
    assert verdict.discarded is None


def test_records_that_grew_too_old_are_given_up_and_younger_ones_are_not() -> None:
    old, young = records(2, age_seconds=61), records(1)

    verdict = judge(Batch([*old, *young]), 0, RetryPolicy(max_age_seconds=60), NOW)

    assert verdict.discarded == Batch(old, 1)
    assert verdict.condition == "MaxRecordAgeExceeded"
    assert verdict.again == [Batch(young, 1)]


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}, "text"])
def test_an_answer_without_failures_is_a_success(answer: Any) -> None:
    assert first_failure(records(2), answer) is None


@pytest.mark.parametrize(
    ("identifiers", "first"),
    [(["00002", "00001"], 1), ([""], 0), ([None], 0), (["00001", "unknown"], 0)],
)
def test_the_lowest_known_identifier_counts_and_any_other_fails_all(
    identifiers: list[str], first: int
) -> None:
    answer = {"batchItemFailures": [{"itemIdentifier": name} for name in identifiers]}

    assert first_failure(records(3), answer) == first


def test_a_batch_stays_below_the_payload_limit_of_an_invocation() -> None:
    heavy = records(10, size=1_000_000)

    batch = next_batch(iter(heavy), 10, 0, NOW)

    assert batch is not None
    assert len(batch.records) == 6


def test_a_window_holds_back_a_batch_that_is_neither_full_nor_old() -> None:
    assert next_batch(iter(records(2, age_seconds=1)), 3, 5, NOW) is None
    assert next_batch(iter(records(2, age_seconds=6)), 3, 5, NOW) is not None
    assert next_batch(iter(records(3, age_seconds=1)), 3, 5, NOW) is not None


def test_lanes_share_a_shard_and_keep_each_key_in_one_lane() -> None:
    mixed = [record | {"PartitionKey": f"k{i % 7}"} for i, record in enumerate(records(70))]
    reader = ShardReader.at()
    reader.divide(4)

    lanes = [list(reader.unread(number, mixed)) for number in range(4)]

    keys = [{record["PartitionKey"] for record in lane} for lane in lanes]
    assert sum(map(len, lanes)) == 70
    assert sum(map(len, keys)) == 7
