"""The same event has the same id however often it comes, and two events have two."""

from dataclasses import replace

import pytest

from logcore import identity
from logcore.record import LogRecord, Origin

ORIGIN = Origin(
    transport="cloudwatch_logs", account="222222222222", log_group="/apps/web", log_stream="a"
)
RECORD = LogRecord("37", 1_772_366_400_000, "hello", ORIGIN)


def test_the_same_record_has_the_same_id() -> None:
    again = LogRecord("37", 1_772_366_400_000, "hello", replace(ORIGIN))

    assert identity.event_id(again) == identity.event_id(RECORD)
    assert len(identity.event_id(RECORD)) == 32


def test_the_id_is_the_same_in_every_release() -> None:
    assert identity.event_id(RECORD) == "eaf8b3630c047a76e3cd74449fe92875"


@pytest.mark.parametrize(
    "other",
    [
        RECORD._replace(id="38"),
        RECORD._replace(time_ms=1),
        RECORD._replace(origin=replace(ORIGIN, account="333333333333")),
        RECORD._replace(origin=replace(ORIGIN, log_group="/apps/api")),
        RECORD._replace(origin=replace(ORIGIN, log_stream="b")),
    ],
)
def test_any_difference_in_where_and_when_is_another_event(other: LogRecord) -> None:
    assert identity.event_id(other) != identity.event_id(RECORD)


def test_the_message_stands_in_for_an_id_that_is_missing() -> None:
    first, second = RECORD._replace(id="", message="a"), RECORD._replace(id="", message="b")

    assert identity.event_id(first) != identity.event_id(second)


def test_a_region_that_one_path_does_not_know_makes_no_second_event() -> None:
    elsewhere = RECORD._replace(origin=replace(ORIGIN, region="eu-west-1", owner="111111111111"))

    assert identity.event_id(elsewhere) == identity.event_id(RECORD)


def test_parts_are_kept_apart() -> None:
    assert identity.digest("ab", "c") != identity.digest("a", "bc")


def test_an_id_of_448_bytes_stays_and_a_longer_one_is_digested() -> None:
    assert identity.usable("é" * 224) == "é" * 224
    assert identity.usable("é" * 224 + "x") == identity.digest("é" * 224 + "x")


@pytest.mark.parametrize("native", [None, "", 7, {}, ["a"]])
def test_what_is_no_text_is_no_id(native: object) -> None:
    assert identity.usable(native) is None
