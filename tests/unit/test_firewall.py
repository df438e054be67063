"""What a firewall's entry says ends up in the right field, whichever log it is of."""

import json
from typing import Any

import pytest

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord, Origin
from logcore.sources.firewall import parse, recognises

ALERT = {
    "action": "blocked",
    "signature_id": 5,
    "rev": 2,
    "signature": "no social media",
    "category": "",
    "severity": 1,
}


def record(message: str) -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", log_group="/aws/network-firewall/alert")
    return LogRecord("0", 1_772_366_470_000, message, origin)


def raw(event: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    ends = {"src_ip": "10.0.1.5", "src_port": 51254, "dest_ip": "198.51.100.57", "dest_port": 443}
    kind = {"event_type": "alert", "proto": "TCP", "timestamp": "2026-03-01T12:00:12.637611+0000"}
    return {
        "firewall_name": "egress",
        "availability_zone": "eu-west-1a",
        "event_timestamp": "1772366412",
        "event": ends | kind | (event or {}),
    } | fields


def parsed(event: dict[str, Any] | None = None, **fields: Any) -> Document:
    return parse(record(json.dumps(raw(event, **fields))))


@pytest.mark.parametrize(
    ("action", "verdict", "outcome", "kind"),
    [
        ("blocked", None, "failure", "denied"),
        ("allowed", None, "success", "allowed"),
        ("allowed", "pass", "success", "allowed"),
        ("allowed", "drop", "failure", "denied"),
        ("blocked", "drop", "failure", "denied"),
    ],
)
def test_what_became_of_the_packet_decides_over_what_the_rule_reports(
    action: str, verdict: str | None, outcome: str, kind: str
) -> None:
    said = {"verdict": {"action": verdict}} if verdict else {}

    event = parsed({"alert": ALERT | {"action": action}, **said})["event"]

    assert (event["action"], event["outcome"], event["type"][-1]) == (action, outcome, kind)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ('["Social Networking", "News"]', ["Social Networking", "News"]),
        (["News"], ["News"]),
        ("News", ["News"]),
        ("[]", None),
    ],
)
def test_categories_are_a_list_however_they_are_written(stated: Any, expected: Any) -> None:
    within = parsed({"alert": ALERT, "aws_category": stated})
    beside = parsed({"alert": ALERT}, aws_category=stated)

    assert within["firewall"].get("categories") == expected
    assert beside["firewall"].get("categories") == expected


def test_an_entry_of_the_tls_log_says_neither_type_nor_protocol_and_writes_ports_as_text() -> None:
    event = {
        "src_ip": "10.0.2.53",
        "src_port": "55930",
        "dest_ip": "198.51.100.160",
        "dest_port": "443",
        "sni": "revoked.example.com",
        "revocation_check": {"leaf_cert_fpr": "12AB", "status": "REVOKED", "action": "DROP"},
    }
    entry = raw() | {"event": event, "event_timestamp": 1772366429}

    document = parse(record(json.dumps(entry)))

    assert document["@timestamp"] == "2026-03-01T12:00:29.000Z"
    assert document["firewall"]["log"] == "tls"
    assert document["source"]["port"] == 55930
    assert document["network"]["transport"] == "tcp"
    assert document["network"]["community_id"].startswith("1:")
    assert document["event"]["outcome"] == "failure"


@pytest.mark.parametrize(
    ("proto", "transport", "number"),
    [("TCP", "tcp", "6"), ("IPv6-ICMP", "ipv6-icmp", "58"), ("089", "ospf", "89")],
)
def test_protocols_are_known_by_name_and_by_number(proto: str, transport: str, number: str) -> None:
    network = parsed({"alert": ALERT, "proto": proto})["network"]

    assert (network["transport"], network["iana_number"]) == (transport, number)


def test_a_ping_and_its_answer_have_one_community_id() -> None:
    ends = {"src_port": None, "dest_port": None, "proto": "ICMP", "icmp_code": 0}
    turned = {"src_ip": "198.51.100.57", "dest_ip": "10.0.1.5"}

    there = parsed({"alert": ALERT, "icmp_type": 8, **ends})
    back = parsed({"alert": ALERT, "icmp_type": 0, **ends, **turned})

    assert there["network"]["community_id"] == back["network"]["community_id"]


@pytest.mark.parametrize(
    "dns",
    [
        {"query": [{"rrname": "Example.COM", "rrtype": "A"}]},
        {"version": 3, "type": "query", "queries": [{"rrname": "example.com.", "rrtype": "A"}]},
        {"type": "query", "rrname": "example.com", "rrtype": "A"},
    ],
)
def test_a_dns_question_is_found_in_every_shape_it_has_had(dns: dict[str, Any]) -> None:
    question = parsed({"alert": ALERT, "proto": "UDP", "dns": dns})["dns"]["question"]

    assert (question["name"], question["type"]) == ("example.com", "A")


@pytest.mark.parametrize(
    ("version", "expected"),
    [("TLS 1.2", "1.2"), ("TLSv1", "1.0"), ("SSLv3", "3.0"), ("UNDETERMINED", None)],
)
def test_tls_versions_are_numbers(version: str, expected: str | None) -> None:
    document = parsed({"alert": ALERT, "tls": {"sni": "www.example.com", "version": version}})

    assert document["tls"].get("version") == expected
    assert "pipeline" not in document


def test_flags_are_hexadecimal() -> None:
    event = {"event_type": "netflow", "netflow": {"pkts": 1}, "tcp": {"tcp_flags": "1b"}}

    assert parsed(event)["firewall"]["tcp_flags"] == ["fin", "syn", "psh", "ack"]


def test_an_address_as_host_is_no_domain() -> None:
    document = parsed({"alert": ALERT, "http": {"hostname": "198.51.100.57", "url": "/"}})

    assert "domain" not in document["destination"]
    assert "hosts" not in document["related"]


def test_the_number_of_a_flow_is_text() -> None:
    """18446744073709551615 is more than a dashboard can count."""
    document = parsed({"alert": ALERT, "flow_id": 2**63 + 1})

    assert document["firewall"]["flow_id"] == "9223372036854775809"


def test_a_record_is_recognised_anywhere_and_a_quotation_of_one_is_not() -> None:
    message = json.dumps(raw())

    assert recognises(record(message))
    assert not recognises(record(json.dumps({"saw": raw()})))
    assert not recognises(record(f"saw {message}"))


def test_a_record_without_an_event_is_rejected() -> None:
    with pytest.raises(MalformedError) as caught:
        parse(record(json.dumps(raw() | {"event": {}})))

    assert caught.value.reason == "not_firewall"
