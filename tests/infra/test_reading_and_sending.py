"""When the stream is read, and by which role an account sends to another one's Destination."""

from typing import Any

import pytest

from infra.constructs.members.subscription import Subscription
from infra.constructs.search.search_domain import cluster
from tests.infra.deployment import Deployment, Template, empty_stack, flat, template_of

DESTINATION = "arn:aws:logs:eu-west-1:111111111111:destination:central-logs"


@pytest.fixture(scope="module")
def member() -> Template:
    stack = empty_stack()
    Subscription(
        stack, "Subscription", destination_arn=DESTINATION, left_out=["/central-logs/normalise"]
    )
    return template_of(stack)


def test_nothing_is_read_before_the_inbox_and_its_pipeline_are_there(pipeline: Template) -> None:
    (reader,) = pipeline.all("AWS::Lambda::EventSourceMapping").values()
    (setup,) = pipeline.all("Custom::SearchSetup")

    assert setup in reader["DependsOn"]


@pytest.mark.parametrize(
    ("stage", "seconds"), [("sandbox", 23 * 3_600), ("production", 167 * 3_600)]
)
def test_a_record_is_given_up_an_hour_before_the_stream_forgets_it(
    stage: str, seconds: int, request: pytest.FixtureRequest
) -> None:
    deployment: Deployment = request.getfixturevalue(stage)

    reader = deployment.stack("pipeline").one("AWS::Lambda::EventSourceMapping")

    assert reader["MaximumRecordAgeInSeconds"] == seconds


def test_the_subscription_names_a_role_of_the_sending_account(member: Template) -> None:
    (role,) = member.all("AWS::IAM::Role")

    document = flat(member.one("AWS::Logs::AccountPolicy")["PolicyDocument"])

    assert f'"RoleArn":"<{role}.Arn>"' in document


def test_only_cloudwatch_logs_of_the_sending_account_and_region_may_take_the_role(
    member: Template,
) -> None:
    (statement,) = member.one("AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Principal"] == {"Service": "logs.amazonaws.com"}
    assert statement["Condition"] == {
        "StringLike": {"aws:SourceArn": "arn:aws:logs:us-east-1:111111111111:*"}
    }


def test_the_role_may_put_log_events_and_nothing_else(member: Template) -> None:
    assert member.allowed("SubscriptionRole") == {
        ("logs:PutLogEvents", "arn:aws:logs:us-east-1:111111111111:log-group:*")
    }


def test_the_rights_are_there_before_the_subscription_is(member: Template) -> None:
    (policy,) = member.all("AWS::Logs::AccountPolicy").values()
    (rights,) = member.all("AWS::IAM::Policy")

    assert rights in policy["DependsOn"]


def test_cold_storage_is_on_only_where_it_was_chosen(production: Deployment) -> None:
    def nodes(**values: Any) -> Any:
        return cluster(production.config.search.model_copy(update=values))

    assert nodes().cold_storage_options is None
    assert nodes(warm_nodes=2, cold_storage=True).cold_storage_options.enabled
