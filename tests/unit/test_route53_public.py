"""A line about a public zone is read to its last column, and no other line is taken for one."""

import pytest

from logcore.errors import MalformedError
from logcore.record import LogRecord, Origin
from logcore.sources.route53_public import parse, recognises

LINE = (
    "1.0 2026-03-01T12:00:00.130Z Z0123456789EXAMPLE wWw.example.com A NOERROR UDP FRA6"
    " 192.0.2.53 198.51.100.0/24"
)


def record(line: str) -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", log_group="/aws/route53/example.com")
    return LogRecord("0", 1_772_366_470_000, line, origin)


def test_the_resolver_is_the_source_and_not_the_network_behind_it() -> None:
    document = parse(record(LINE))

    assert document["source"]["ip"] == "192.0.2.53"
    assert document["related"]["ip"] == ["192.0.2.53"]
    assert document["route53_public"]["edns_client_subnet"] == "198.51.100.0/24"


def test_the_raw_column_keeps_its_case() -> None:
    document = parse(record(LINE))

    assert document["dns"]["question"]["name"] == "www.example.com"
    assert document["aws"]["route53_public_logs"]["query_name"] == "wWw.example.com"


@pytest.mark.parametrize(
    "line",
    [
        LINE,
        LINE.replace("198.51.100.0/24", "-"),
        LINE.replace("FRA6", "FRA56-P4"),
        LINE.replace("192.0.2.53", "2001:db8::53"),
    ],
)
def test_a_line_is_recognised_anywhere(line: str) -> None:
    assert recognises(record(line))


@pytest.mark.parametrize(
    "line", [f"saw {LINE}", f"{LINE} more", LINE.replace("UDP", "ICMP"), "", "1.0"]
)
def test_any_other_line_is_not(line: str) -> None:
    assert not recognises(record(line))


@pytest.mark.parametrize(
    "line",
    [
        LINE.rsplit(" ", 1)[0],
        LINE.replace("2026-03-01T12:00:00.130Z", "-"),
        "one two three four five six seven eight nine ten",
    ],
)
def test_another_log_in_the_group_is_rejected(line: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parse(record(line))

    assert caught.value.reason == "not_public_query"
