"""What a CloudFront record says ends up in the right field, as text and as JSON."""

import json

import pytest

from logcore.archive import split_archive
from logcore.errors import ConfigurationError, MalformedError
from logcore.normalise import Normaliser
from logcore.record import Accepted, Document, LogRecord, Origin, Rejected
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.sources.cloudfront import SOURCE, parse, recognises
from logcore.sources.cloudfront.entry import FIELDS
from logcore.sources.cloudfront.realtime import REALTIME_FIELDS

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


CHOSEN = ["timestamp", "c-ip", "sc-status", "cs-method", "cs-host", "cs-uri-stem"]
CHOSEN_LINE = "1772366413.123\t203.0.113.8\t200\tGET\td1.cloudfront.net\t/a.png?q=1"
EVERYTHING = dict.fromkeys(REALTIME_FIELDS, "-") | {
    "timestamp": "1772366413.123",
    "c-ip": "203.0.113.8",
    "sc-status": "200",
    "cs-uri-stem": "/a.png",
}


def reading(fields: list[str] | None = None) -> Normaliser:
    options = {"cloudfront": {"realtime_fields": fields}} if fields else {}
    return Normaliser(Routing(SOURCES, options=options))


def test_a_payload_of_real_time_lines_is_read_without_an_envelope() -> None:
    line = "\t".join(EVERYTHING.values())

    first, second = reading().payload(f"{line}\n{line.replace('200', '404')}\r\n".encode())

    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert (first.source, first.document["@timestamp"]) == (
        "cloudfront",
        "2026-03-01T12:00:13.123Z",
    )
    assert second.document["http"]["response"]["status_code"] == 404
    assert "account" not in first.document["cloud"]


def test_a_deployments_own_list_of_fields_is_read_in_its_order() -> None:
    (outcome,) = reading(CHOSEN).payload(f"{CHOSEN_LINE}\n".encode())

    assert isinstance(outcome, Accepted)
    assert outcome.document["url"]["path"] == "/a.png"
    assert outcome.document["url"]["query"] == "q=1"
    assert outcome.document["destination"]["domain"] == "d1.cloudfront.net"


def test_the_same_line_without_a_request_id_is_the_same_event() -> None:
    first, second = (reading(CHOSEN).payload(CHOSEN_LINE.encode())[0] for _ in range(2))

    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert first.document["event"]["id"] == second.document["event"]["id"]


@pytest.mark.parametrize(
    "line",
    [
        CHOSEN_LINE,  # not the list that is expected
        "plain text",
        "1772366413.123",
        "\t".join((EVERYTHING | {"c-ip": "somebody"}).values()),
        "\t".join((EVERYTHING | {"sc-status": "fine"}).values()),
    ],
)
def test_lines_that_nobody_recognises_are_a_reject_as_a_whole(line: str) -> None:
    (outcome,) = reading().payload(f"{line}\n{line}\n".encode())

    assert isinstance(outcome, Rejected)
    assert outcome.reason == "payload_unreadable"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"fields": CHOSEN}, "option_unknown"),
        ({"realtime_fields": "timestamp c-ip"}, "fields_unusable"),
        ({"realtime_fields": []}, "fields_unusable"),
        ({"realtime_fields": ["c-ip", "timestamp"]}, "fields_unusable"),
        ({"realtime_fields": ["timestamp", "c-ip", "c-ip"]}, "fields_unusable"),
        ({"realtime_fields": ["timestamp", 7]}, "fields_unusable"),
    ],
)
def test_a_list_of_fields_that_cannot_be_used_is_refused_at_the_start(
    options: dict[str, object], reason: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        SOURCE.configured(options)

    assert caught.value.reason == reason


def test_a_real_time_line_is_recognised_to_its_last_column() -> None:
    line = "\t".join(EVERYTHING.values())

    assert recognises(record(line, "/apps/any"))
    assert not recognises(record(f"{line}\tmore", "/apps/any"))


def test_the_archive_holds_lines_between_other_payloads() -> None:
    parts = [b'{"detail-type": "x"}', f"{CHOSEN_LINE}\n".encode(), f"{CHOSEN_LINE}\n".encode()]

    assert [*split_archive(b"".join(parts))] == parts


def test_who_a_request_was_forwarded_for_is_related() -> None:
    document = changed({"x-forwarded-for": "198.51.100.3,%20unknown"})

    assert document["related"]["ip"] == ["203.0.113.8", "198.51.100.3"]
