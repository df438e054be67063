"""Both envelopes open into records; whatever else arrives is refused by name, never by a crash."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logcore.errors import PayloadError
from logcore.record import LogRecord, Origin
from logcore.transports import open_payload
from logcore.transports.cloudwatch_logs import region_of
from logcore.transports.copied_groups import PATTERN

CENTRAL = "111111111111"

ENVELOPE: dict[str, Any] = {
    "messageType": "DATA_MESSAGE",
    "owner": "222222222222",
    "logGroup": "/apps/web",
    "logStream": "a",
    "subscriptionFilters": ["central-logs-eu-west-1"],
    "logEvents": [
        {"id": "1", "timestamp": 1_772_366_400_000, "message": "first"},
        {"id": "2", "timestamp": 1_772_366_400_001, "message": "second"},
    ],
}
EVENT: dict[str, Any] = {
    "version": "0",
    "id": "e-1",
    "detail-type": "GuardDuty Finding",
    "source": "aws.guardduty",
    "account": "222222222222",
    "time": "2026-03-01T12:00:00Z",
    "region": "eu-west-1",
    "resources": [],
    "detail": {"id": "f-1"},
}
JUNK: list[Any] = [None, 7, "text", [], {}, [7], True]


def packed(envelope: object) -> bytes:
    return gzip.compress(json.dumps(envelope).encode())


def test_a_subscription_payload_opens_into_its_records_in_order() -> None:
    origin = Origin(
        transport="cloudwatch_logs",
        account="222222222222",
        region="eu-west-1",
        owner="222222222222",
        log_group="/apps/web",
        log_stream="a",
    )

    assert open_payload(packed(ENVELOPE)) == [
        LogRecord("1", 1_772_366_400_000, "first", origin),
        LogRecord("2", 1_772_366_400_001, "second", origin),
    ]


def test_a_subscription_payload_may_come_unpacked() -> None:
    assert open_payload(json.dumps(ENVELOPE).encode()) == open_payload(packed(ENVELOPE))


def test_a_control_message_holds_no_records() -> None:
    probe = {**ENVELOPE, "messageType": "CONTROL_MESSAGE", "logGroup": "", "logStream": ""}

    assert open_payload(packed(probe)) == []


def test_an_event_opens_into_one_record_with_its_detail_as_body() -> None:
    (record,) = open_payload(json.dumps(EVENT).encode())

    assert record.body == {"id": "f-1"}
    assert json.loads(record.message) == EVENT
    assert (record.id, record.time_ms) == ("e-1", 1_772_366_400_000)
    assert record.origin == Origin(
        transport="eventbridge",
        account="222222222222",
        region="eu-west-1",
        owner="222222222222",
        event_source="aws.guardduty",
        detail_type="GuardDuty Finding",
    )


def batch(source: str, *findings: object) -> bytes:
    detail = {"actionName": "triage", "findings": list(findings)}
    return json.dumps({**EVENT, "source": source, "detail": detail}).encode()


def test_an_event_with_several_findings_opens_into_a_record_of_each() -> None:
    opened = open_payload(batch("aws.securityhub", {"Id": "a"}, {"Id": "b"}))

    assert [r.id for r in opened] == ["e-1/0", "e-1/1"]
    assert [r.body for r in opened] == [
        {"actionName": "triage", "findings": [{"Id": "a"}]},
        {"actionName": "triage", "findings": [{"Id": "b"}]},
    ]


def test_a_finding_taken_out_of_an_event_opens_again_as_itself() -> None:
    for found in open_payload(batch("aws.securityhub", {"Id": "a"}, {"Id": "b"})):
        assert open_payload(found.message.encode()) == [found]


@pytest.mark.parametrize("findings", [[], [{"Id": "a"}]])
def test_an_event_with_one_finding_or_none_is_left_as_it_is(findings: list[object]) -> None:
    data = batch("aws.securityhub", *findings)

    assert [(r.id, r.message) for r in open_payload(data)] == [("e-1", data.decode())]


def test_findings_nested_too_deep_to_be_written_again_stay_one_record() -> None:
    deep = '{"a":' * 400 + "1" + "}" * 400
    data = batch("aws.securityhub", "HERE", {}).replace(b'"HERE"', deep.encode())

    assert [(r.id, r.message) for r in open_payload(data)] == [("e-1", data.decode())]


def test_a_list_of_findings_of_any_other_service_is_one_record() -> None:
    assert len(open_payload(batch("com.example.scanner", {"Id": "a"}, {"Id": "b"}))) == 1


@pytest.mark.parametrize(
    ("names", "region"),
    [
        (["central-logs-eu-west-1"], "eu-west-1"),
        (["central-logs-ap-southeast-4"], "ap-southeast-4"),
        (["central-logs-us-gov-west-1"], "us-gov-west-1"),
        (["central-logs-us-iso-east-1"], "us-iso-east-1"),
        (["central-logs-us-isob-east-1"], "us-isob-east-1"),
        (["central-logs-eu-isoe-west-1"], "eu-isoe-west-1"),
        (["central-logs-cn-northwest-1"], "cn-northwest-1"),
        (["central-logs-eusc-de-east-1"], "eusc-de-east-1"),
        (["central-logs-mx-central-1"], "mx-central-1"),
        (["us-east-1"], "us-east-1"),
        (["another", "central-logs-us-east-1"], "us-east-1"),
        (["logs-to-siem-us-east-1"], "us-east-1"),
        (["central-logs-eu-west-1-old"], ""),
        (["central-logs"], ""),
        (["run-1"], ""),
        ([], ""),
    ],
)
def test_the_region_stands_at_the_end_of_the_subscription_name(
    names: list[str], region: str
) -> None:
    assert region_of(names) == region


@pytest.mark.parametrize("key", ["messageType", "owner", "logGroup", "logStream"])
def test_a_subscription_envelope_without_a_part_is_refused(key: str) -> None:
    envelope = {k: v for k, v in ENVELOPE.items() if k != key}

    with pytest.raises(PayloadError, match=key) as caught:
        open_payload(packed(envelope))
    assert caught.value.reason == "envelope_malformed"


@pytest.mark.parametrize("key", ["account", "region", "source", "id", "time", "detail"])
def test_an_event_without_a_part_is_refused(key: str) -> None:
    event = {k: v for k, v in EVENT.items() if k != key}

    with pytest.raises(PayloadError, match=key) as caught:
        open_payload(json.dumps(event).encode())
    assert caught.value.reason == "envelope_malformed"


@pytest.mark.parametrize("junk", JUNK, ids=repr)
@pytest.mark.parametrize(
    "key", ["owner", "logGroup", "logStream", "logEvents", "subscriptionFilters"]
)
def test_records_of_a_subscription_are_made_of_text_whatever_came(key: str, junk: object) -> None:
    _assert_text_or_refused(packed({**ENVELOPE, key: junk}))


@pytest.mark.parametrize("junk", JUNK, ids=repr)
@pytest.mark.parametrize("key", ["id", "timestamp", "message"])
def test_log_events_are_made_of_text_whatever_came(key: str, junk: object) -> None:
    event = {**ENVELOPE["logEvents"][0], key: junk}

    _assert_text_or_refused(packed({**ENVELOPE, "logEvents": [event]}))


@pytest.mark.parametrize("junk", JUNK, ids=repr)
@pytest.mark.parametrize("key", sorted(EVENT))
def test_records_of_an_event_are_made_of_text_whatever_came(key: str, junk: object) -> None:
    _assert_text_or_refused(json.dumps({**EVENT, key: junk}).encode())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "payload_unreadable"),
        (b"plain text", "payload_unreadable"),
        (packed(ENVELOPE)[:-9], "payload_unreadable"),
        (packed(ENVELOPE)[:30] + b"\xff\xff" + packed(ENVELOPE)[32:], "payload_unreadable"),
        (gzip.compress(b"no json"), "payload_unreadable"),
        (b"[1]", "payload_unknown"),
        (b'{"a": 1}', "payload_unknown"),
    ],
)
def test_what_is_no_envelope_is_refused_for_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(PayloadError) as caught:
        open_payload(data)

    assert caught.value.reason == reason


@settings(deadline=None)
@given(st.binary() | st.binary().map(gzip.compress) | st.binary().map(lambda b: b"\x1f\x8b" + b))
def test_any_bytes_open_or_are_refused(data: bytes) -> None:
    _assert_text_or_refused(data)


def _assert_text_or_refused(data: bytes) -> None:
    try:
        records = open_payload(data)
    except PayloadError:
        return
    for record in records:
        origin = record.origin
        texts = (record.id, record.message, origin.account, origin.log_group, origin.event_source)

        assert {type(text) for text in texts} == {str}
        assert type(record.time_ms) is int
        assert hash(origin) == hash(origin)


def centralised(**fields: Any) -> Origin:
    """The origin of an event with these system fields."""
    events = [{**ENVELOPE["logEvents"][0], **fields}]
    (record,) = open_payload(packed({**ENVELOPE, "logEvents": events}))
    return record.origin


def test_each_event_of_a_centralised_group_says_who_wrote_it() -> None:
    written = [
        {"@aws.account": "333333333333", "@aws.region": "us-east-1", "@source.log": "/apps/web"},
        {"@aws.account": "444444444444", "@aws.region": "ap-southeast-2"},
    ]
    events = [
        {**event, "extractedFields": fields}
        for event, fields in zip(ENVELOPE["logEvents"], written, strict=True)
    ]

    origins = [r.origin for r in open_payload(packed({**ENVELOPE, "logEvents": events}))]

    assert [(o.account, o.region, o.log_group, o.owner) for o in origins] == [
        ("333333333333", "us-east-1", "/apps/web", "222222222222"),
        ("444444444444", "ap-southeast-2", "/apps/web", "222222222222"),
    ]


@pytest.mark.parametrize(
    ("field", "log_group"),
    [
        ("/aws/vpc/flow", "/aws/vpc/flow"),
        ("333333333333:/aws/vpc/flow", "/aws/vpc/flow"),
        ("CloudTrail", "CloudTrail"),
        ("", "/apps/web"),
        ("two words", "/apps/web"),
        (None, "/apps/web"),
        (["/aws/vpc/flow"], "/apps/web"),
    ],
)
def test_a_system_field_names_the_group_at_its_source(field: object, log_group: str) -> None:
    assert centralised(extractedFields={"@source.log": field}).log_group == log_group


COPY = {
    **ENVELOPE,
    "owner": CENTRAL,
    "logGroup": "/central-logs-copies/222222222222/eu-west-1#/aws/vpc/flow",
    "logStream": "eni-1_222222222222_eu-west-1",
    "subscriptionFilters": ["central-logs-us-east-1"],
}
"""What the central account's subscription sends of a copied log group."""


