"""What Macie found ends up in the right field, and every state of a finding is one document."""

import json
from typing import Any

import pytest

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord, Origin
from logcore.sources.macie import parse, recognises

ROOT = "arn:aws:iam::222222222222:root"
MD5 = "ae2b1fca515949e5d54fb22b8ed95575"


def record(body: object) -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", log_group="macie-findings")
    return LogRecord("0", 1_772_366_470_000, json.dumps(body), origin)


def finding(**parts: Any) -> dict[str, Any]:
    return {
        "id": "f1",
        "type": "SensitiveData:S3Object/Personal",
        "category": "CLASSIFICATION",
        "updatedAt": "2026-03-01T12:00:00.000Z",
        "resourcesAffected": {"s3Bucket": {"name": "exports"}},
    } | parts


def parsed(**parts: Any) -> Document:
    return parse(record(finding(**parts)))


def acting(kind: str, section: str, **details: Any) -> Document:
    identity = {"type": kind, section: details}
    return parsed(policyDetails={"actor": {"userIdentity": identity}})


def with_object(tag: str, encryption: str) -> Document:
    stored = {"key": "a", "eTag": tag, "serverSideEncryption": {"encryptionType": encryption}}
    return parsed(resourcesAffected={"s3Bucket": {"name": "exports"}, "s3Object": stored})


def test_each_sighting_of_a_policy_finding_is_a_document_and_a_repetition_is_not() -> None:
    first, again = parsed(), parsed()
    later = parsed(updatedAt="2026-03-01T13:00:00.000Z", count=2)

    assert first["event"]["id"] == again["event"]["id"] != later["event"]["id"]
    assert first["macie"]["finding_id"] == later["macie"]["finding_id"] == "f1"


def test_an_archived_finding_is_a_state() -> None:
    assert parsed()["event"]["kind"] == "alert"
    assert parsed(archived=True)["event"]["kind"] == "state"


@pytest.mark.parametrize(
    ("tag", "encryption", "md5"),
    [
        (MD5, "AES256", MD5),
        (f'"{MD5}"', "NONE", MD5),
        (MD5, "aws:kms", None),
        (f"{MD5}-2", "AES256", None),
        (MD5, "UNKNOWN", None),
    ],
)
def test_an_etag_counts_as_a_hash_only_where_it_is_an_md5(
    tag: str, encryption: str, md5: str | None
) -> None:
    document = with_object(tag, encryption)

    assert document["file"].get("hash") == ({"md5": md5} if md5 else None)
    assert document.get("related") == ({"hash": [md5]} if md5 else None)


@pytest.mark.parametrize(
    ("kind", "section", "details", "name", "lasting_id"),
    [
        ("Root", "root", {"arn": ROOT}, None, ROOT),
        ("IAMUser", "iamUser", {"userName": "bob", "principalId": "AIDA1"}, "bob", "AIDA1"),
        ("AWSAccount", "awsAccount", {"principalId": "AIDA2"}, None, "AIDA2"),
        ("AWSService", "awsService", {"invokedBy": "s3.amazonaws.com"}, "s3.amazonaws.com", None),
        ("Martian", "iamUser", {"userName": "bob"}, None, None),
    ],
)
def test_each_kind_of_actor_has_its_name(
    kind: str, section: str, details: dict[str, Any], name: str | None, lasting_id: str | None
) -> None:
    document = acting(kind, section, **details)

    user = document.get("user", {})
    assert (user.get("name"), user.get("id")) == (name, lasting_id)
    assert document["macie"]["actor_type"] == kind


def test_a_role_session_is_known_by_its_role_as_in_cloudtrail() -> None:
    issuer = {
        "type": "Role",
        "userName": "deployer",
        "arn": "arn:aws:iam::222222222222:role/deployer",
    }
    session = "arn:aws:sts::222222222222:assumed-role/deployer/alice"
    document = acting(
        "AssumedRole", "assumedRole", arn=session, sessionContext={"sessionIssuer": issuer}
    )

    assert document["user"] == {"name": "deployer", "id": issuer["arn"], "roles": ["deployer"]}
    assert "alice" in document["related"]["user"]


def test_what_custom_identifiers_match_is_counted_once() -> None:
    result = {
        "sensitiveData": [{"category": "CUSTOM_IDENTIFIER", "totalCount": 4}],
        "customDataIdentifiers": {"totalCount": 4, "detections": [{"name": "customer-number"}]},
    }
    macie = parsed(classificationDetails={"result": result})["macie"]

    assert macie["occurrences"] == 4
    assert macie["categories"] == ["CUSTOM_IDENTIFIER"]
    assert macie["custom_identifiers"] == ["customer-number"]


def test_an_unknown_place_is_not_in_the_sea_off_africa() -> None:
    nowhere = {"ipAddressV4": "203.0.113.77", "ipGeoLocation": {"lat": 0.0, "lon": 0.0}}
    document = parsed(policyDetails={"actor": {"ipAddressDetails": nowhere}})

    assert document["source"] == {"address": "203.0.113.77", "ip": "203.0.113.77"}


def test_a_finding_is_recognised_anywhere_and_a_quotation_of_one_is_not() -> None:
    assert recognises(record(finding()))
    assert not recognises(record({"saw": finding()}))
    assert not recognises(record(finding(type="Recon:EC2/Portscan")))


def test_what_is_neither_a_finding_nor_of_a_job_is_rejected() -> None:
    with pytest.raises(MalformedError) as caught:
        parse(record({"id": "f1", "type": "Recon:EC2/Portscan"}))

    assert caught.value.reason == "not_macie"
