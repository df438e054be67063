"""Who is told, by whom, and of what."""

import pytest

from infra.config.alarms import Alarms
from infra.constructs.common.removal import removal_policy
from infra.constructs.store.key import Key
from infra.constructs.watch.alarm_topic import AlarmTopic
from infra.constructs.watch.loop_alarm import LoopAlarm
from lambdas import observability
from tests.infra.deployment import Deployment, Template, empty_stack, flat, template_of


@pytest.fixture(scope="module")
def watched(sandbox: Deployment) -> Template:
    stack = empty_stack()
    key = Key(stack, "Key", alias="alias/test", removal=removal_policy(sandbox.config)).key
    topic = AlarmTopic(stack, "Alarms", key=key, emails=("oncall@example.com",)).topic
    LoopAlarm(stack, "Loop", topic=topic)
    return template_of(stack)


def test_alarms_of_this_account_and_region_publish_and_nobody_else(watched: Template) -> None:
    statements = watched.one("AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]

    (allowed,) = [s for s in statements if s["Effect"] == "Allow"]

    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Action"] == "sns:Publish"
    assert flat(allowed["Condition"]["ArnLike"]["aws:SourceArn"]) == (
        "arn:aws:cloudwatch:us-east-1:111111111111:alarm:*"
    )
    assert allowed["Condition"]["StringEquals"] == {"aws:SourceAccount": "111111111111"}


def test_the_topic_is_encrypted_with_the_key_which_lets_alarms_use_it(watched: Template) -> None:
    statements = watched.one("AWS::KMS::Key")["KeyPolicy"]["Statement"]
    alarms = {"Service": "cloudwatch.amazonaws.com"}

    assert flat(watched.one("AWS::SNS::Topic")["KmsMasterKeyId"]).startswith("<Key")
    assert [s["Action"] for s in statements if s["Principal"] == alarms] == [
        ["kms:Decrypt", "kms:GenerateDataKey"]
    ]


def test_each_address_is_subscribed(watched: Template) -> None:
    subscription = watched.one("AWS::SNS::Subscription")

    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "oncall@example.com")


def test_the_loop_alarm_goes_off_at_one_line_and_tells_when_it_is_over(watched: Template) -> None:
    alarm = watched.one("AWS::CloudWatch::Alarm")

    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 0)
    assert (alarm["Statistic"], alarm["Period"], alarm["EvaluationPeriods"]) == ("Sum", 300, 1)
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["AlarmActions"] == alarm["OKActions"]
    assert flat(alarm["AlarmActions"][0]).startswith("<AlarmsTopic")


def test_the_loop_alarm_looks_at_what_the_functions_publish(watched: Template) -> None:
    alarm = watched.one("AWS::CloudWatch::Alarm")

    assert (alarm["Namespace"], alarm["MetricName"]) == (
        observability.NAMESPACE,
        observability.EVENTS_DROPPED,
    )
    assert alarm["Dimensions"] == [{"Name": "rule", "Value": "own-logs"}]


def test_no_function_has_lines_of_lambda_in_its_log(deployment: Deployment) -> None:
    """A log that grew by being read could not be kept from growing."""
    levels = {
        function["Properties"]["LoggingConfig"].get("SystemLogLevel")
        for template in deployment.templates.values()
        for function in template.all("AWS::Lambda::Function").values()
        if function["Properties"]["Runtime"].startswith("python")
    }

    assert levels == {"WARN"}


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="oncall"):
        Alarms(emails=("oncall",))
