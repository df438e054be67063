"""What the Resolver logs about a query ends up in the right field."""

import json
from typing import Any

import pytest

from logcore.record import Document, LogRecord, Origin
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.sources.route53_resolver import parse, recognises

QUERY = {
    "vpc_id": "vpc-0123456789abcdef0",
    "query_timestamp": "2026-03-01T12:00:00Z",
    "query_name": "www.example.com.",
    "query_type": "A",
    "rcode": "NOERROR",
    "srcaddr": "10.0.1.5",
    "transport": "UDP",
}


def record(message: str, log_group: str = "/aws/route53resolver/queries") -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", log_group=log_group)
    return LogRecord("0", 1_772_366_470_000, message, origin)


def parsed(**fields: Any) -> Document:
    return parse(record(json.dumps(QUERY | fields)))


@pytest.mark.parametrize(
    ("action", "kind", "outcome", "verdict"),
    [
        ("BLOCK", "alert", "failure", ["protocol", "denied"]),
        ("ALERT", "alert", "success", ["protocol", "allowed"]),
        ("ALLOW", "event", "success", ["protocol", "allowed"]),
        (None, "event", "success", ["protocol"]),
    ],
)
def test_what_the_firewall_did_decides_over_kind_and_outcome(
    action: str | None, kind: str, outcome: str, verdict: list[str]
) -> None:
    event = parsed(firewall_rule_action=action)["event"]

    assert (event["kind"], event["outcome"], event["type"]) == (kind, outcome, verdict)


def test_each_answer_is_about_the_name_its_alias_led_to() -> None:
    answers = [
        {"Type": "CNAME", "Rdata": "Edge.example.com.", "Class": "IN"},
        {"Type": "A", "Rdata": "203.0.113.9", "Class": "IN"},
        {"Type": "A", "Rdata": "203.0.113.10", "Class": "IN"},
    ]

    document = parsed(answers=answers)

    assert document["dns"]["answers"]["name"] == ["www.example.com", "edge.example.com"]
    assert document["related"]["hosts"] == ["www.example.com", "edge.example.com"]
    assert document["related"]["ip"] == ["10.0.1.5", "203.0.113.9", "203.0.113.10"]


def test_the_root_is_a_question_and_no_host() -> None:
    document = parsed(query_name=".")

    assert document["dns"]["question"]["name"] == "."
    assert "hosts" not in document["related"]


def test_a_query_is_recognised_anywhere_and_a_quotation_of_one_is_not() -> None:
    message = json.dumps(QUERY)

    assert recognises(record(message))
    assert not recognises(record(json.dumps({"saw": QUERY})))
    assert not recognises(record(f"saw {message}"))


@pytest.mark.parametrize(
    ("log_group", "source"),
    [
        ("/aws/route53resolver/queries", "route53_resolver"),
        ("/aws/route53/resolver-queries", "route53_resolver"),
        ("net-ResolverQueryLogs1234-abcd", "route53_resolver"),
        ("/aws/route53/example.com", "route53_public"),
    ],
)
def test_groups_under_route53_are_told_apart(log_group: str, source: str) -> None:
    assert Routing(SOURCES).source_for(record("", log_group)).name == source
