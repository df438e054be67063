"""What is found on a list, what a match looks like, and what a malformed line costs."""

from typing import Any

import pytest

from logcore.enrichment.indicator_lists import read_list
from logcore.enrichment.indicator_match import MOST_MATCHES, MatchIndicators
from logcore.errors import ReferenceDataError
from logcore.record import Document, Origin

ORIGIN = Origin(transport="unknown")
SHA256 = "A" * 64


def matches(document: Document, *lists: str) -> list[dict[str, Any]]:
    enrich = MatchIndicators()
    enrich.use([read_list("feeds/example.txt", text.encode().split()).indicators for text in lists])
    enrich(document, ORIGIN)
    found: list[dict[str, Any]] = document.get("threat", {}).get("enrichments", [])
    return found


def names(document: Document, *lists: str) -> list[str]:
    return [match["indicator"]["name"] for match in matches(document, *lists)]


def test_a_match_says_what_matched_where_and_on_which_list() -> None:
    assert matches({"related": {"ip": ["203.0.113.66"]}}, "203.0.113.0/24") == [
        {
            "indicator": {"name": "203.0.113.0/24", "type": "ipv4-addr", "provider": "example"},
            "matched": {
                "atomic": "203.0.113.66",
                "field": "related.ip",
                "type": "indicator_match_rule",
            },
        }
    ]


@pytest.mark.parametrize(
    ("kind", "value", "indicator"),
    [
        ("ip", "203.0.113.66", "203.0.113.66"),
        ("ip", "2001:DB8:0:0::7", "2001:db8::7"),
        ("ip", "2001:db8:ffff::1", "2001:db8::/32"),
        ("hosts", "a.b.Bad.example.com.", "bad.example.com"),
        ("hosts", "bad.example.com", "*.bad.example.com."),
        ("hash", SHA256.lower(), SHA256),
        ("hash", "b" * 32, "B" * 32),
    ],
)
def test_a_value_is_found_however_it_is_spelt(kind: str, value: str, indicator: str) -> None:
    assert len(matches({"related": {kind: [value]}}, indicator)) == 1


@pytest.mark.parametrize(
    ("kind", "value", "indicator"),
    [
        ("ip", "203.0.114.1", "203.0.113.0/24"),
        ("ip", "::cb00:7142", "203.0.113.66"),
        ("hosts", "example.com", "bad.example.com"),
        ("hosts", "notbad.example.com", "bad.example.com"),
        ("hash", "a" * 40, "a" * 64),
    ],
)
def test_a_neighbour_is_not_found(kind: str, value: str, indicator: str) -> None:
    assert matches({"related": {kind: [value]}}, indicator) == []


def test_the_longest_prefix_and_the_longest_name_count() -> None:
    document = {"related": {"ip": ["203.0.113.66"], "hosts": ["a.b.example.com"]}}
    known = "203.0.0.0/16 203.0.113.0/24 example.com b.example.com"

    assert names(document, known) == ["203.0.113.0/24", "b.example.com"]


def test_each_list_that_knows_a_value_is_named() -> None:
    assert len(matches({"related": {"ip": ["203.0.113.66"]}}, "203.0.113.66", "203.0.0.0/16")) == 2


def test_a_value_in_several_fields_is_matched_once() -> None:
    name = "bad.example.com"
    document = {"related": {"hosts": [name]}, "dns": {"question": {"name": name}}}

    assert [match["matched"]["field"] for match in matches(document, name)] == ["related.hosts"]


def test_names_beside_related_are_matched_too() -> None:
    document: Document = {"url": {"domain": "bad.example.com"}}

    assert matches(document, "bad.example.com")[0]["matched"]["field"] == "url.domain"


def test_a_document_has_a_bounded_number_of_matches() -> None:
    document = {"related": {"ip": [f"203.0.113.{n}" for n in range(200)]}}

    assert len(matches(document, "203.0.113.0/24")) == MOST_MATCHES


def test_csv_and_json_lines_tell_more_of_an_indicator() -> None:
    csv = (
        b"indicator,description,provider,confidence,tlp,first_seen\n"
        b"203.0.113.66,Scanner,ex,85,tlp:amber,2026-03-01T12:00:00Z\n"
    )
    jsonl = (
        b'{"indicator": "203.0.113.66", "description": "Scanner", "provider": "ex",'
        b' "confidence": "high", "tlp": "AMBER", "first_seen": "2026-03-01T12:00:00Z"}\n'
    )

    for name, text in (("a.csv", csv), ("a.jsonl", jsonl)):
        found = read_list(name, text.splitlines()).indicators.find("address", "203.0.113.66")

        assert found is not None
        assert found.told == {
            "confidence": "High",
            "description": "Scanner",
            "first_seen": "2026-03-01T12:00:00.000Z",
            "marking": {"tlp": "AMBER"},
            "provider": "ex",
        }


def test_a_malformed_line_is_counted_and_named_and_the_rest_works() -> None:
    lines = [
        b"# comment",
        b"",
        b"203.0.113.66 # known",
        b"exa mple",
        b"203.0.113.1/24",
        b"\xff\xfe",
    ]

    read = read_list("feeds/example.txt", lines)

    assert len(read.indicators) == 1
    assert read.malformed == 3
    assert read.named[:2] == ["line 4: 'exa mple'", "line 5: '203.0.113.1/24'"]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("a.jsonl", [b'{"indicator": 7}', b"[]", b"{", b'{"indicator": "203.0.113.66"}']),
        ("a.csv", [b"indicator", b'"', b"", b"\x00", b"x" * 200_000, b"203.0.113.66"]),
    ],
)
def test_a_malformed_row_of_any_form_costs_only_itself(name: str, lines: list[bytes]) -> None:
    assert len(read_list(name, lines).indicators) == 1


def test_a_list_of_which_nothing_is_understood_is_refused() -> None:
    with pytest.raises(ReferenceDataError, match=r"none of 2 lines, line 1: '<html>'"):
        read_list("feeds/example.txt", [b"<html>", b"</html>"])


def test_an_empty_list_is_a_list() -> None:
    assert len(read_list("feeds/example.txt", []).indicators) == 0
