"""What a CloudTrail record becomes: what happened, from where, with which result."""

import json
from typing import Any

import pytest

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord, Origin
from logcore.sources.cloudtrail import SOURCE, parse
from logcore.sources.cloudtrail.actions import NAMES, classify
from tests.unit.cloudtrail_records import HIDDEN, document, line


def malformed(found: Document) -> list[str]:
    names: list[str] = found.get("pipeline", {}).get("malformed", [])
    return names


@pytest.mark.parametrize(
    ("parts", "outcome"),
    [
        ({}, "success"),
        ({"errorCode": "AccessDenied"}, "failure"),
        ({"errorMessage": "Failed authentication"}, "failure"),
        ({"errorCode": "200"}, "failure"),
        ({"eventName": "ConsoleLogin", "responseElements": {"ConsoleLogin": "Failure"}}, "failure"),
        ({"eventName": "ConsoleLogin", "responseElements": {"ConsoleLogin": "Success"}}, "success"),
        ({"eventName": "SwitchRole", "responseElements": {"SwitchRole": "Failure"}}, "failure"),
        ({"eventName": "ConsoleLogin", "responseElements": HIDDEN, "errorMessage": "x"}, "failure"),
        ({"eventCategory": "Insight"}, None),
    ],
)
def test_the_outcome_is_what_the_record_says(parts: dict[str, Any], outcome: str | None) -> None:
    assert document(**parts)["event"].get("outcome") == outcome


@pytest.mark.parametrize(
    ("service", "action", "kind"),
    [
        ("iam", "CreateUser", (("iam",), ("user", "creation"))),
        ("iam", "AttachRolePolicy", (("iam",), ("change",))),
        ("signin", "ConsoleLogin", (("authentication",), ("info",))),
        ("s3", "GetObject", (("file",), ("info",))),
        ("ec2", "RunInstances", (("host",), ("start",))),
        ("cloudtrail", "StopLogging", (("configuration",), ("change",))),
        ("elasticloadbalancing", "ModifyListener", (("configuration",), ("change",))),
        ("eks", "CreateCluster", (("configuration",), ("creation",))),
        ("eks", "DescribeCluster", ((), ("info",))),
        ("eks", "frobnicate", ((), ("info",))),
        ("", "", ((), ("info",))),
    ],
)
def test_a_call_is_classified_by_table_else_by_verb(
    service: str, action: str, kind: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    assert classify(service, action, "Management", None, None) == kind


def test_a_name_that_two_services_share_is_told_apart_by_the_service() -> None:
    of_iam = classify("iam", "DeletePolicy", "Management", None, None)
    of_others = classify("organizations", "DeletePolicy", "Management", None, None)

    assert (of_iam[0], of_others[0]) == (("iam",), ("configuration",))


def test_a_verb_says_nothing_when_the_call_only_reads() -> None:
    read_only = True

    assert classify("x", "SetThing", "Management", read_only, None) == ((), ("info",))


def test_no_name_is_in_two_rows_of_the_table() -> None:
    names = [name for row in NAMES.values() for name in row.split()]

    assert len(names) == len(set(names))


@pytest.mark.parametrize(("code", "verdict"), [("VpceAccessDenied", "denied"), (None, "allowed")])
def test_a_call_through_an_endpoint_is_a_network_access(code: str | None, verdict: str) -> None:
    found = document(eventCategory="NetworkActivity", errorCode=code, vpcEndpointId="vpce-1")

    assert found["event"]["category"] == ["network"]
    assert found["event"]["type"] == ["access", verdict]
    assert found["cloudtrail"]["vpc_endpoint_id"] == "vpce-1"


def test_an_insight_names_its_call_inside_its_details() -> None:
    details = {
        "state": "Start",
        "eventSource": "iam.amazonaws.com",
        "eventName": "CreateAccessKey",
        "insightType": "ApiErrorRateInsight",
        "errorCode": "AccessDenied",
    }
    found = parse(line(json.dumps({"eventVersion": "1.09", "insightDetails": details})))

    assert found["event"]["action"] == "CreateAccessKey"
    assert found["event"]["type"] == ["info"]
    assert found["error"]["code"] == "AccessDenied"
    assert found["cloudtrail"]["event_category"] == "Insight"
    assert found["cloudtrail"]["insight"] == {"type": "ApiErrorRateInsight", "state": "Start"}


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("203.0.113.12", {"address": "203.0.113.12", "ip": "203.0.113.12"}),
        ("2001:db8::1", {"address": "2001:db8::1", "ip": "2001:db8::1"}),
        ("AWS Internal", {"address": "AWS Internal"}),
        (
            "autoscaling.amazonaws.com",
            {
                "address": "autoscaling.amazonaws.com",
                "domain": "autoscaling.amazonaws.com",
                "subdomain": "autoscaling",
                "registered_domain": "amazonaws.com",
                "top_level_domain": "com",
            },
        ),
        (HIDDEN, {}),
    ],
)
def test_only_an_address_becomes_an_ip(address: str, source: dict[str, str]) -> None:
    found = document(sourceIPAddress=address)

    assert found.get("source", {}) == source
    assert found.get("related", {}).get("ip", []) == [v for k, v in source.items() if k == "ip"]


