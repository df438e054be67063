"""CodeBuild's own lines are told from what commands print, and say which build failed and why."""

import pytest

from logcore.record import Document, LogRecord, Origin
from logcore.sources.codebuild import parse, recognises
from logcore.sources.codebuild.said import level_in

TIME = "[Container] 2026/03/01 12:00:00.123456 "
BUILD = "11111111-2222-3333-4444-555555555555"


def record(
    message: str, group: str = "/aws/codebuild/shop", stream: str = BUILD, region: str = "eu-west-1"
) -> LogRecord:
    origin = Origin(
        transport="cloudwatch_logs",
        account="222222222222",
        region=region,
        log_group=group,
        log_stream=stream,
    )
    return LogRecord("0", 1_772_366_470_000, message, origin)


def parsed(message: str) -> Document:
    return parse(record(message))


@pytest.mark.parametrize(
    ("stream", "region", "build"),
    [
        (BUILD, "eu-west-1", f"arn:aws:codebuild:eu-west-1:222222222222:build/shop:{BUILD}"),
        (
            f"ci/{BUILD}",
            "eu-west-1",
            f"arn:aws:codebuild:eu-west-1:222222222222:build/shop:{BUILD}",
        ),
        (BUILD, "cn-north-1", f"arn:aws-cn:codebuild:cn-north-1:222222222222:build/shop:{BUILD}"),
        ("other", "eu-west-1", None),
    ],
)
def test_a_line_names_its_build_as_the_builds_events_do(
    stream: str, region: str, build: str | None
) -> None:
    document = parse(record("hello", stream=stream, region=region))

    assert document.get("transaction", {}).get("id") == build
    assert document["service"]["name"] == "shop"


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        *(("Phase complete: BUILD State: SUCCEEDED", "success"),),
        *(("Phase complete: BUILD State: FAILED", "failure"),),
        *(("Phase complete: BUILD Success: false", "failure"),),
        *(("Phase complete: BUILD State: FAULT", "failure"), ("Phase complete: x", "unknown")),
        *(("Phase context status code:  Message: ", None), ("Entering phase BUILD", None)),
    ],
)
def test_the_end_of_a_phase_has_an_outcome(said: str, outcome: str | None) -> None:
    assert parsed(TIME + said)["event"].get("outcome") == outcome


def test_a_command_that_failed_keeps_its_exit_code() -> None:
    document = parsed(f"{TIME}Command did not exit successfully make exit status 1 exit status 2")

    assert document["process"] == {"command_line": "make exit status 1", "exit_code": 2}
    assert document["log"]["level"] == "error"


@pytest.mark.parametrize(
    ("line", "level"),
    [
        *(("npm ERR! code 1", "error"), ("error: no such file", "error"), ("fatal: x", "fatal")),
        *(("[WARNING] old", "warn"), ("warning: unused", "warn"), ("a.c:1:2: error: x", "error")),
        *(("errors: 0", None), ("no error here", None), ("", None)),
    ],
)
def test_a_level_counts_at_the_head_of_a_printed_line(line: str, level: str | None) -> None:
    assert level_in(line) == level


def test_own_lines_are_recognised_in_any_group_and_other_lines_are_not() -> None:
    assert recognises(record(f"{TIME}Entering phase BUILD", group="/builds"))
    assert not recognises(record("[Container] started", group="/builds"))
    assert not recognises(record("Entering phase BUILD", group="/builds"))
