"""The command line: whatever a person has at hand goes in, documents come out in its order."""

import gzip
import io
import itertools
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from hashlib import shake_256
from pathlib import Path
from typing import Any

import pytest

from logcore import cli
from logcore.normalise import Normaliser
from logcore.routing import Routing
from logcore.source import Source

NOW_MS = 1_772_366_460_000  # 2026-03-01T12:01:00Z
FLOW = (
    b"2 222222222222 eni-0a1b2c3d 192.0.2.1 198.51.100.7 443 51234 6 9 840 1772366400 1772366459"
    b" ACCEPT OK"
)
QUICK = Source(name="quick", dataset="quick", reference="", parse=lambda _record: {})
LONG = shake_256(b"long").hexdigest(16_384)  # that no gzip makes small
CUT = b"2 222222222222 eni-0a1b2c3d 192.0.2.1"


def run(data: bytes, *words: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The lines on stdout and on stderr."""
    out, said = io.BytesIO(), list[str]()
    code = cli.main(["normalise", *words], io.BytesIO(data), out, now_ms=NOW_MS, say=said.append)

    assert code == 0
    return [json.loads(line) for line in out.getvalue().splitlines()], said


def envelope(*messages: str, group: str = "/aws/vpc/flow") -> dict[str, Any]:
    return {
        "messageType": "DATA_MESSAGE",
        "owner": "222222222222",
        "logGroup": group,
        "logStream": "example",
        "subscriptionFilters": ["central-logs-eu-west-1"],
        "logEvents": [
            {"id": str(n), "timestamp": NOW_MS, "message": text} for n, text in enumerate(messages)
        ],
    }


def event(number: int = 1) -> dict[str, Any]:
    return {
        "version": "0",
        "id": str(number),
        "source": "aws.guardduty",
        "detail-type": "GuardDuty Finding",
        "account": "222222222222",
        "region": "eu-west-1",
        "time": "2026-03-01T12:00:00Z",
        "detail": {"id": f"f{number}", "type": "Recon:EC2/Portscan", "severity": 5},
    }


def as_bytes(value: object) -> bytes:
    return json.dumps(value).encode()


def datasets(documents: list[dict[str, Any]]) -> list[str]:
    return [d["event"]["dataset"] if "event" in d else d["rejected"] for d in documents]


def test_each_raw_line_becomes_a_document_in_the_order_of_the_input() -> None:
    documents, _ = run(b"first\n" + FLOW + b"\r\n\n" + b'{"level":"error","message":"third"}')

    assert datasets(documents) == ["generic", "aws.vpcflow", "generic"]
    assert [d.get("message") for d in documents] == ["first", None, "third"]


def test_a_line_without_a_time_of_its_own_gets_the_present() -> None:
    documents, _ = run(b"no time\n" + FLOW)

    assert [d["@timestamp"] for d in documents] == [
        "2026-03-01T12:01:00.000Z",
        "2026-03-01T12:00:59.000Z",
    ]


def test_a_raw_line_says_nothing_of_where_it_came_from() -> None:
    documents, _ = run(b"hello")

    assert documents[0]["cloud"] == {"provider": "aws"}
    assert "aws" not in documents[0]


@pytest.mark.parametrize(
    "data",
    [
        as_bytes(envelope(FLOW.decode(), "cut")),
        gzip.compress(as_bytes(envelope(FLOW.decode(), "cut"))),
        json.dumps(envelope(FLOW.decode(), "cut"), indent=2).encode(),
    ],
    ids=["a line", "gzip", "printed over several lines"],
)
def test_an_envelope_is_opened_in_each_form(data: bytes) -> None:
    documents, _ = run(data)

    assert datasets(documents) == ["aws.vpcflow", "column_count"]
    assert documents[0]["aws"]["cloudwatch"]["log_group"] == "/aws/vpc/flow"
    assert documents[0]["cloud"]["region"] == "eu-west-1"


def test_a_control_message_holds_no_records() -> None:
    assert run(as_bytes(envelope() | {"messageType": "CONTROL_MESSAGE"})) == ([], [])


def test_events_are_opened_one_a_line_and_joined_without_a_break() -> None:
    for data in (
        as_bytes(event(1)) + b"\n" + as_bytes(event(2)),
        as_bytes(event(1)) + as_bytes(event(2)),
        json.dumps(event(1), indent=2).encode() + b"\n" + json.dumps(event(2), indent=2).encode(),
    ):
        documents, _ = run(data)
        assert [d["guardduty"]["finding_id"] for d in documents] == ["f1", "f2"]


def test_an_archive_object_gives_every_record_of_its_payloads() -> None:
    member = gzip.compress(as_bytes(envelope(FLOW.decode())))
    data = as_bytes(event()) + member + member + as_bytes(event()) + member

    expected = ["aws.guardduty", *["aws.vpcflow"] * 2, "aws.guardduty", "aws.vpcflow"]
    assert datasets(run(data)[0]) == expected


def test_a_raw_object_may_be_printed_over_several_lines() -> None:
    documents, _ = run(json.dumps({"level": "warn", "message": "wide"}, indent=2).encode())

    assert [d["log"]["level"] for d in documents] == ["warn"]


def test_a_line_that_only_speaks_of_an_envelope_is_a_raw_line() -> None:
    documents, _ = run(as_bytes({"message": "got it", "received": envelope("x")}))

    assert [d["message"] for d in documents] == ["got it"]


def test_a_reject_is_shown_with_its_reason_and_does_not_end_the_input() -> None:
    documents, _ = run(CUT + b"\n" + FLOW, "--dataset", "aws.vpcflow")

    assert documents[0] == {
        "rejected": "column_count",
        "detail": "expected 14 columns, found 4",
    }
    assert datasets(documents[1:]) == ["aws.vpcflow"]


def test_a_cut_archive_gives_what_is_whole_and_then_says_where_it_is_cut() -> None:
    whole = gzip.compress(as_bytes(envelope(FLOW.decode())))
    documents, _ = run(whole + whole[:-20])

    assert datasets(documents) == ["aws.vpcflow", "archive_unreadable"]
    assert f"at byte {len(whole)}" in documents[1]["detail"]


def test_the_place_of_a_cut_counts_from_the_begin_of_a_long_file() -> None:
    event_line = as_bytes(event())
    many = 2_500_000 // len(event_line)
    documents, _ = run(event_line * many + event_line[:-9])

    assert f"at byte {len(event_line) * many}:" in documents[-1]["detail"]


def test_what_cannot_be_read_is_a_reject() -> None:
    documents, said = run(gzip.compress(b"a\nb")[:-8], "--explain")

    assert datasets(documents) == ["generic", "object_cut"]
    assert said[1] == "2: no source was asked: it could not be read"


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_files_as_aws_writes_them_to_s3_are_read(pack: Callable[[bytes], bytes]) -> None:
    trail = as_bytes({"Records": [{"eventVersion": "1.11", "eventSource": "iam.amazonaws.com"}]})
    edge = b"#Version: 1.0\n#Fields: date x-edge-request-id\n2026-03-01\tabc\n"
    flow = b"version srcaddr dstaddr\n2 192.0.2.1 198.51.100.7\n"

    found = [datasets(run(pack(file))[0]) for file in (trail, edge, flow, b"hello\n")]

    assert found == [["aws.cloudtrail"], ["aws.cloudfront_logs"], ["aws.vpcflow"], ["generic"]]


def test_a_header_is_explained_as_what_decided() -> None:
    assert run(b"version srcaddr\n2 192.0.2.1\n", "--explain")[1] == [
        "1: vpc_flow by header 'version srcaddr'"
    ]


def test_the_asked_for_dataset_takes_what_another_would_have_claimed() -> None:
    assert datasets(run(FLOW, "--dataset", "generic")[0]) == ["generic"]
    assert datasets(run(as_bytes(envelope("x")), "--dataset", "generic")[0]) == ["generic"]


def test_each_record_is_explained_by_what_decided() -> None:
    data = b"\n".join(
        [as_bytes(envelope(FLOW.decode(), "cut")), as_bytes(event()), FLOW, b"whatever"]
    )

    assert run(data, "--explain")[1] == [
        "1: vpc_flow by pattern '/aws/vpc/flow*'",
        "2: vpc_flow by pattern '/aws/vpc/flow*'",
        "3: guardduty by event 'aws.guardduty/GuardDuty Finding'",
        "4: vpc_flow by content",
        "5: generic by fallback",
    ]
    assert run(FLOW, "--explain", "--dataset", "generic")[1] == [
        "1: generic by override --dataset generic"
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--dataset", "aws.vpc"), "no dataset 'aws.vpc'; known: aws.cloudtrail, "),
        (("/does/not/exist",), "cannot read '/does/not/exist': No such file"),
        (("--dataset", "generic", "a", "b"), "unrecognized arguments: b"),
    ],
)
def test_wrong_words_end_with_code_2_and_name_the_value(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(b"", *words)

    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_a_file_is_read_when_one_is_named(tmp_path: Path) -> None:
    file = tmp_path / "flows.log"
    file.write_bytes(FLOW)

    assert datasets(run(b"not this", str(file))[0]) == ["aws.vpcflow"]


@pytest.mark.parametrize(
    "unit",
    [
        LONG.encode() + b"\n",
        gzip.compress(as_bytes(envelope(LONG))),
        as_bytes(event() | {"detail": {"text": LONG}}),
    ],
    ids=["lines", "gzip members", "events"],
)
def test_a_long_input_takes_no_more_memory_than_a_short_one(unit: bytes) -> None:
    length = 24 * 1_048_576

    assert _peak(Endless(unit, length)) < length / 3


class Endless(io.RawIOBase):
    """A file that repeats itself and is never in memory as a whole."""

    def __init__(self, unit: bytes, length: int) -> None:
        block = unit * (1 + 65_536 // len(unit))
        self._blocks = itertools.repeat(block, length // len(block))
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._left = self._left or next(self._blocks, b"")
        part = self._left[: len(buffer)]
        buffer[: len(part)] = part
        self._left = self._left[len(part) :]
        return len(part)


def _peak(file: Endless) -> int:
    tracemalloc.start()
    for _ in cli.outcomes(io.BufferedReader(file), Normaliser(Routing((QUICK,))), NOW_MS):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_a_line_is_read_as_soon_as_it_is_there() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as ours, os.fdopen(writing, "wb", 0) as theirs:
        found = cli.outcomes(ours, Normaliser(Routing((QUICK,))), NOW_MS)
        theirs.write(b"first\n")

        assert next(found).record.message == "first"


def test_it_runs_as_a_program_and_ends_quietly_when_nobody_reads_on() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "logcore", "normalise"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as program:
        assert program.stdin
        assert program.stdout
        assert program.stderr
        program.stdin.write(b"hello\n" + FLOW)
        program.stdin.close()
        assert json.loads(program.stdout.readline())["message"] == "hello"
        program.stdout.close()
        assert program.stderr.read() == b""
    assert program.returncode == 0


RULES = b"""
stage = "whatever else a configuration says"

[[datasets."aws.vpcflow".rules]]
name = "accepted"
action = "drop"
when = { "event.outcome" = ["success"] }

[[datasets."*".rules]]
name = "addresses"
action = "redact"
mode = "hash"
fields = ["source.address"]

[[datasets."*".rules]]
name = "never"
action = "drop"
when = { "user.name" = ["nobody"] }
"""


def test_rules_of_a_configuration_apply(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_bytes(RULES)
    rejected = FLOW.replace(b"ACCEPT", b"REJECT")

    lines, said = run(FLOW + b"\n" + rejected, "--rules", str(tmp_path / "rules.toml"))

    assert lines[0] == {"dropped": "accepted"}
    assert lines[1]["source"]["address"].startswith("[redacted:")
    assert said == []


def test_a_dry_run_counts_by_rule_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_bytes(RULES)
    data = b"\n".join([FLOW, FLOW, CUT])

    lines, said = run(data, "--rules", str(tmp_path / "rules.toml"), "--dry-run")

    assert lines == run(data)[0]
    assert said == [
        "dry run over 3 events; documents are as without rules",
        "  accepted would drop 2",
        "  addresses would redact 2",
        "  never would do nothing",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[datasets."aws.vpcflow".rules]]\nname = "a"', "action: expected one of"),
        ("[", "rules.toml"),
        ('datasets."*".rules = "none"', "expected [[datasets"),
    ],
)
def test_rules_that_cannot_be_used_end_the_command_with_the_reason(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SystemExit) as ended:
        run(FLOW, "--rules", str(path))

    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_a_dry_run_without_rules_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(FLOW, "--dry-run")

    assert "expected --rules" in capsys.readouterr().err
