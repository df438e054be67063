"""What a GuardDuty finding becomes: which one it is, how bad, and of what kind."""

import json

import pytest

from logcore.errors import MalformedError
from logcore.normalise import Normaliser
from logcore.record import Accepted, Origin
from logcore.routing import Routing
from logcore.sources.guardduty import SOURCE, parse
from logcore.sources.guardduty.threat import PURPOSES, TACTICS
from tests.unit.guardduty_records import ARN, document, finding, line, malformed


@pytest.mark.parametrize(
    ("severity", "level", "label"),
    [
        (1, 1, "Low"),
        (3.9, 3, "Low"),
        (4, 4, "Medium"),
        (6.9, 6, "Medium"),
        (7.0, 7, "High"),
        (8.9, 8, "High"),
        (9.0, 9, "Critical"),
        (10, 10, "Critical"),
        ("8", 8, "High"),
        ("8.0", 8, "High"),
    ],
)
def test_severity_has_guardduty_s_labels_up_to_critical(
    severity: float | str, level: int, label: str
) -> None:
    found = document(severity=severity)

    assert found["event"]["severity"] == level
    assert found["event"]["risk_score"] == float(severity)
    assert found["guardduty"]["severity_label"] == label


@pytest.mark.parametrize("severity", [0, 0.9, 10.1, -1, "high", "nan", "inf", None, True, [], {}])
def test_a_severity_out_of_range_is_malformed_and_costs_nothing_else(severity: object) -> None:
    found = document(severity=severity)

    assert malformed(found) == ["severity"]
    assert "severity" not in found["event"]
    assert found["guardduty"]["type"] == "Recon:EC2/Portscan"


def test_each_update_is_a_document_of_its_own_under_one_finding() -> None:
    first = document(updatedAt="2026-03-01T12:05:00.000Z")
    second = document(updatedAt="2026-03-01T12:20:00.000Z")

    assert first["event"]["id"] == "f1/2026-03-01T12:05:00.000Z"
    assert first["event"]["id"] != second["event"]["id"]
    assert first["guardduty"]["finding_id"] == second["guardduty"]["finding_id"] == "f1"


def test_an_id_too_long_for_an_index_is_still_one_id() -> None:
    outcome = Normaliser(Routing([SOURCE]))(line(json.dumps(finding(id="f" * 600))))

    assert isinstance(outcome, Accepted)
    assert len(outcome.document["event"]["id"]) == 32
    assert outcome.document["guardduty"]["finding_id"] == "f" * 600


@pytest.mark.parametrize(
    ("name", "purpose", "ruleset", "family"),
    [
        ("Recon:EC2/Portscan", "Recon", "Recon:EC2", "Portscan"),
        ("Backdoor:EC2/C&CActivity.B!DNS", "Backdoor", "Backdoor:EC2", "C&CActivity.B!DNS"),
        ("oddly named", None, None, None),
        (":/", None, None, None),
    ],
)
def test_a_type_is_taken_apart_into_a_rule(
    name: str, purpose: str | None, ruleset: str | None, family: str | None
) -> None:
    rule = document(type=name)["rule"]

    assert rule["id"] == name
    assert [rule.get(k) for k in ("category", "ruleset", "name")] == [purpose, ruleset, family]


@pytest.mark.parametrize(("purpose", "tactic"), PURPOSES.items())
def test_a_purpose_that_is_a_tactic_names_it(purpose: str, tactic: str) -> None:
    threat = document(type=f"{purpose}:EC2/X")["threat"]

    assert threat["tactic"] == {"name": [tactic], "id": [TACTICS[tactic]]}
    assert threat["framework"] == "MITRE ATT&CK"


@pytest.mark.parametrize("purpose", ["Trojan", "Policy", "UnauthorizedAccess", "AttackSequence"])
def test_a_purpose_that_is_no_tactic_names_none(purpose: str) -> None:
    assert "threat" not in document(type=f"{purpose}:EC2/X")


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("no json", "not_json"),
        ("[1]", "not_an_object"),
        ("{}", "not_guardduty"),
        ('{"id":"f1"}', "not_guardduty"),
        ('{"type":"Recon:EC2/Portscan"}', "not_guardduty"),
        ('{"id":7,"type":"Recon:EC2/Portscan"}', "not_guardduty"),
        ('{"detail-type":"GuardDuty Finding","detail":"x"}', "not_guardduty"),
    ],
)
def test_what_is_no_finding_is_refused_with_its_reason(message: str, reason: str) -> None:
    with pytest.raises(MalformedError) as refused:
        parse(line(message))

    assert refused.value.reason == reason


WHOLE = json.dumps({"detail-type": "GuardDuty Finding", "detail": finding()})


@pytest.mark.parametrize(
    ("message", "log_group", "expected"),
    [
        (json.dumps(finding()), "/teams/security", True),
        (json.dumps({"Id": "f1", "Type": "T:R/F", "Arn": ARN}), "/teams/security", True),
        (WHOLE, "/aws/events/security", True),
        (json.dumps(finding()), "/aws/events/security", True),
        (WHOLE, "/aws/lambda/responder", False),
        (f"Received {WHOLE}", "/aws/lambda/responder", False),
        (json.dumps({"message": ARN, "id": "1", "type": "x"}), "/apps/shop", False),
        ("plain", "/apps/shop", False),
    ],
)
def test_a_finding_is_recognised_whole_and_not_inside_a_programs_own_line(
    message: str, log_group: str, *, expected: bool
) -> None:
    assert SOURCE.recognises(line(message, log_group)) is expected


@pytest.mark.parametrize(
    ("log_group", "expected"),
    [
        ("/aws/events/guardduty-findings", True),
        ("/aws/guardduty/findings", True),
        ("/aws/guardduty/malware-scan-events", False),
        ("/aws/lambda/guardduty-responder", False),
    ],
)
def test_groups_of_findings_are_claimed_and_those_of_functions_are_not(
    log_group: str, *, expected: bool
) -> None:
    assert SOURCE.claims(Origin(transport="cloudwatch_logs", log_group=log_group)) is expected


def test_an_archived_finding_is_a_state() -> None:
    assert document(service={"archived": True})["event"]["kind"] == "state"
    assert document(service={"archived": False})["event"]["kind"] == "alert"
