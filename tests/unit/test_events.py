"""What an EventBridge event without a source of its own becomes."""

import json
from typing import Any

import pytest

from logcore.normalise import Normaliser
from logcore.record import Accepted, Document, LogRecord, Origin
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.sources.events.reading import last_part, outcome_of, phase_of

NORMALISE = Normaliser(Routing(SOURCES))


def event(source: str, detail_type: str, detail: object, **parts: Any) -> dict[str, Any]:
    whole = {"version": "0", "id": "e-1", "detail-type": detail_type, "source": source}
    place = {"account": "222222222222", "region": "eu-west-1", "time": "2026-03-01T12:00:00Z"}
    return whole | place | {"resources": [], "detail": detail} | parts


def accepted(payload: dict[str, Any]) -> Accepted:
    (outcome,) = NORMALISE.payload(json.dumps(payload).encode())
    assert isinstance(outcome, Accepted)
    return outcome


def document(source: str, detail_type: str, detail: object, **parts: Any) -> Document:
    return accepted(event(source, detail_type, detail, **parts)).document


def line(message: str, log_group: str) -> Accepted:
    origin = Origin(transport="cloudwatch_logs", account="222222222222", log_group=log_group)
    outcome = NORMALISE(LogRecord("0", 1_772_366_400_000, message, origin))
    assert isinstance(outcome, Accepted)
    return outcome


@pytest.mark.parametrize("source", ["aws.unheard-of", "com.example.shop", ""])
def test_an_event_that_no_source_claims_is_an_event_and_no_text(source: str) -> None:
    assert accepted(event(source, "Something New", {})).source == "events"


@pytest.mark.parametrize(
    ("source", "detail_type", "claimed_by"),
    [
        ("aws.guardduty", "GuardDuty Finding", "guardduty"),
        ("aws.s3", "AWS API Call via CloudTrail", "cloudtrail"),
    ],
)
def test_sources_of_their_own_come_first(source: str, detail_type: str, claimed_by: str) -> None:
    (outcome,) = NORMALISE.payload(json.dumps(event(source, detail_type, {})).encode())

    assert outcome.source == claimed_by


@pytest.mark.parametrize("detail", [None, [], "text", 7, {"state": {"deep": []}}])
def test_a_detail_of_any_shape_is_kept(detail: object) -> None:
    found = document("aws.ec2", "EC2 Instance State-change Notification", detail)

    assert found["aws"]["events"]["detail"] == detail


def test_the_same_event_by_both_ways_is_one_document() -> None:
    sent = event("aws.ec2", "EC2 Instance State-change Notification", {"state": "running"})
    written = line(json.dumps(sent), "/aws/events/instances")

    assert written.source == "events"
    assert written.document["event"]["id"] == accepted(sent).document["event"]["id"]
    assert written.document["aws"]["eventbridge"] == accepted(sent).document["aws"]["eventbridge"]


def test_a_program_that_logs_an_event_it_was_given_is_no_event() -> None:
    logged = json.dumps(event("aws.ec2", "EC2 Instance State-change Notification", {}))

    assert line(logged, "/aws/lambda/handler").source == "generic"


def test_copies_of_one_health_communication_are_one_document() -> None:
    detail = {"communicationId": "c-1", "affectedAccount": "333333333333"}
    home = document("aws.health", "AWS Health Event", detail, region="eu-west-1", id="a")
    backup = document("aws.health", "AWS Health Event", detail, region="us-west-2", id="b")
    other = document("aws.health", "AWS Health Event", detail | {"communicationId": "c-2"})

    assert home["event"]["id"] == backup["event"]["id"] != other["event"]["id"]
    assert home["cloud"]["account"] == {"id": "333333333333"}


@pytest.mark.parametrize("when", ["Sun, 15 Mar 2026 10:00:00 GMT", "2026-03-15T10:00:00Z"])
def test_health_s_times_are_read_in_both_spellings(when: str) -> None:
    found = document("aws.health", "AWS Health Event", {"startTime": when})

    assert found["event"]["start"] == "2026-03-15T10:00:00.000Z"


@pytest.mark.parametrize("when", ["soon", "Sun, 99 Mar 2026 10:00:00 GMT", "", 7, [], "1,"])
def test_a_time_of_health_that_cannot_be_read_costs_only_itself(when: object) -> None:
    found = document("aws.health", "AWS Health Event", {"startTime": when, "service": "EC2"})

    assert found["pipeline"]["malformed"] == ["startTime"]
    assert found["events"]["health"]["service"] == "EC2"


@pytest.mark.parametrize(
    ("codes", "outcome"),
    [([0], "success"), ([0, 137], "failure"), ([1, None], "failure"), ([0, None], "unknown")],
)
def test_the_exit_codes_of_all_containers_decide_how_a_task_ended(
    codes: list[int | None], outcome: str
) -> None:
    containers = [{"name": "c", "exitCode": code} for code in codes]
    detail = {"lastStatus": "STOPPED", "containers": containers}

    assert document("aws.ecs", "ECS Task State Change", detail)["event"]["outcome"] == outcome


def test_a_task_that_runs_has_no_outcome() -> None:
    detail = {"lastStatus": "RUNNING", "containers": [{"exitCode": 1}]}

    assert "outcome" not in document("aws.ecs", "ECS Task State Change", detail)["event"]


@pytest.mark.parametrize(
    ("image", "name", "tag"),
    [
        ("example.com:5000/web", "example.com:5000/web", None),
        ("example.com:5000/web:1", "example.com:5000/web", ["1"]),
        ("web", "web", None),
    ],
)
def test_a_registry_s_port_is_no_tag(image: str, name: str, tag: list[str] | None) -> None:
    found = document("aws.ecs", "ECS Task State Change", {"containers": [{"image": image}]})

    assert found["container"]["image"] == {"name": name} | ({"tag": tag} if tag else {})


@pytest.mark.parametrize(
    ("state", "outcome", "phase"),
    [
        ("SUCCEEDED", "success", "end"),
        ("CREATE_COMPLETE", "success", "end"),
        ("FAILED", "failure", "end"),
        ("UPDATE_ROLLBACK_COMPLETE", "failure", "end"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", None, "change"),
        ("IN_PROGRESS", None, "start"),
        ("STOPPED", None, "end"),
        ("SUPERSEDED", None, "end"),
        ("ok", None, "change"),
        (None, None, "change"),
    ],
)
def test_a_state_says_whether_it_is_an_end_and_a_good_one(
    state: str | None, outcome: str | None, phase: str
) -> None:
    assert outcome_of(state) == outcome
    assert phase_of(state) == (phase,)


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        ("arn:aws:events:eu-west-1:222222222222:rule/nightly", "nightly"),
        ("arn:aws:s3:::example-bucket", "example-bucket"),
        ("i-0123456789abcdef0", "i-0123456789abcdef0"),
        ("arn:aws:s3:::", None),
        (None, None),
    ],
)
def test_the_name_of_a_resource_is_the_last_part_of_its_arn(
    arn: str | None, name: str | None
) -> None:
    assert last_part(arn) == name
