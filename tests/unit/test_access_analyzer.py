"""Who can reach what ends up in the right field, and every state of a finding is one document."""

import json
from typing import Any

import pytest

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord, Origin
from logcore.sources.access_analyzer import parse, recognises

ROLE = "arn:aws:iam::222222222222:role/ci/deployer"


def record(body: object, log_group: str = "access-analyzer-findings") -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", log_group=log_group)
    return LogRecord("0", 1_772_366_470_000, json.dumps(body), origin)


def finding(**parts: Any) -> dict[str, Any]:
    return {
        "id": "f1",
        "resource": "arn:aws:s3:::exports",
        "resourceType": "AWS::S3::Bucket",
        "status": "ACTIVE",
        "updatedAt": "2026-03-01T12:00:00Z",
        "isDeleted": False,
    } | parts


def event(detail: dict[str, Any]) -> dict[str, Any]:
    return {
        "detail-type": "Access Analyzer Finding",
        "source": "aws.access-analyzer",
        "time": "2026-03-02T09:00:00Z",
        "resources": ["arn:aws:access-analyzer:eu-west-1:111111111111:analyzer/a"],
        "detail": detail,
    }


def parsed(**parts: Any) -> Document:
    return parse(record(finding(**parts)))


@pytest.mark.parametrize(
    ("parts", "kind", "status"),
    [
        ({}, "alert", "ACTIVE"),
        ({"status": "ARCHIVED"}, "state", "ARCHIVED"),
        ({"status": "RESOLVED"}, "state", "RESOLVED"),
        ({"isDeleted": True}, "state", "DELETED"),
    ],
)
def test_only_an_active_finding_is_an_alert(parts: dict[str, Any], kind: str, status: str) -> None:
    document = parsed(**parts)

    assert document["event"]["kind"] == kind
    assert document["access_analyzer"]["status"] == status


def test_a_deletion_is_a_document_of_its_own_at_the_time_of_its_event() -> None:
    there = parse(record(event(finding(status="RESOLVED"))))
    gone = parse(record(event(finding(status="RESOLVED", isDeleted=True))))

    assert there["event"]["id"] != gone["event"]["id"]
    assert there["@timestamp"] == "2026-03-01T12:00:00.000Z"
    assert gone["@timestamp"] == "2026-03-02T09:00:00.000Z"


def test_the_id_is_found_under_either_name() -> None:
    unused = {k: v for k, v in finding(findingId="f2").items() if k != "id"}

    assert parse(record(unused))["access_analyzer"]["finding_id"] == "f2"


@pytest.mark.parametrize(
    ("principal", "name", "kind", "account"),
    [
        ({"AWS": "999999999999"}, "999999999999", "AWS", "999999999999"),
        ({"AWS": ROLE}, ROLE, "AWS", "222222222222"),
        ({"AWS": "*"}, "*", "AWS", None),
        ({"Service": "sns.amazonaws.com"}, "sns.amazonaws.com", "Service", None),
        ({"AWS": ["*"]}, None, None, None),
        ("*", None, None, None),
    ],
)
def test_each_kind_of_principal_is_read(
    principal: Any, name: str | None, kind: str | None, account: str | None
) -> None:
    found = parsed(principal=principal)["access_analyzer"]

    assert found.get("principal") == name
    assert found.get("principal_type") == kind
    assert found.get("principal_account") == account


def test_everybody_is_nobody_to_look_for() -> None:
    assert "related" not in parsed(principal={"AWS": "*"})


def test_the_user_is_who_has_the_access_or_does_not_use_it() -> None:
    reaches = parsed(principal={"AWS": ROLE})
    idle = parsed(findingType="UnusedIAMRole", resource=ROLE, resourceType="AWS::IAM::Role")

    expected = {"id": ROLE, "name": "deployer", "roles": ["deployer"]}
    assert reaches["user"] == idle["user"] == expected
    assert idle["access_analyzer"]["access"] == "unused"


def test_what_could_not_be_analysed_says_so() -> None:
    document = parsed(error="ACCESS_DENIED")

    assert document["event"]["outcome"] == "failure"
    assert document["error"]["code"] == "ACCESS_DENIED"
    assert "access was denied" in document["message"]


def test_a_whole_event_is_recognised_only_where_rules_write_to() -> None:
    whole = event(finding())

    assert recognises(record(whole, "/aws/events/all"))
    assert not recognises(record(whole, "/apps/shop"))
    assert not recognises(record(event({"id": "f1"}), "/aws/events/all"))


def test_what_is_no_finding_is_rejected() -> None:
    with pytest.raises(MalformedError) as caught:
        parse(record({"id": "f1"}))

    assert caught.value.reason == "not_access_analyzer"
