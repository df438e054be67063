"""Objects as AWS writes them, through the whole core: keys, headers, files and identities."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logcore.normalise import Normaliser
from logcore.objects.outcomes import object_outcomes
from logcore.objects.reader import origin_of
from logcore.record import Accepted, Outcome
from logcore.registry import SOURCES
from logcore.routing import Routing

MODIFIED_MS = 1_772_366_460_000  # 2026-03-01T12:01:00Z
NORMALISE = Normaliser(Routing(SOURCES))
HOME = "AWSLogs/222222222222"
FLOW = "2 222222222222 eni-0a1b2c3d 192.0.2.1 198.51.100.7 443 51234 6 9 840 1772366400 1772366459"
DIGEST = {
    "awsAccountId": "222222222222",
    "digestStartTime": "2026-03-01T11:00:00Z",
    "digestEndTime": "2026-03-01T12:00:00Z",
    "digestS3Bucket": "example-org-logs",
    "digestS3Object": f"{HOME}/CloudTrail-Digest/eu-west-1/2026/03/01/d.json.gz",
    "previousDigestHashValue": "aa" * 32,
    "logFiles": [{"s3Object": "l.json.gz", "hashValue": "bb" * 32}, {"hashValue": None}],
}


def call(number: int) -> dict[str, Any]:
    return {
        "eventVersion": "1.11",
        "eventID": f"00000000-0000-0000-0000-{number:012d}",
        "eventTime": "2026-03-01T12:00:00Z",
        "eventSource": "iam.amazonaws.com",
        "eventName": "CreateUser",
        "awsRegion": "us-east-1",
        "recipientAccountId": "222222222222",
    }


def outcomes(key: str, text: str, *, etag: str = "e1", first: int = 1) -> list[Outcome]:
    origin = origin_of("example-org-logs", key, etag)
    data = gzip.compress(text.encode())
    found = object_outcomes(NORMALISE, (data,), origin, MODIFIED_MS, first=first)
    return [outcome for numbered in found for outcome in numbered.outcomes]


def documents(key: str, text: str) -> list[dict[str, Any]]:
    return [o.document for o in outcomes(key, text) if isinstance(o, Accepted)]


def test_a_file_of_cloudtrail_becomes_its_events() -> None:
    text = json.dumps({"Records": [call(1), call(2)]})

    found = documents(f"{HOME}/CloudTrail/us-east-1/2026/03/01/x.json.gz", text)

    assert [d["event"]["id"] for d in found] == [call(1)["eventID"], call(2)["eventID"]]
    assert found[0]["aws"]["s3"] == {
        "bucket": {"name": "example-org-logs"},
        "object": {"key": f"{HOME}/CloudTrail/us-east-1/2026/03/01/x.json.gz"},
    }


def test_a_digest_says_which_files_there_are_with_their_hashes() -> None:
    (found,) = documents(DIGEST["digestS3Object"], json.dumps(DIGEST, indent=2))  # type: ignore[arg-type]  # it is text

    assert found["@timestamp"] == "2026-03-01T12:00:00.000Z"
    assert found["event"]["dataset"] == "aws.cloudtrail"
    assert found["event"]["id"] == f"s3://example-org-logs/{DIGEST['digestS3Object']}"
    assert found["cloud"]["account"] == {"id": "222222222222"}
    assert found["cloud"]["region"] == "eu-west-1"
    assert found["file"] == {"path": DIGEST["digestS3Object"]}
    assert found["related"] == {"hash": ["aa" * 32, "bb" * 32]}


def test_flow_logs_have_the_order_of_their_own_header() -> None:
    text = "dstaddr start version srcaddr\n198.51.100.7 1772366400 2 192.0.2.1\n"

    (found,) = documents(f"{HOME}/vpcflowlogs/eu-west-1/2026/03/01/x.log.gz", text)

    assert found["source"]["ip"] == "192.0.2.1"
    assert found["destination"]["ip"] == "198.51.100.7"
    assert found["cloud"]["account"] == {"id": "222222222222"}
    assert found["cloud"]["region"] == "eu-west-1"


def test_a_column_that_aws_adds_to_flow_logs_costs_itself_only() -> None:
    text = "version srcaddr dstaddr brand-new\n2 192.0.2.1 198.51.100.7 x\n"

    (found,) = documents("copied/x.log", text)

    assert found["aws"]["vpcflow"]["brand_new"] == "x"
    assert found["destination"]["ip"] == "198.51.100.7"


@pytest.mark.parametrize(
    "header",
    ["version version srcaddr", "start end of day", "version tgw-id srcaddr dstaddr", "srcaddr"],
)
def test_what_is_no_header_of_flow_logs_is_not_taken_for_one(header: str) -> None:
    first, *_ = outcomes("copied/x.log", f"{header}\n")

    assert first.record.message == header
    assert first.source == "generic"


def test_the_same_flow_by_a_log_group_and_by_an_object_is_one_event() -> None:
    line = f"{FLOW} ACCEPT OK"
    header = (
        "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes"
        " start end action log-status"
    )
    envelope = {
        "messageType": "DATA_MESSAGE",
        "owner": "222222222222",
        "logGroup": "/aws/vpc/flow",
        "logStream": "eni-0a1b2c3d-all",
        "logEvents": [{"id": "1", "timestamp": MODIFIED_MS, "message": line}],
    }

    (by_object,) = documents(f"{HOME}/vpcflowlogs/eu-west-1/2026/03/01/x.gz", f"{header}\n{line}")
    (by_group,) = NORMALISE.payload(json.dumps(envelope).encode())

    assert isinstance(by_group, Accepted)
    assert by_object["event"]["id"] == by_group.document["event"]["id"]


def test_requests_at_the_edge_have_the_fields_of_their_own_header() -> None:
    text = (
        "#Version: 1.0\n#Fields: x-edge-request-id c-ip sc-status date time\n"
        "abc\t192.0.2.1\t200\t2026-03-01\t12:00:00\n"
    )

    (found,) = documents("anything", text)

    assert found["event"]["dataset"] == "aws.cloudfront_logs"
    assert found["source"]["ip"] == "192.0.2.1"
    assert found["@timestamp"] == "2026-03-01T12:00:00.000Z"


@pytest.mark.parametrize(
    ("key", "source"),
    [
        (f"{HOME}/CloudTrail/eu-west-1/2026/03/01/x.json.gz", "cloudtrail"),
        (f"{HOME}/CloudTrail-Insight/eu-west-1/2026/03/01/x.json.gz", "cloudtrail"),
        (f"{HOME}/CloudTrail-Digest/eu-west-1/2026/03/01/x.json.gz", "cloudtrail"),
        (f"{HOME}/GuardDuty/eu-west-1/2026/03/01/x.jsonl.gz", "guardduty"),
        (f"{HOME}/vpcflowlogs/eu-west-1/2026/03/01/x.log.gz", "vpc_flow"),
        ("AWSLogs/aws-account-id=222222222222/aws-service=vpcflowlogs/x", "vpc_flow"),
        ("cdn/E2EXAMPLE.2026-03-01-12.a1b2c3d4.gz", "cloudfront"),
        (f"{HOME}/CloudFront/E2EXAMPLE/2026/x.gz", "cloudfront"),
        ("s3/2026-03-01-12-00-00-0A1B2C3D4E5F6071", "s3access"),
        ("222222222222/eu-west-1/b/2026/03/01/2026-03-01-12-00-00-0A1B2C3D4E5F6071", "s3access"),
        (f"{HOME}/elasticloadbalancing/eu-west-1/2026/03/01/x.log.gz", "elb"),
        (f"{HOME}/WAFLogs/cloudfront/shop/2026/03/01/12/00/x.log.gz", "waf"),
        (f"{HOME}/vpcdnsquerylogs/vpc-0a1b2c3d/2026/03/01/x.log.gz", "route53_resolver"),
    ],
)
def test_a_key_as_aws_writes_it_reaches_its_source(key: str, source: str) -> None:
    match = NORMALISE.routing.claim(origin_of("logs", key))

    assert match is not None
    assert match.source.name == source


def test_equal_lines_stay_two_and_an_object_read_again_adds_none() -> None:
    once = [d["event"]["id"] for d in documents("app/x.log", "same\nsame\n")]

    assert len(set(once)) == 2
    assert [d["event"]["id"] for d in documents("app/x.log", "same\nsame\n")] == once


def test_a_line_without_a_time_has_that_of_the_object() -> None:
    (found,) = documents("app/x.log", "hello")

    assert found["@timestamp"] == "2026-03-01T12:01:00.000Z"


def test_reading_can_begin_again_behind_a_record_with_the_header_it_had() -> None:
    text = "version srcaddr dstaddr\n" + "".join(f"2 192.0.2.{n} 198.51.100.7\n" for n in range(5))
    key = f"{HOME}/vpcflowlogs/eu-west-1/2026/03/01/x.log.gz"

    assert outcomes(key, text, first=4) == outcomes(key, text)[3:]
    assert outcomes(key, text, first=6) == []


def test_envelopes_and_events_that_somebody_put_into_an_object_are_opened() -> None:
    envelope = {
        "messageType": "DATA_MESSAGE",
        "owner": "333333333333",
        "logGroup": "/apps/web",
        "logStream": "a",
        "logEvents": [{"id": str(n), "timestamp": MODIFIED_MS, "message": "m"} for n in range(2)],
    }
    event = {
        "detail-type": "Parameter Store Change",
        "source": "aws.ssm",
        "id": "1",
        "account": "333333333333",
        "region": "eu-west-1",
        "time": "2026-03-01T12:00:00Z",
        "detail": {},
    }

    found = documents("firehose/x", json.dumps(envelope) + json.dumps(event))

    assert [d["event"]["dataset"] for d in found] == ["generic", "generic", "aws.events"]
    assert {d["cloud"]["account"]["id"] for d in found} == {"333333333333"}


@settings(deadline=None)
@given(st.binary() | st.text().map(str.encode) | st.binary().map(gzip.compress))
def test_any_object_has_outcomes_with_numbers_in_order(data: bytes) -> None:
    origin = origin_of("logs", "any")

    found = list(object_outcomes(NORMALISE, (data,), origin, MODIFIED_MS))

    assert [numbered.number for numbered in found] == list(range(1, len(found) + 1))
    assert all(numbered.outcomes for numbered in found)
