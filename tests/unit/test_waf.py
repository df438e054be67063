"""What a web ACL record says ends up in the right field, whatever decided over the request."""

import json
from typing import Any

import pytest

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord, Origin
from logcore.sources.waf import parse, recognises

SQL = {"conditionType": "SQL_INJECTION", "location": "BODY", "matchedData": ["1", "OR"]}


def record(message: str) -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", log_group="aws-waf-logs-shop")
    return LogRecord("0", 1_772_366_470_000, message, origin)


def raw(request: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    headers = [{"name": "Host", "value": "shop.example.com"}]
    return {
        "timestamp": 1_772_366_400_101,
        "webaclId": "arn:aws:wafv2:eu-west-1:222222222222:regional/webacl/shop/a1",
        "terminatingRuleId": "own-rule",
        "terminatingRuleType": "REGULAR",
        "action": "BLOCK",
        "httpRequest": {"clientIp": "203.0.113.12", "uri": "/", "headers": headers}
        | (request or {}),
    } | fields


def parsed(request: dict[str, Any] | None = None, **fields: Any) -> Document:
    return parse(record(json.dumps(raw(request, **fields))))


def group(name: str, terminating: str | None) -> dict[str, Any]:
    rule = {"ruleId": terminating, "action": "BLOCK", "ruleMatchDetails": [SQL]}
    return {"ruleGroupId": name, "terminatingRule": rule if terminating else None}


def test_the_last_group_with_a_terminating_rule_decides_and_earlier_ones_count() -> None:
    groups = [group("first", "a"), group("second", "b"), group("third", None)]

    document = parsed(terminatingRuleType="GROUP", ruleGroupList=groups)

    assert document["rule"]["name"] == "b"
    assert document["rule"]["ruleset"] == "second"
    assert document["waf"]["counted_rules"] == ["a"]
    assert document["event"]["reason"] == "SQL_INJECTION in BODY"


def test_a_group_overridden_to_count_neither_decides_nor_gives_the_reason() -> None:
    document = parsed(ruleGroupList=[group("first", "a")])

    assert document["rule"]["name"] == "own-rule"
    assert document["rule"]["ruleset"] == "shop"
    assert document["waf"]["counted_rules"] == ["a"]
    assert "reason" not in document["event"]


@pytest.mark.parametrize(
    ("action", "outcome", "verdict", "kind"),
    [
        ("ALLOW", "success", "allowed", "event"),
        ("BLOCK", "failure", "denied", "alert"),
        ("CAPTCHA", "failure", "denied", "event"),
        ("CHALLENGE", "failure", "denied", "event"),
    ],
)
def test_each_action_has_its_outcome(action: str, outcome: str, verdict: str, kind: str) -> None:
    event = parsed(action=action)["event"]

    assert (event["outcome"], event["type"], event["kind"]) == (
        outcome,
        ["access", verdict],
        kind,
    )


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("shop.example.com:8443", "shop.example.com"),
        ("[2001:db8::1]:8443", "2001:db8::1"),
        ("192.0.2.10:80", "192.0.2.10"),
        ("a:b:c", "a:b:c"),
    ],
)
def test_the_host_loses_its_port(host: str, address: str) -> None:
    document = parsed({"headers": [{"name": "hOsT", "value": host}]})

    assert document["destination"]["address"] == address
    assert document["url"]["domain"] == address


def test_the_pseudo_header_of_http_2_names_the_host() -> None:
    document = parsed({"headers": [{"name": ":authority", "value": "www.example.com"}]})

    assert document["destination"]["domain"] == "www.example.com"


def test_the_word_null_is_no_request_id() -> None:
    assert "http" not in parsed({"requestId": "null"})
    assert parsed({"requestId": "r-1"})["http"]["request"]["id"] == "r-1"


def test_the_first_of_a_repeated_header_counts() -> None:
    twice = [{"name": "User-Agent", "value": "a"}, {"name": "user-agent", "value": "b"}]

    assert parsed({"headers": twice})["user_agent"]["original"] == "a"


def test_a_url_that_breaks_every_rule_is_kept_as_it_came() -> None:
    url = parsed({"uri": "/a b/../%00<x>", "args": "?q=1#2"})["url"]

    assert url["path"] == "/a b/../%00<x>"
    assert url["original"] == "/a b/../%00<x>??q=1#2"


@pytest.mark.parametrize("time", [0, -1, 2**62, "soon", 1.5])
def test_an_impossible_time_costs_only_the_time(time: Any) -> None:
    document = parsed(timestamp=time)

    assert "@timestamp" not in document
    assert document["pipeline"]["malformed"] == ["timestamp"]


def test_a_record_is_recognised_anywhere_and_a_quotation_of_one_is_not() -> None:
    message = json.dumps(raw())

    assert recognises(record(message))
    assert not recognises(record(json.dumps({"saw": raw()})))
    assert not recognises(record(f"saw {message}"))


def test_a_record_without_a_request_is_rejected() -> None:
    with pytest.raises(MalformedError) as caught:
        parse(record(json.dumps(raw() | {"httpRequest": {}})))

    assert caught.value.reason == "not_waf"
