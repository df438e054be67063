"""The small functions that parsers are written with."""

from typing import Any

import pytest

from logcore import shape
from logcore.errors import MalformedError
from logcore.record import LogRecord, Origin

ORIGIN = Origin(transport="cloudwatch_logs")


def test_compact_drops_what_is_absent_at_every_depth_and_keeps_false_zero_and_blank() -> None:
    full: dict[str, Any] = {
        "a": None,
        "b": {"c": None, "d": {}},
        "e": [],
        "f": 0,
        "g": False,
        "h": "",
        "i": {"j": 1},
    }

    assert shape.compact(full) == {"f": 0, "g": False, "h": "", "i": {"j": 1}}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (7, 7),
        ("42", 42),
        ("-7", -7),
        (None, None),
        (2**63 - 1, 2**63 - 1),
        (-(2**63), -(2**63)),
    ],
)
def test_integers_come_from_numbers_and_digits(value: Any, found: int | None) -> None:
    malformed: list[str] = []

    assert shape.integer(value, "port", malformed) == found
    assert malformed == []


@pytest.mark.parametrize("value", [True, 1.5, "many", "", "1" * 5_000, 2**63, -(2**63) - 1, {}, []])
def test_what_is_no_integer_is_named_and_costs_only_itself(value: Any) -> None:
    malformed: list[str] = []

    assert shape.integer(value, "port", malformed) is None
    assert malformed == ["port"]


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"])
def test_addresses_pass_as_written(address: str) -> None:
    assert shape.ip(address) == address


@pytest.mark.parametrize(
    "address",
    [None, "", "AWS Internal", "192.0.2.256", "192.0.2.0/24", "fe80::1%eth0", "192.0.2.01"],
)
def test_what_an_ip_field_refuses_is_no_address(address: str | None) -> None:
    assert shape.ip(address) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01T12:00:00Z", "2026-03-01T12:00:00.000Z"),
        ("2026-03-01T12:00:00", "2026-03-01T12:00:00.000Z"),
        ("2026-03-01T12:00:00.1239Z", "2026-03-01T12:00:00.123Z"),
        ("2026-03-01T14:00:00+02:00", "2026-03-01T12:00:00.000Z"),
        ("20260301T120000Z", "2026-03-01T12:00:00.000Z"),
        ("1980-01-01T00:00:00Z", "1980-01-01T00:00:00.000Z"),
        ("2099-12-31T23:59:59.999Z", "2099-12-31T23:59:59.999Z"),
    ],
)
def test_times_become_utc_with_milliseconds(text: str, moment: str) -> None:
    malformed: list[str] = []

    assert shape.time(text, "eventTime", malformed) == moment
    assert malformed == []


@pytest.mark.parametrize(
    "value",
    [
        *("yesterday", "", 1_772_366_400, "1979-12-31T23:59:59Z", "2100-01-01T00:00:00Z", {}),
        *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"),
    ],
)
def test_what_is_no_time_of_a_log_is_named(value: Any) -> None:
    malformed: list[str] = []

    assert shape.time(value, "eventTime", malformed) is None
    assert malformed == ["eventTime"]


@pytest.mark.parametrize(
    ("time_ms", "moment"),
    [
        (0, "1980-01-01T00:00:00.000Z"),
        (1_772_366_400_007, "2026-03-01T12:00:00.007Z"),
        (10**20, "2099-12-31T23:59:59.999Z"),
        (-1, "1980-01-01T00:00:00.000Z"),
    ],
)
def test_a_time_outside_every_index_becomes_the_nearest_bound(time_ms: int, moment: str) -> None:
    assert shape.utc(time_ms) == moment


@pytest.mark.parametrize(
    ("message", "body"),
    [
        ('{"a": 1}', {"a": 1}),
        (' \n{"a": NaN}\n', {"a": "NaN"}),
        ('{"a": 1', None),
        ('[{"a": 1}]', None),
        ("a=1", None),
        ("", None),
    ],
)
def test_a_message_that_is_an_object_is_decoded_and_no_other(message: str, body: object) -> None:
    given = LogRecord("7", 9, message, ORIGIN)

    assert shape.decoded(given) == given._replace(body=body)


def test_what_has_been_decoded_stays_as_it_is() -> None:
    given = LogRecord("", 0, '{"detail": {"a": 1}}', ORIGIN, {"a": 1})

    assert shape.decoded(given) is given


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-01 12:00:00,071+0000",
        "2026-03-01T12:00:00.0719999+05:30",
        "2026-03-01",
        "1979-12-31T23:59:59.999999Z",
        "2100-01-01T00:30:00+01:00",
        "2100-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "soon",
    ],
)
def test_a_text_in_utc_is_what_its_milliseconds_are(value: str) -> None:
    found = shape.milliseconds(value)

    assert shape.in_utc(value) == (None if found is None else shape.utc(found))


def test_the_body_is_taken_before_the_message() -> None:
    assert shape.json_object(LogRecord("", 0, "no json", ORIGIN, {"a": 1})) == {"a": 1}


@pytest.mark.parametrize(
    ("message", "reason"), [("{", "not_json"), ("[1]", "not_an_object"), ("null", "not_an_object")]
)
def test_what_is_no_object_is_malformed_for_its_own_reason(message: str, reason: str) -> None:
    with pytest.raises(MalformedError) as caught:
        shape.json_object(LogRecord("", 0, message, ORIGIN))

    assert caught.value.reason == reason


def test_unique_keeps_the_order_and_drops_what_is_absent() -> None:
    assert shape.unique("b", None, "a", "", "b") == ["b", "a"]
    assert shape.unique(None, "") is None


@pytest.mark.parametrize("value", [None, 1, "x", True, []])
def test_an_object_stands_in_for_whatever_else_stands_there(value: Any) -> None:
    assert shape.obj(value) == {}


def test_text_is_never_empty_and_lists_never_something_else() -> None:
    assert [*map(shape.text, ("x", "", 1, None))] == ["x", None, None, None]
    assert [*map(shape.listed, ([1], "x", None, {}))] == [[1], [], [], []]
