"""Application logs of every kind: what is known is promoted, nothing is lost, nothing rejected."""

import json
from typing import Any

import pytest

from logcore.record import Document, LogRecord, Origin
from logcore.sources.generic import parse
from logcore.sources.generic.aliases import ALIASES, TYPES, canonical
from logcore.sources.generic.levels import level_in, level_of
from logcore.sources.generic.values import as_date, as_long


def document(line: object, *, log_group: str = "/apps/web") -> Document:
    message = line if isinstance(line, str) else json.dumps(line)
    origin = Origin(transport="cloudwatch_logs", log_group=log_group)
    return parse(LogRecord("0", 1_772_366_460_000, message, origin))


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("ERROR could not connect", "error"),
        ("ERROR: could not connect", "error"),
        ("[ERROR]\t2026-03-01T12:00:58.123Z\taf9d5aa4\tcould not connect", "error"),
        ("2026-03-01T12:00:58.123Z\taf9d5aa4\tWARN\tslow", "warn"),
        ("2026-03-01 12:00:58,123 WARNING  [main] slow", "warn"),
        ("2026/03/01 12:00:58 [crit] 123#0: no space", "critical"),
        ("[Sun Mar 01 12:00:58 2026] [error] [client 203.0.113.12] no such file", "error"),
        ("time=x level=warning msg=slow and more", "warn"),
        ('{"level": "info", broken', "info"),
        ("info: started", "info"),
        ("<11>Mar  1 12:00:58 web app: refused", "error"),
        ("<134>1 2026-03-01T12:00:58Z web app 7 - - started", "info"),
        ("W0301 12:00:58.123456 17 main.go:42] slow", "warn"),
        ("DEBUG", "debug"),
        ("  fatal - out of memory", "fatal"),
    ],
)
def test_a_level_is_found_where_people_look_for_it(text: str, level: str) -> None:
    assert level_in(text) == level


@pytest.mark.parametrize(
    "text",
    [
        "no error was found",
        "Information about your order",
        "informational text follows",
        "errors=0 warnings=0",
        "the warn level is off",
        "started\nERROR in the second line",
        "",
    ],
)
def test_a_level_in_a_sentence_is_not_the_level_of_the_line(text: str) -> None:
    assert level_in(text) is None


@pytest.mark.parametrize(
    ("value", "level"),
    [
        *(("WARN", "warn"), ("Warning", "warn"), (" Error ", "error"), ("Information", "info")),
        *((10, "trace"), (30, "info"), (60, "fatal"), (3, "error"), (7, "debug")),
        *(("loud", None), (35, None), (True, None), (None, None), ({}, None), (-1, None)),
    ],
)
def test_levels_of_every_logger_become_one_set_of_words(value: Any, level: str | None) -> None:
    assert level_of(value) == level


def test_keys_are_the_same_in_every_style_of_naming() -> None:
    assert {canonical(key) for key in ("trace_id", "traceId", "TraceID", "trace-id")} == {"traceid"}


def test_every_alias_is_written_as_it_is_looked_up_and_leads_to_a_field() -> None:
    keys = [key for line in ALIASES.values() for key in line.split()]

    assert keys == [canonical(key) for key in keys]
    assert ALIASES.keys() <= TYPES.keys()


def test_an_ecs_name_outweighs_every_alias() -> None:
    found = document({"msg": "alias", "message": "ecs", "level": "info", "log": {"level": "ERROR"}})

    assert found["message"] == "ecs"
    assert found["log"]["level"] == "error"


def test_earlier_aliases_outweigh_later_ones_in_any_order() -> None:
    assert document({"text": "late", "msg": "early"})["message"] == "early"
    assert document({"msg": "early", "text": "late"})["message"] == "early"


def test_the_object_stays_whole_under_generic() -> None:
    line = {"msg": "paid", "order": {"id": 7, "lines": [1, {"sku": None}]}, "level": "info"}

    assert document(line)["generic"] == line


@pytest.mark.parametrize(
    "name",
    [
        *(
            "@timestamp",
            "event.id",
            "event.kind",
            "event.dataset",
            "event.module",
            "event.original",
        ),
        *(
            "event.category",
            "event.type",
            "event.ingested",
            "cloud.provider",
            "ecs.version",
            "tags",
        ),
        *("aws.cloudwatch.log_group", "aws.eventbridge.source", "pipeline.source", "related.ip"),
    ],
)
def test_no_application_fills_what_the_pipeline_answers_for(name: str) -> None:
    forged: Any = "forged"
    for key in reversed(name.split(".")):
        forged = {key: forged}

    assert "forged" not in json.dumps({k: v for k, v in document(forged).items() if k != "generic"})


@pytest.mark.parametrize(
    ("line", "absent"),
    [
        ({"client_ip": "unknown"}, "ip"),
        ({"source": {"ip": "unknown"}}, "ip"),
        ({"remote_port": "many"}, "port"),
    ],
)
def test_a_value_that_does_not_fit_stays_under_generic_only(
    line: dict[str, Any], absent: str
) -> None:
    found = document(line)

    assert absent not in found.get("source", {})
    assert found["generic"] == line


@pytest.mark.parametrize(
    ("status", "is_http"), [(200, True), ("404", True), (3, False), ("ok", False)]
)
def test_a_status_counts_only_when_it_is_one_of_http(status: object, *, is_http: bool) -> None:
    assert ("http" in document({"status": status})) is is_http


