"""How events of every account reach the stream."""

import pytest

from infra.config.deployment import EVENT_SOURCES
from logcore.registry import SOURCES
from tests.infra.deployment import Deployment, Template, flat

HUB = "arn:aws:events:us-east-1:111111111111:event-bus/central-logs"


@pytest.fixture(params=["member-222222222222-eu-west-1", "member-111111111111-us-east-1"])
def member(request: pytest.FixtureRequest, deployment: Deployment) -> Template:
    return deployment.stack(request.param)


def test_the_organisation_may_put_events_on_the_hub(pipeline: Template) -> None:
    statement = pipeline.one("AWS::Events::EventBusPolicy")["Statement"]

    assert statement["Action"] == "events:PutEvents"
    assert statement["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}}
    assert flat(statement["Resource"]) == "<EventsBus45DE4339.Arn>"


def test_every_event_of_the_hub_goes_to_the_stream_spread_by_its_id(pipeline: Template) -> None:
    rule = pipeline.one("AWS::Events::Rule")
    (target,) = rule["Targets"]

    assert rule["EventPattern"] == {"account": [{"exists": True}]}
    assert flat(target["Arn"]) == "<IngestStream404D06C0.Arn>"
    assert target["KinesisParameters"] == {"PartitionKeyPath": "$.id"}


def test_events_that_the_stream_does_not_take_are_set_aside(pipeline: Template) -> None:
    (target,) = pipeline.one("AWS::Events::Rule")["Targets"]
    queue = pipeline.one("AWS::SQS::QueuePolicy")["PolicyDocument"]["Statement"]
    (allowed,) = [s for s in queue if s["Effect"] == "Allow"]

    assert flat(target["DeadLetterConfig"]["Arn"]) == "<NormaliseSetAside98779F55.Arn>"
    assert allowed["Principal"] == {"Service": "events.amazonaws.com"}
    assert flat(allowed["Condition"]["ArnEquals"]["aws:SourceArn"]) == (
        "<EventsToStream4B5BF51C.Arn>"
    )


def test_eventbridge_uses_roles_for_their_own_account_only(
    member: Template, pipeline: Template
) -> None:
    trusts = [
        template.one("AWS::IAM::Role", below="EventsRole")["AssumeRolePolicyDocument"]
        for template in (member, pipeline)
    ]

    for (statement,) in (trust["Statement"] for trust in trusts):
        assert statement["Principal"] == {"Service": "events.amazonaws.com"}
        assert set(statement["Condition"]["StringEquals"]) == {"aws:SourceAccount"}


def test_a_member_forwards_its_security_events_from_any_region(
    deployment: Deployment, member: Template
) -> None:
    rule = member.one("AWS::Events::Rule")
    (target,) = rule["Targets"]

    assert rule["EventPattern"] == {"source": list(deployment.config.event_sources)}
    assert "EventBusName" not in rule
    assert target["Arn"] == HUB
    assert member.allowed("EventsRole") == {("events:PutEvents", HUB)}


def test_what_a_source_claims_by_name_is_forwarded_unless_a_deployment_says_otherwise() -> None:
    claimed = {pattern.partition("/")[0] for source in SOURCES for pattern in source.events}

    assert {name for name in claimed if "*" not in name} <= set(EVENT_SOURCES)


def test_the_sandbox_forwards_what_is_the_default(deployment: Deployment) -> None:
    assert deployment.config.event_sources == EVENT_SOURCES


def test_the_right_to_forward_is_in_place_before_the_rule(member: Template) -> None:
    (rule,) = member.all("AWS::Events::Rule").values()

    assert any(name.startswith("EventsRoleDefaultPolicy") for name in rule["DependsOn"])