def test_hosts_of_aws_are_not_related_and_others_are() -> None:
    tls = {"tlsVersion": "TLSv1.3", "clientProvidedHostHeader": "rds.eu-west-1.amazonaws.com"}
    of_aws = document(sourceIPAddress="ec2.amazonaws.com", tlsDetails=tls)
    tls = {"tlsVersion": "TLSv1.3", "clientProvidedHostHeader": "rds.example.com"}
    others = document(sourceIPAddress="bastion.example.com", tlsDetails=tls)

    assert "related" not in of_aws
    assert others["related"]["hosts"] == ["bastion.example.com", "rds.example.com"]


@pytest.mark.parametrize(
    ("version", "tls"),
    [
        ("TLSv1.2", {"version_protocol": "tls", "version": "1.2", "cipher": "C"}),
        ("TLSv1", {"version_protocol": "tls", "version": "1", "cipher": "C"}),
        ("tlsVersion", None),
        (None, None),
        (7, None),
    ],
)
def test_the_connection_is_told_only_when_its_version_is_one(
    version: object, tls: dict[str, str] | None
) -> None:
    found = document(tlsDetails={"tlsVersion": version, "cipherSuite": "C"})

    assert found.get("tls") == tls


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        ({"eventTime": "yesterday"}, ["eventTime"]),
        ({"readOnly": "perhaps"}, ["readOnly"]),
        ({"additionalEventData": {"MFAUsed": 7}}, ["mfaAuthenticated"]),
        ({"sessionCredentialFromConsole": []}, ["sessionCredentialFromConsole"]),
        ({"readOnly": "true", "eventTime": "2026-03-01T12:00:00Z"}, []),
    ],
)
def test_a_value_that_is_not_understood_costs_only_its_field(
    parts: dict[str, Any], names: list[str]
) -> None:
    assert malformed(document(**parts)) == names


@pytest.mark.parametrize("other", [None, {}, [], "", "text", 7, [None], HIDDEN])
@pytest.mark.parametrize(
    "name",
    [
        "userIdentity", "requestParameters", "responseElements", "additionalEventData",
        "serviceEventDetails", "tlsDetails", "resources", "insightDetails", "sourceIPAddress",
        "eventName", "errorCode", "eventID", "recipientAccountId", "eventCategory",
    ],
)  # fmt: skip
def test_any_part_may_be_of_another_shape(name: str, other: object) -> None:
    found = document(**{name: other})

    assert found["event"]["provider"] == "iam.amazonaws.com"
    assert found["aws"]["cloudtrail"][name] == other


