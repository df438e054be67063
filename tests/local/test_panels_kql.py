"""The promises of KQL: what a reader types is what is searched."""

from typing import Any

import pytest

from local.panels.errors import KqlError
from local.panels.kql import to_clause


def exists(field: str) -> dict[str, Any]:
    return {"exists": {"field": field}}


def match(field: str, value: str) -> dict[str, Any]:
    return {"match": {field: value}}


def phrase(field: str, value: str) -> dict[str, Any]:
    return {"match_phrase": {field: value}}


def either(*clauses: dict[str, Any]) -> dict[str, Any]:
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}}


def both(*clauses: dict[str, Any]) -> dict[str, Any]:
    return {"bool": {"filter": list(clauses)}}


def neither(*clauses: dict[str, Any]) -> dict[str, Any]:
    return {"bool": {"must_not": list(clauses)}}


@pytest.mark.parametrize(
    ("query", "clause"),
    [
        ("", {"match_all": {}}),
        ("*", {"match_all": {}}),
        ("user.name: alice", match("user.name", "alice")),
        ("user.name : alice", match("user.name", "alice")),
        ('event.kind : "pipeline error"', phrase("event.kind", "pipeline error")),
        ("message: out of memory", match("message", "out of memory")),
        ("error.code: *", exists("error.code")),
        ("event.severity >= 7", {"range": {"event.severity": {"gte": "7"}}}),
        ("a < 1", {"range": {"a": {"lt": "1"}}}),
        ("a <= 1", {"range": {"a": {"lte": "1"}}}),
        ('a > "now-1h"', {"range": {"a": {"gt": "now-1h"}}}),
        ("not a: b", neither(match("a", "b"))),
        ("a: b and c: d", both(match("a", "b"), match("c", "d"))),
        ("a: b or c: d", either(match("a", "b"), match("c", "d"))),
        ("a: (b or c)", either(match("a", "b"), match("a", "c"))),
        ('a: ("b c" and not d)', both(phrase("a", "b c"), neither(match("a", "d")))),
        (r"a: b\:c", match("a", "b:c")),
        (r"a: \*", match("a", "*")),
        (r"a: \and", match("a", "and")),
        (
            "url.path: /v1/*",
            {"query_string": {"query": r"\/v1\/*", "lenient": True, "fields": ["url.path"]}},
        ),
        (r"a: b\**", {"query_string": {"query": r"b\**", "lenient": True, "fields": ["a"]}}),
        ("source.*: x", {"query_string": {"query": "x", "lenient": True, "fields": ["source.*"]}}),
        ("denied", {"multi_match": {"type": "best_fields", "query": "denied", "lenient": True}}),
        ('"no entry"', {"multi_match": {"type": "phrase", "query": "no entry", "lenient": True}}),
        ("den*", {"query_string": {"query": "den*", "lenient": True}}),
    ],
)
def test_a_query_finds_what_it_describes(query: str, clause: dict[str, Any]) -> None:
    found = to_clause(query)

    assert found == clause


def test_and_binds_tighter_than_or() -> None:
    found = to_clause("a: 1 or b: 2 and c: 3")

    assert found == either(match("a", "1"), both(match("b", "2"), match("c", "3")))


def test_not_binds_tightest() -> None:
    found = to_clause("not a: 1 and b: 2")

    assert found == both(neither(match("a", "1")), match("b", "2"))


def test_parentheses_bind_first() -> None:
    found = to_clause("(a: 1 or b: 2) and c: 3")

    assert found == both(either(match("a", "1"), match("b", "2")), match("c", "3"))


def test_keywords_may_be_written_large_and_lines_may_be_broken() -> None:
    found = to_clause("a: 1\n  AND NOT b: 2")

    assert found == both(match("a", "1"), neither(match("b", "2")))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("a:", "expected a field or a value at character 3, found the end"),
        ("(a: b", "expected ) at character 6, found the end"),
        ("a: b)", "expected and, or, or the end at character 5, found )"),
        ("and", "expected a field or a value at character 1, found and"),
        ('a: "b', 'unexpected " at character 4'),
        ("a: {b: c}", "unexpected { at character 4"),
        ("a: b or", "expected a field or a value at character 8, found the end"),
    ],
)
def test_a_query_that_is_not_kql_is_refused_where_it_goes_wrong(query: str, message: str) -> None:
    with pytest.raises(KqlError) as refused:
        to_clause(query)

    assert str(refused.value) == message