def copied(**changes: str) -> Origin:
    (first, *_) = open_payload(packed({**COPY, **changes}), CENTRAL)
    return first.origin


def test_a_copied_group_says_where_its_records_come_from() -> None:
    assert copied() == Origin(
        transport="cloudwatch_logs",
        account="222222222222",
        region="eu-west-1",
        owner=CENTRAL,
        log_group="/aws/vpc/flow",
        log_stream="eni-1",
    )


@pytest.mark.parametrize(
    "log_group", ["/aws/vpc/flow", "CloudTrail/logs", "with#sign", "/a", "x" * 463]
)
@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1", "ap-southeast-2"])
def test_a_copied_group_has_the_name_that_it_had(log_group: str, region: str) -> None:
    name = (
        PATTERN.replace("${source.accountId}", "222222222222")
        .replace("${source.region}", region)
        .replace("${source.logGroup}", log_group)
    )

    found = copied(logGroup=name)

    assert (found.account, found.region, found.log_group) == ("222222222222", region, log_group)


@pytest.mark.parametrize(
    ("log_stream", "original"),
    [
        ("a_222222222222_eu-west-1", "a"),
        ("a-eu-west-1-222222222222", "a"),
        ("a/222222222222/eu-west-1", "a"),
        (
            "222222222222_CloudTrail_eu-west-1_222222222222_eu-west-1",
            "222222222222_CloudTrail_eu-west-1",
        ),
        ("a", "a"),
        ("a_222222222222_us-east-1", "a_222222222222_us-east-1"),
        ("a_333333333333_eu-west-1", "a_333333333333_eu-west-1"),
        ("a222222222222_eu-west-1", "a222222222222_eu-west-1"),
    ],
)
def test_a_copied_stream_has_the_name_that_it_had(log_stream: str, original: str) -> None:
    assert copied(logStream=log_stream).log_stream == original


