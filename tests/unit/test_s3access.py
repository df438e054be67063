"""What an S3 access record says ends up in the right field, as text and as JSON."""

import json

import pytest

from logcore.formats.clf import clf_time
from logcore.record import Document, LogRecord, Origin
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.sources.s3access import parse
from logcore.sources.s3access.entry import COLUMNS

LINE = {
    "bucket_owner_id": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be",
    "bucket_name": "example-bucket",
    "request_time": "[01/Mar/2026:12:00:38 +0000]",
    "remote_ip": "203.0.113.3",
    "requester": "arn:aws:iam::222222222222:user/team/alice",
    "request_id": "3E57427F3EXAMPLE",
    "operation": "REST.GET.OBJECT",
    "key_name": "a.txt",
    "request_uri": '"GET /a.txt HTTP/1.1"',
    "http_status": "200",
} | dict.fromkeys(COLUMNS[10:], "-")


def record(message: str, log_group: str = "/aws/vendedlogs/s3/example") -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", account="222222222222", log_group=log_group)
    return LogRecord("0", 1_772_366_470_000, message, origin)


def changed(**values: str) -> Document:
    return parse(record(" ".join((LINE | values).values())))


@pytest.mark.parametrize(
    ("requester", "name", "roles"),
    [
        ("arn:aws:iam::222222222222:user/team/alice", "alice", None),
        ("arn:aws:sts::222222222222:assumed-role/Deployer/run-7", "run-7", ["Deployer"]),
        ("arn:aws:iam::222222222222:root", "root", None),
        ("79a59df900b949e55d96a1e698fbaced", None, None),
    ],
)
def test_a_user_has_a_name_where_the_requester_is_an_arn(
    requester: str, name: str | None, roles: list[str] | None
) -> None:
    user = changed(requester=requester)["user"]

    assert (user["id"], user.get("name"), user.get("roles")) == (requester, name, roles)


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("example-bucket.s3.eu-west-1.amazonaws.com", "eu-west-1"),
        ("s3-us-west-2.amazonaws.com", "us-west-2"),
        ("b.s3.dualstack.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        ("example-bucket.s3.amazonaws.com", None),
    ],
)
def test_the_region_is_the_one_in_the_host(host: str, region: str | None) -> None:
    assert changed(host_header=host)["cloud"].get("region") == region


@pytest.mark.parametrize(
    "column", ["bucket_name", "request_time", "request_id", "operation", "key_name", "version_id"]
)
def test_records_of_one_request_that_differ_are_apart(column: str) -> None:
    other = {
        "operation": "REST.COPY.OBJECT_GET",
        "request_time": "[01/Mar/2026:12:00:39 +0000]",
    }.get(column, "other")

    assert changed()["event"]["id"] == changed()["event"]["id"]
    assert changed(**{column: other})["event"]["id"] != changed()["event"]["id"]


def test_who_does_not_sign_is_anonymous() -> None:
    assert changed(requester="-")["s3access"]["is_anonymous"] is True
    assert changed()["s3access"]["is_anonymous"] is False


def test_both_formats_say_the_same() -> None:
    values = {key: value.strip('[]"') for key, value in LINE.items() if value != "-"}
    as_json = parse(record(json.dumps(values | {"http_status": 200})))
    as_line = changed()

    assert {**as_json, "aws": None} == {**as_line, "aws": None}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("01/Mar/2026:12:00:38 +0000", 1_772_366_438_000),
        ("01/Mar/2026:13:00:38 +0100", 1_772_366_438_000),
        ("2026-03-01T12:00:38.000Z", 1_772_366_438_000),
        ("01/Mrz/2026:12:00:38 +0000", None),
        ("31/Feb/2026:12:00:38 +0000", None),
        (None, None),
    ],
)
def test_a_time_is_read_in_either_spelling(value: str | None, expected: int | None) -> None:
    assert clf_time(value) == expected


def test_lines_are_recognised_in_any_group() -> None:
    line = " ".join(LINE.values())

    assert Routing(SOURCES).source_for(record(line, "/teams/storage")).name == "s3access"


@pytest.mark.parametrize("agent", ['a" b', 'x" - h SigV4 AES AuthHeader h TLSv1.3 "', '"', "a b"])
def test_no_user_agent_moves_the_columns_after_it(agent: str) -> None:
    document = changed(user_agent=f'"{agent}"', host_header="b.s3.amazonaws.com")

    assert document["user_agent"]["original"] == agent
    assert document["destination"]["domain"] == "b.s3.amazonaws.com"


def test_a_delivery_calls_sizes_and_times_by_other_names() -> None:
    sizes = {"bytes_sent_size": "2048", "total_duration": "15", "turn_around_duration": "14"}
    entry = {"bucket_name": "b", "operation": "REST.GET.OBJECT", "referer": "https://example.com/"}

    document = parse(record(json.dumps(entry | sizes)))

    assert document["http"]["response"]["bytes"] == 2048
    assert document["http"]["request"]["referrer"] == "https://example.com/"
    assert document["event"]["duration"] == 15_000_000
    assert document["s3access"]["turn_around_ms"] == 14