def test_a_duration_in_milliseconds_becomes_nanoseconds() -> None:
    assert document({"duration_ms": 1.5})["event"]["duration"] == 1_500_000


@pytest.mark.parametrize("value", ["1.5", -1, True, 1e300, None])
def test_what_is_no_duration_is_left_out(value: object) -> None:
    assert "duration" not in document({"duration_ms": value})["event"]


def test_a_name_is_the_logger_or_with_numbered_levels_the_service() -> None:
    assert document({"name": "db", "level": "info"})["log"]["logger"] == "db"
    assert document({"name": "web", "level": 30})["service"]["name"] == "web"


def test_lines_of_a_stack_trace_are_joined() -> None:
    found = document({"errorType": "KeyError", "stackTrace": ["  at a", "  at b"]})

    assert found["error"] == {"type": "KeyError", "stack_trace": "  at a\n  at b"}


def test_the_time_of_the_producer_is_kept_beside_that_of_the_transport() -> None:
    found = document({"timestamp": "2026-03-01 12:00:58,123+0000"})

    assert found["event"]["created"] == "2026-03-01T12:00:58.123Z"
    assert "@timestamp" not in found


@pytest.mark.parametrize(
    "value",
    [
        *("2026-03-01T12:00:58.123Z", 1_772_366_458.123, 1_772_366_458_123),
        *(1_772_366_458_123_000, 1_772_366_458_123_000_000),
    ],
)
def test_a_time_is_understood_in_any_unit(value: object) -> None:
    assert str(as_date(value)).startswith("2026-03-01T12:00:58.12")


@pytest.mark.parametrize("value", [0, 7, -1, True, "soon", None, float("inf"), 10**30, []])
def test_what_is_no_time_is_left_out(value: object) -> None:
    assert as_date(value) is None


@pytest.mark.parametrize("value", [True, 1.5, "x", "", 2**63, "9" * 30, 1e300, None, {}])
def test_what_is_no_integer_is_left_out(value: object) -> None:
    assert as_long(value) is None


def test_pairs_are_read_like_json_and_the_line_stays_the_message() -> None:
    line = r'level=warn user=alice path="/a \"b\"" empty='
    found = document(line)

    assert found["generic"] == {
        "level": "warn",
        "user": "alice",
        "path": '/a "b"',
        "empty": "",
    }
    assert (found["message"], found["user"]["name"]) == (line, "alice")


@pytest.mark.parametrize(
    "text", ["a=1", "total = 7 and more", "see http://example.com/?a=1&b=2", 'a=1 b="open']
)
def test_prose_with_an_equals_sign_is_text(text: str) -> None:
    assert document(text) == {"message": text, "event": {"kind": "event"}}


def test_a_message_of_many_lines_is_kept_whole() -> None:
    text = "ERROR boom\nTraceback (most recent call last):\n  File x\nValueError: boom"
    found = document(text)

    assert (found["message"], found["log"]["level"]) == (text, "error")


@pytest.mark.parametrize("text", ["7", "null", '"text"', "[1, 2]", "true", "{broken", "{]"])
def test_what_is_no_object_is_text(text: str) -> None:
    assert document(text) == {"message": text, "event": {"kind": "event"}}


def test_a_line_of_nothing_has_no_message() -> None:
    assert document("") == {"event": {"kind": "event"}}


def test_the_log_group_of_a_function_names_it() -> None:
    assert document("hello", log_group="/aws/lambda/orders")["faas"] == {"name": "orders"}


def test_a_request_id_in_the_log_of_a_function_is_its_invocation() -> None:
    line = {"level": "INFO", "message": "hello", "requestId": "af9d5aa4"}

    assert document(line, log_group="/aws/lambda/orders")["faas"]["execution"] == "af9d5aa4"
    assert "faas" not in document(line)


def test_the_detail_of_an_event_is_read_like_json() -> None:
    origin = Origin(transport="eventbridge", event_source="aws.ec2")
    found = parse(
        LogRecord("0", 0, '{"detail": {"state": "running"}}', origin, {"state": "running"})
    )

    assert found == {"generic": {"state": "running"}, "event": {"kind": "event"}}


def test_the_ip_is_that_of_the_address_which_is_trusted_most() -> None:
    source = document({"remote_addr": "198.51.100.7", "client_ip": "192.0.2.1"})["source"]

    assert source == {"address": "192.0.2.1", "ip": "192.0.2.1"}


def test_a_key_is_read_where_it_stands_among_keys_alike() -> None:
    """Of two names of one key, one flat and one an object, the first in the line counts."""
    nested_first = {"error": {"message": "first"}, "error.message": "second"}
    flat_first = {"error.message": "first", "Error": "text", "error": {"message": "second"}}

    assert [document(line)["error"]["message"] for line in (nested_first, flat_first)] == [
        "first",
        "first",
    ]


def test_a_line_of_more_keys_than_are_remembered_is_read_the_same() -> None:
    many = {f"k{number}": number for number in range(100)}

    assert (
        document({**many, "level": "warn", "err": {"code": 7}}).items()
        >= {
            "log": {"level": "warn"},
            "error": {"code": "7"},
        }.items()
    )