@pytest.mark.parametrize("copies_in", ["", "333333333333"])
def test_a_name_proves_nothing_in_another_account(copies_in: str) -> None:
    (first, *_) = open_payload(packed(COPY), copies_in)

    assert (first.origin.account, first.origin.region) == (CENTRAL, "us-east-1")
    assert first.origin.log_group == COPY["logGroup"]


@pytest.mark.parametrize(
    "log_group",
    [
        "/central-logs-copies/222222222222/eu-west-1#",
        "/central-logs-copies/22222222222/eu-west-1#/a",
        "/central-logs-copies/222222222222/nowhere#/a",
        "/central-logs-copies/222222222222/eu-west-1/a",
        "/other/central-logs-copies/222222222222/eu-west-1#/a",
    ],
)
def test_another_name_is_no_copys(log_group: str) -> None:
    assert copied(logGroup=log_group).log_group == log_group


def test_a_copy_of_what_the_subscription_sends_itself_has_no_records() -> None:
    of_here = f"/central-logs-copies/{CENTRAL}/us-east-1#/apps/web"
    of_abroad = f"/central-logs-copies/{CENTRAL}/eu-west-1#/apps/web"

    assert open_payload(packed({**COPY, "logGroup": of_here}), CENTRAL) == []
    assert len(open_payload(packed({**COPY, "logGroup": of_abroad}), CENTRAL)) == 2


@pytest.mark.parametrize(
    ("fields", "account", "region"),
    [
        ({"@aws.account": "333333333333"}, "333333333333", "eu-west-1"),
        ({"@aws.region": "us-east-1"}, "222222222222", "us-east-1"),
        ({}, "222222222222", "eu-west-1"),
        ({"@aws.account": "33333333333", "@aws.region": "nowhere"}, "222222222222", "eu-west-1"),
        ({"@aws.account": "", "@aws.region": None}, "222222222222", "eu-west-1"),
        ({"@aws.account": ["333333333333"]}, "222222222222", "eu-west-1"),
    ],
)
def test_a_system_field_that_is_none_leaves_what_the_envelope_says(
    fields: dict[str, Any], account: str, region: str
) -> None:
    origin = centralised(extractedFields=fields)

    assert (origin.account, origin.region) == (account, region)


@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_system_fields_that_are_no_object_leave_what_the_envelope_says(junk: object) -> None:
    assert centralised(extractedFields=junk) == centralised()


def test_only_an_event_with_system_fields_has_an_origin_of_its_own() -> None:
    first, second = open_payload(packed(ENVELOPE))

    assert first.origin is second.origin
