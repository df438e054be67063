"""What an Inspector finding becomes: which one it is, how bad, and since when."""

import json
from typing import Any

import pytest

from logcore.record import Document, LogRecord, Origin
from logcore.sources.inspector import parse
from logcore.sources.inspector.times import moment

ORIGIN = Origin(transport="cloudwatch_logs", log_group="inspector-findings")


def document(**parts: Any) -> Document:
    finding = {"findingArn": "a", "type": "PACKAGE_VULNERABILITY"} | parts
    return parse(LogRecord("0", 0, json.dumps(finding), ORIGIN))


@pytest.mark.parametrize(
    "when",
    [
        "Mar 1, 2026, 12:00:05 PM",
        "Mar 1, 2026, 12:00:05\u202fPM",
        "2026-03-01T12:00:05Z",
        1_772_366_405,
        1_772_366_405.0,
    ],
)
def test_a_time_is_read_in_every_spelling_of_inspector_s(when: object) -> None:
    assert moment(when, "updatedAt", []) == "2026-03-01T12:00:05.000Z"


@pytest.mark.parametrize("when", ["lately", "Mar 99, 2026, 1:00:00 PM", 0, -1, 1e300, True, []])
def test_a_time_that_is_none_is_malformed(when: object) -> None:
    malformed: list[str] = []

    assert moment(when, "updatedAt", malformed) is None
    assert malformed == ["updatedAt"]


def test_each_update_is_a_document_of_its_own_under_one_finding() -> None:
    first, second = document(updatedAt=1_772_366_405), document(updatedAt=1_772_366_406)

    assert first["event"]["id"] != second["event"]["id"]
    assert first["inspector"]["finding_arn"] == second["inspector"]["finding_arn"] == "a"


@pytest.mark.parametrize("score", [-0.1, 10.1, "7", True, []])
def test_a_score_out_of_range_costs_only_itself(score: object) -> None:
    found = document(inspectorScore=score)

    assert found["pipeline"]["malformed"] == ["inspectorScore"]
    assert "risk_score" not in found["event"]


def test_a_closed_finding_asks_for_nothing() -> None:
    assert document(status="CLOSED")["event"]["kind"] == "state"
    assert document(status="SUPPRESSED")["event"]["kind"] == "state"
    assert document(status="ACTIVE")["event"]["kind"] == "alert"


def test_two_states_within_a_second_are_two_documents() -> None:
    states = [document(updatedAt=1_772_366_405, status=s) for s in ("ACTIVE", "CLOSED")]

    assert states[0]["event"]["id"] != states[1]["event"]["id"]
