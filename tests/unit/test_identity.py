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


OBJECT = Origin(transport="s3", bucket="logs", key="AWSLogs/a.log", etag="e1")
LINE = LogRecord("7", 1_772_366_400_000, "hello", OBJECT)


def test_a_record_of_an_object_that_is_read_again_has_the_same_id() -> None:
    again = LINE._replace(time_ms=1, origin=replace(OBJECT, account="222222222222", header="h"))

    assert identity.event_id(again) == identity.event_id(LINE)


@pytest.mark.parametrize(
    "other",
    [
        LINE._replace(id="8"),
        LINE._replace(origin=replace(OBJECT, bucket="other")),
        LINE._replace(origin=replace(OBJECT, key="AWSLogs/b.log")),
        LINE._replace(origin=replace(OBJECT, etag="e2")),
    ],
)
def test_equal_lines_at_two_places_of_an_object_or_in_two_objects_are_two(other: LogRecord) -> None:
    assert identity.event_id(other) != identity.event_id(LINE)