def test_the_record_itself_is_kept_untouched() -> None:
    event = {"eventName": "X", "requestParameters": {"a.b": {"": None}}, "responseElements": None}

    assert parse(line(json.dumps(event)))["aws"]["cloudtrail"] == event


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("START RequestId: 1", "not_json"),
        ("[]", "not_an_object"),
        ("null", "not_an_object"),
        ("{}", "not_cloudtrail"),
        ('{"eventVersion": "1.11", "eventName": "", "insightDetails": "x"}', "not_cloudtrail"),
        ('{"detail-type": "x", "detail": null}', "not_cloudtrail"),
    ],
)
def test_what_is_no_record_is_refused_with_its_reason(message: str, reason: str) -> None:
    with pytest.raises(MalformedError) as refused:
        parse(line(message))

    assert refused.value.reason == reason


RECORD = '{"eventVersion":"1.11","eventName":"GetUser","eventSource":"iam.amazonaws.com"}'
DIGEST = '{"digestEndTime":"2026-03-01T12:00:00Z","digestS3Object":"AWSLogs/d.json.gz"}'
EVENT = f'{{"version":"0","detail-type":"AWS API Call via CloudTrail","detail":{RECORD}}}'


@pytest.mark.parametrize(
    ("message", "log_group", "expected"),
    [
        (RECORD, "/teams/audit", True),
        ('{"eventSource":"iam.amazonaws.com", "eventVersion":"1.11"}', "/teams/audit", True),
        (DIGEST, "/teams/audit", True),
        (f'{{"level":"INFO","checked":{DIGEST}}}', "/aws/lambda/handler", False),
        (EVENT, "/aws/events/security", True),
        (EVENT, "/aws/lambda/handler", False),
        (f'{{"level":"INFO","message":{EVENT}}}', "/aws/lambda/handler", False),
        (f"Received event: {RECORD}", "/aws/lambda/handler", False),
        ("plain text", "/apps/shop", False),
        ('{"level":"INFO"}', "/apps/shop", False),
    ],
)
def test_a_record_is_recognised_whole_and_not_inside_a_programs_own_line(
    message: str, log_group: str, *, expected: bool
) -> None:
    assert SOURCE.recognises(line(message, log_group)) is expected


@pytest.mark.parametrize(
    ("log_group", "expected"),
    [
        ("aws-cloudtrail-logs-222222222222-0a1b2c3d", True),
        ("aws-controltower/CloudTrailLogs", True),
        ("CloudTrail/DefaultLogGroup", True),
        ("/aws/cloudtrail/organisation", True),
        ("/aws/lambda/cloudtrail-alerts", False),
    ],
)
def test_the_groups_of_trails_are_claimed_and_those_of_functions_are_not(
    log_group: str, *, expected: bool
) -> None:
    assert SOURCE.claims(Origin(transport="cloudwatch_logs", log_group=log_group)) is expected


@pytest.mark.parametrize(
    "detail_type",
    [
        "AWS API Call via CloudTrail",
        "AWS Console Sign In via CloudTrail",
        "AWS Console Action via CloudTrail",
        "AWS Service Event via CloudTrail",
        "AWS Insight via CloudTrail",
        "AWS Network Activity Event via CloudTrail",
    ],
)
def test_every_kind_of_event_that_cloudtrail_sends_is_claimed(detail_type: str) -> None:
    origin = Origin(transport="eventbridge", event_source="aws.iam", detail_type=detail_type)

    assert SOURCE.claims(origin)


def test_an_event_has_one_id_on_every_path() -> None:
    event = json.loads(RECORD) | {"eventID": "9c3a23cd-e67a-4b75-bc39-47249fc2d0a1"}
    whole = json.dumps({"detail-type": "AWS API Call via CloudTrail", "detail": event})
    of_bus = LogRecord("other", 0, whole, Origin(transport="eventbridge"), event)
    found = [parse(r) for r in (line(json.dumps(event)), line(whole), of_bus)]

    assert {d["event"]["id"] for d in found} == {event["eventID"]}
    assert found[0] == found[1] == found[2]
