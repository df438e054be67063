"""Items of any size fit one field, and each state of a resource is one document."""

import json
from typing import Any

import pytest

from logcore.errors import MalformedError
from logcore.fields import field_types, shared_fields, source_fields, undeclared
from logcore.record import Document, LogRecord, Origin
from logcore.sources.config import parse, recognises
from tests.sources.soundness import faults

CAPTURED_MS = 1_772_366_400_000  # 2026-03-01T12:00:00Z
HOUR_MS = 3_600_000


def record(body: object, *, at_ms: int = CAPTURED_MS, log_group: str = "/apps/x") -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", log_group=log_group)
    return LogRecord("0", at_ms, json.dumps(body), origin)


def item(**parts: Any) -> dict[str, Any]:
    return {
        "resourceType": "AWS::EC2::Instance",
        "resourceId": "i-0123456789abcdef0",
        "awsAccountId": "222222222222",
        "awsRegion": "eu-west-1",
        "configurationItemCaptureTime": "2026-03-01T12:00:00.000Z",
        "configurationItemStatus": "OK",
        "configuration": {},
    } | parts


def parsed(at_ms: int = CAPTURED_MS, **parts: Any) -> Document:
    return parse(record(item(**parts), at_ms=at_ms))


def change(kind: str, **properties: Any) -> Document:
    diff = {"changeType": kind, "changedProperties": properties}
    message = {
        "messageType": "ConfigurationItemChangeNotification",
        "configurationItemDiff": diff,
        "configurationItem": item(),
    }
    return parse(record(message))


def judged(verdict: str) -> Document:
    message = {
        "messageType": "ComplianceChangeNotification",
        "newEvaluationResult": {"complianceType": verdict},
        "resourceType": "AWS::S3::Bucket",
        "resourceId": "exports",
    }
    return parse(record(message))


def test_an_item_of_three_thousand_fields_adds_none_to_the_mapping() -> None:
    wide = {f"key{n}": {f"inner{n}": n, "privateIpAddress": "10.0.0.1"} for n in range(1_500)}
    types = field_types(*shared_fields(), *source_fields("config"))
    document = parsed(configuration=wide, supplementaryConfiguration={"a.b": wide}) | {"ecs": {}}
    document["event"] |= {"dataset": "aws.config", "module": "aws"}

    assert undeclared(document, types) == []
    assert faults(document, types) == []
    assert document["related"]["ip"] == ["10.0.0.1"]


def test_an_item_is_the_same_document_in_a_history_file_and_in_a_snapshot() -> None:
    history, snapshot = parsed(), parsed(CAPTURED_MS + 700 * 24 * HOUR_MS)

    assert history["event"]["id"] == snapshot["event"]["id"]


def test_a_later_capture_is_another_document() -> None:
    later = parsed(configurationItemCaptureTime="2026-03-01T12:00:01.000Z")

    assert parsed()["event"]["id"] != later["event"]["id"]


@pytest.mark.parametrize(
    ("hours", "time"), [(6, "2026-03-01T12:00:00.000Z"), (48, "2026-03-03T12:00:00.000Z")]
)
def test_an_old_item_has_the_time_of_the_snapshot_that_brings_it(hours: int, time: str) -> None:
    document = parsed(CAPTURED_MS + hours * HOUR_MS)

    assert document["@timestamp"] == time
    assert document["event"]["created"] == "2026-03-01T12:00:00.000Z"


def test_a_change_and_the_item_that_it_led_to_are_two_documents() -> None:
    changed = change("UPDATE")

    assert changed["event"]["id"] != parsed()["event"]["id"]
    assert (changed["event"]["kind"], parsed()["event"]["kind"]) == ("event", "state")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("CREATE", "creation"), ("UPDATE", "change"), ("DELETE", "deletion"), ("MOVE", "change")],
)
def test_each_kind_of_change_has_its_type(kind: str, expected: str) -> None:
    assert change(kind)["event"]["type"] == [expected]


def test_changed_properties_lose_their_places_in_lists() -> None:
    document = change("UPDATE", **{"Configuration.Groups.0": {}, "Configuration.Groups.12.Id": {}})

    assert document["config"]["changed_properties"] == [
        "Configuration.Groups",
        "Configuration.Groups.Id",
    ]


@pytest.mark.parametrize(
    ("verdict", "kind", "outcome"),
    [
        ("NON_COMPLIANT", "alert", "failure"),
        ("COMPLIANT", "state", "success"),
        ("NOT_APPLICABLE", "state", "unknown"),
        ("INSUFFICIENT_DATA", "state", "unknown"),
    ],
)
def test_only_a_broken_rule_is_an_alert(verdict: str, kind: str, outcome: str) -> None:
    event = judged(verdict)["event"]

    assert (event["kind"], event["outcome"]) == (kind, outcome)


def test_names_within_the_configuration_count_by_their_keys() -> None:
    configuration = {
        "engineVersion": "8.0.36.1",
        "masterUsername": "admin",
        "cidrBlock": "10.0.0.0/16",
        "endpoint": {"address": "orders.example.com", "port": 3306},
        "networkInterfaces": [{"ipv6Addresses": ["2001:db8::5"], "publicDnsName": ""}],
        "contact": {"emailAddress": "ops@example.com"},
    }
    related = parsed(resourceType="AWS::RDS::DBInstance", configuration=configuration)["related"]

    assert related == {
        "ip": ["2001:db8::5"],
        "hosts": ["orders.example.com"],
        "user": ["admin"],
    }


@pytest.mark.parametrize("zone", ["Not Applicable", "Regional", "Multiple Availability Zones"])
def test_words_in_place_of_a_zone_are_none(zone: str) -> None:
    assert "availability_zone" not in parsed(availabilityZone=zone)["cloud"]


def test_a_global_resource_has_the_region_that_recorded_it() -> None:
    assert "region" not in parsed(awsRegion="global")["cloud"]


def test_an_unknown_message_is_kept_as_a_step() -> None:
    event = parse(record({"messageType": "ConfigurationTeleported"}))["event"]

    assert (event["action"], event["type"]) == ("ConfigurationTeleported", ["info"])


def test_an_item_is_recognised_anywhere_and_a_quotation_of_one_is_not() -> None:
    event = {"source": "aws.config", "detail-type": "Config Rules Compliance Change"}

    assert recognises(record(item()))
    assert not recognises(record({"configurationItem": item()}))
    assert recognises(record(event, log_group="/aws/events/all"))
    assert not recognises(record(event))


def test_a_whole_file_is_rejected() -> None:
    with pytest.raises(MalformedError) as caught:
        parse(record({"configurationItems": [item()]}))

    assert caught.value.reason == "not_config"
