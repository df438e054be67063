"""What a CloudFront record says ends up in the right field, as text and as JSON."""

import json

import pytest

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord, Origin
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.sources.cloudfront import parse
from logcore.sources.cloudfront.entry import FIELDS

ENTRY = dict.fromkeys(FIELDS, "-") | {
    "date": "2026-03-01",
    "time": "12:00:13",
    "x-edge-location": "FRA56-P3",
    "sc-bytes": "512",
    "c-ip": "203.0.113.8",
    "cs-method": "GET",
    "cs-uri-stem": "/a.png",
    "sc-status": "200",
    "x-edge-request-id": "EXAMPLE==",
}


def record(message: str, log_group: str = "/aws/vendedlogs/cloudfront/site") -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", account="222222222222", log_group=log_group)
    return LogRecord("0", 1_772_366_470_000, message, origin)


def changed(values: dict[str, str]) -> Document:
    return parse(record("\t".join((ENTRY | values).values())))


def test_both_formats_say_the_same() -> None:
    as_json = parse(record(json.dumps({k: v for k, v in ENTRY.items() if v != "-"})))

    assert as_json == changed({})


def test_milliseconds_win_over_seconds() -> None:
    as_json = parse(record(json.dumps(ENTRY | {"timestamp(ms)": "1772366413123"})))

    assert as_json["@timestamp"] == "2026-03-01T12:00:13.123Z"
    assert changed({})["@timestamp"] == "2026-03-01T12:00:13.000Z"


def test_headers_are_decoded_and_urls_are_not() -> None:
    document = changed({"cs(User-Agent)": "a%20b", "cs-uri-stem": "/a%20b"})

    assert document["user_agent"]["original"] == "a b"
    assert document["url"]["path"] == "/a%20b"


def test_the_host_that_was_asked_for_is_the_urls() -> None:
    hosts = {"x-host-header": "www.example.com", "cs(Host)": "d1.cloudfront.net"}
    document = changed(hosts | {"cs-protocol": "https", "cs-uri-query": "q=1"})

    assert document["url"]["full"] == "https://www.example.com/a.png?q=1"
    assert document["destination"]["domain"] == "d1.cloudfront.net"


def test_a_viewer_who_left_has_no_status() -> None:
    document = changed({"sc-status": "000"})

    assert document["event"]["outcome"] == "unknown"
    assert "pipeline" not in document


def test_a_header_in_the_same_message_names_the_columns() -> None:
    found = parse(record("#Fields: x-edge-request-id sc-status\nEXAMPLE==\t404"))

    assert found["http"]["response"]["status_code"] == 404


@pytest.mark.parametrize("header", ["#Version: 1.0", "#Fields: date time"])
def test_a_header_alone_is_no_request(header: str) -> None:
    with pytest.raises(MalformedError, match="header_line"):
        parse(record(header))


def test_lines_are_recognised_in_any_group() -> None:
    line = "\t".join(ENTRY.values())

    assert Routing(SOURCES).source_for(record(line, "/teams/web")).name == "cloudfront"
