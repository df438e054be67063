"""Lambda's own lines are told from the function's, and text says the same as JSON."""

import json
from typing import Any

import pytest

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord, Origin
from logcore.sources.lambda_platform import parse, recognises

ID = "af9d5aa4-0000-4000-8000-000000000001"
REPORT = f"REPORT RequestId: {ID}\tDuration: 20.50 ms\tBilled Duration: 21 ms\t"


def record(message: str, *, group: str = "/aws/lambda/orders", stream: str = "") -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", log_group=group, log_stream=stream)
    return LogRecord("0", 1_772_366_470_000, message, origin)


def platform(kind: str, said: Any) -> str:
    event = {"time": "2026-03-01T12:00:00.123Z", "type": f"platform.{kind}", "record": said}
    return json.dumps(event, separators=(",", ":"))


def parsed(message: str, **place: str) -> Document:
    return parse(record(message, **place))


@pytest.mark.parametrize(
    "message",
    [
        *(f"START RequestId: {ID} Version: 7", f"END RequestId: {ID}", f"{REPORT}\n"),
        *("INIT_START Runtime Version: python:3.13.v30", "RESTORE_REPORT Restore Duration: 4 ms"),
        *("INIT_REPORT Init Duration: 1 ms\tPhase: init", "EXTENSION\tName: a\tState: Ready"),
        f"2026-03-01T12:00:00.123Z {ID} Task timed out after 3.00 seconds\n\n",
        f"RequestId: {ID} Error: Runtime exited with error: exit status 1\nRuntime.ExitError\n",
        f"RequestId: {ID} Process exited before completing request\n",
        platform("start", {"requestId": ID}),
    ],
)
def test_a_line_of_the_platform_is_recognised_and_read(message: str) -> None:
    assert recognises(record(message))
    assert parsed(message)["event"]["kind"] == "event"


@pytest.mark.parametrize(
    "message",
    [
        *("", "START the engine", "REPORT of the day", "END", "EXTENSION Name: a", "XRAY"),
        *(f"RequestId: {ID} has a problem", f"2026-03-01T12:00:00.123Z {ID} INFO hello"),
        *('{"time":"2026-03-01T12:00:00.123Z","level":"INFO"}', '{"message":"platform.start"}'),
        json.dumps({"time": "x" * 90, "type": "platform.start"}),
        f"[INFO] saw {REPORT}",
    ],
)
def test_a_line_of_the_function_stays_the_functions(message: str) -> None:
    assert not recognises(record(message))


def test_text_and_json_of_one_invocation_end_in_the_same_fields() -> None:
    text = parsed(f"{REPORT}Memory Size: 512 MB\tMax Memory Used: 128 MB\tStatus: timeout")
    metrics = {
        "durationMs": 20.5,
        "billedDurationMs": 21,
        "memorySizeMB": 512,
        "maxMemoryUsedMB": 128,
    }
    as_json = parsed(platform("report", {"requestId": ID, "status": "timeout", "metrics": metrics}))

    assert text["lambda"] == as_json["lambda"]
    assert text["event"] == as_json["event"]
    assert text["faas"] == as_json["faas"]


def test_a_report_of_text_without_a_status_is_a_success() -> None:
    assert parsed(REPORT)["event"]["outcome"] == "success"


def test_a_traced_report_of_several_lines_names_its_trace() -> None:
    trace = "1-69a42b40-0123456789abcdef01234567"
    document = parsed(f"{REPORT}\nXRAY TraceId: {trace}\tSegmentId: 01ab\tSampled: true\t\n")

    assert (document["trace"]["id"], document["span"]["id"]) == (trace, "01ab")


@pytest.mark.parametrize(
    ("extra", "is_cold"),
    [("Init Duration: 2 ms", True), ("Restore Duration: 2 ms", True), ("", False)],
)
def test_a_report_says_whether_the_invocation_waited(extra: str, *, is_cold: bool) -> None:
    assert parsed(REPORT + extra)["faas"]["coldstart"] is is_cold


def test_what_is_paid_for_is_time_and_memory() -> None:
    document = parsed(f"{REPORT}Memory Size: 512 MB\tMax Memory Used: 128 MB")

    assert document["lambda"]["billed_gb_seconds"] == pytest.approx(0.0105)
    assert document["lambda"]["memory_used_percent"] == pytest.approx(25.0)


def test_a_runtime_that_died_leaves_its_error() -> None:
    document = parsed(f"RequestId: {ID} Error: Runtime exited with error: x\nRuntime.ExitError")

    assert document["error"] == {
        "type": "Runtime.ExitError",
        "message": "Runtime exited with error: x",
    }
    assert document["log"]["level"] == "error"


def test_the_stream_names_the_function_in_a_group_that_functions_share() -> None:
    stream = "2026/03/01/orders[7]0a1b2c3d"

    faas = parsed(f"END RequestId: {ID}", group="/apps/shop", stream=stream)["faas"]

    assert (faas["name"], faas["version"]) == ("orders", "7")


def test_a_report_of_the_init_phase_has_its_duration_and_may_lack_it() -> None:
    whole = parsed("INIT_REPORT Init Duration: 1.5 ms\tPhase: init\tStatus: timeout")
    empty = parsed("INIT_REPORT Init Duration: \tPhase: init")

    assert whole["event"]["duration"] == 1_500_000
    assert "duration" not in empty["event"]


def test_a_line_whose_tabs_became_blanks_is_read_all_the_same() -> None:
    with_tabs = f"{REPORT}Memory Size: 512 MB\tMax Memory Used: 128 MB\t"

    assert parsed(with_tabs.replace("\t", "  "))["lambda"] == parsed(with_tabs)["lambda"]


def test_an_event_of_another_type_is_rejected() -> None:
    with pytest.raises(MalformedError) as caught:
        parse(record('{"type":"function","record":"hello"}'))

    assert caught.value.reason == "not_platform"
