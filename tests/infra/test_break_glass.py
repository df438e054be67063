"""Break glass: for named users with a second factor, in one region, and each use is told."""

from typing import Any

import pytest

from tests.infra.deployment import Deployment, Template, flat

USER = "arn:aws:iam::111111111111:user/on-call"
TOPIC = "AWS::SNS::Topic"


@pytest.fixture
def search(options: Deployment) -> Template:
    return options.stack("search")


def trust(search: Template) -> dict[str, Any]:
    role = search.one("AWS::IAM::Role", below="BreakGlass")
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    found: dict[str, Any] = statement
    return found


def test_without_principals_there_is_neither_role_nor_topic(production: Deployment) -> None:
    search = production.stack("search")

    assert search.all(TOPIC) == {}
    assert [id_ for id_ in search.body["Resources"] if id_.startswith("BreakGlass")] == []


def test_only_named_users_with_a_second_factor_take_it(search: Template) -> None:
    statement = trust(search)

    assert statement["Principal"] == {"AWS": USER}
    assert statement["Condition"]["Bool"] == {"aws:MultiFactorAuthPresent": "true"}


def test_it_is_taken_where_the_rule_listens_and_nowhere_else(search: Template) -> None:
    assert trust(search)["Condition"]["StringEquals"] == {"aws:RequestedRegion": "us-east-1"}


def test_a_use_lasts_an_hour_at_most(search: Template) -> None:
    assert search.one("AWS::IAM::Role", below="BreakGlass")["MaxSessionDuration"] == 3_600


def test_it_may_send_every_request_to_the_domain_and_nothing_more(search: Template) -> None:
    methods = ("Delete", "Get", "Head", "Patch", "Post", "Put")
    domain = "arn:aws:es:us-east-1:111111111111:domain/central-logs-private/*"

    assert search.allowed("BreakGlassRole") == {(f"es:ESHttp{m}", domain) for m in methods}


def test_calls_that_count_as_reading_are_heard_too(search: Template) -> None:
    rule = search.one("AWS::Events::Rule", below="BreakGlass")

    assert rule["State"] == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
    called, switched = rule["EventPattern"]["detail"]["$or"]
    assert called["eventName"] == ["AssumeRole"]
    assert flat(called["requestParameters"]["roleArn"][0]).startswith("<BreakGlassRole")
    assert switched["eventName"] == ["SwitchRole"]


def test_each_use_is_told_to_who_is_named(search: Template) -> None:
    rule = search.one("AWS::Events::Rule", below="BreakGlass")
    (topic,) = search.all(TOPIC)
    told = search.one("AWS::SNS::Subscription")

    assert [target["Arn"] for target in rule["Targets"]] == [{"Ref": topic}]
    assert (told["TopicArn"], told["Protocol"]) == ({"Ref": topic}, "email")
    assert told["Endpoint"] == "security@example.com"


def test_only_the_rule_may_tell_and_nobody_in_the_clear(search: Template) -> None:
    statements = search.one("AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
    (rule,) = (id_ for id_ in search.all("AWS::Events::Rule") if id_.startswith("BreakGlass"))

    allowed = [s for s in statements if s["Effect"] == "Allow"]

    assert [s["Condition"] for s in allowed] == [
        {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": [rule, "Arn"]}}}
    ]
    assert {"Bool": {"aws:SecureTransport": "false"}} in [
        s["Condition"] for s in statements if s["Effect"] == "Deny"
    ]
    assert search.one(TOPIC)["KmsMasterKeyId"]


def test_the_setup_maps_it(options: Deployment) -> None:
    settings = options.stack("pipeline").one("Custom::SearchSetup")["Settings"]

    assert "BreakGlassRole" in flat(settings["BREAK_GLASS"])
