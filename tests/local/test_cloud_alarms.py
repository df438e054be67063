"""From a line of a function's log to somebody who is told: metrics in lines, alarms, topics."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.aws.process import LocalCloud
from tests.local import landscape as made
from tests.local.pieces import eventually, make_function, make_role

HOME = "111111111111"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("cloud") / "cloud.log") as running:
        make_role(running, "worker", "lambda", [("logs:*", "*")])
        yield running


def embedded(namespace: str, value: float, **dimensions: str) -> str:
    """A line as powertools writes it."""
    directive = {
        "Namespace": namespace,
        "Dimensions": [list(dimensions)],
        "Metrics": [{"Name": "Dropped", "Unit": "Count"}],
    }
    aws = {"Timestamp": 1, "CloudWatchMetrics": [directive]}
    return json.dumps({"_aws": aws, "Dropped": [value], **dimensions})


def may(service: str, action: str, resource: str) -> str:
    """A resource's policy that lets a service of this account do one thing."""
    principal = {"Service": f"{service}.amazonaws.com"}
    whose = {"StringEquals": {"aws:SourceAccount": HOME}}
    statement = made.allow(action, resource) | {"Principal": principal, "Condition": whose}
    return made.policy(statement)


def told_queue(cloud: LocalCloud, topic: str) -> str:
    """A queue that a topic's messages go to."""
    sqs = cloud.client("sqs")
    queue = sqs.create_queue(QueueName=made.name("told"))["QueueUrl"]
    asked = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    arn = asked["Attributes"]["QueueArn"]
    policy = may("sns", "sqs:SendMessage", arn)
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    cloud.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return str(queue)


def alarm(
    cloud: LocalCloud, namespace: str, *, publisher: str = "cloudwatch", **dimensions: str
) -> tuple[str, str]:
    """An alarm at the first drop, and the queue of those who are told."""
    sns, name = cloud.client("sns"), made.name("alarm")
    topic = sns.create_topic(Name=name)["TopicArn"]
    policy = may(publisher, "sns:Publish", topic)
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    queue = told_queue(cloud, topic)
    cloud.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace=namespace,
        MetricName="Dropped",
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[topic],
    )
    return name, queue


def state(cloud: LocalCloud, name: str) -> str:
    [found] = cloud.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return str(found["StateValue"])


def messages(cloud: LocalCloud, queue: str) -> list[Any]:
    return list(cloud.client("sqs").receive_message(QueueUrl=queue).get("Messages", []))


def test_a_metric_in_a_line_of_log_sets_off_an_alarm_that_tells_its_topic(
    cloud: LocalCloud,
) -> None:
    namespace, group = made.name("Space"), made.log_group(cloud, HOME)
    name, queue = alarm(cloud, namespace, rule="own-logs")

    made.log(cloud, HOME, group, "no metric", embedded(namespace, 2, rule="own-logs"))

    assert state(cloud, name) == "ALARM"
    [message] = eventually(lambda: messages(cloud, queue), "somebody is told")
    told = json.loads(json.loads(message["Body"])["Message"])
    assert (told["AlarmName"], told["NewStateValue"]) == (name, "ALARM")


def test_an_alarm_sees_the_metric_of_its_own_dimensions_alone(cloud: LocalCloud) -> None:
    namespace, group = made.name("Space"), made.log_group(cloud, HOME)
    name, _ = alarm(cloud, namespace, rule="own-logs")

    made.log(cloud, HOME, group, embedded(namespace, 2, rule="quiet"))
    assert state(cloud, name) == "INSUFFICIENT_DATA"

    made.log(cloud, HOME, group, embedded(namespace, 0, rule="own-logs"))
    assert state(cloud, name) == "OK"


@pytest.mark.parametrize(("level", "expected"), [("WARN", ["mine"]), ("INFO", None)])
def test_lambda_adds_no_lines_of_its_own_where_the_function_wants_none(
    cloud: LocalCloud, level: str, expected: list[str] | None
) -> None:
    name = made.name("quiet")
    logging = {"LogFormat": "JSON", "SystemLogLevel": level, "LogGroup": f"/mine/{name}"}
    source = """
    def handler(event, context):
        print("mine")
    """
    role = "arn:aws:iam::111111111111:role/worker"
    make_function(cloud, name, role, source, LoggingConfig=logging)

    cloud.client("lambda").invoke(FunctionName=name, Payload=b"{}")

    def lines() -> list[Any]:
        logs = cloud.client("logs")
        groups = logs.describe_log_groups(logGroupNamePrefix=f"/mine/{name}")["logGroups"]
        return logs.filter_log_events(logGroupName=f"/mine/{name}")["events"] if groups else []

    found = [event["message"] for event in eventually(lines, "a line")]
    assert found == expected if expected else found[0].startswith("START")


def test_a_topic_that_does_not_let_alarms_publish_is_a_refusal(cloud: LocalCloud) -> None:
    namespace, group = made.name("Space"), made.log_group(cloud, HOME)
    name, _ = alarm(cloud, namespace, publisher="events", rule="own-logs")

    made.log(cloud, HOME, group, embedded(namespace, 2, rule="own-logs"))

    assert state(cloud, name) == "ALARM"
    assert len(made.refusals(cloud, name)) == 1


def test_a_function_whose_role_may_not_write_its_log_has_none_and_that_is_told(
    cloud: LocalCloud,
) -> None:
    role = make_role(cloud, "silent", "lambda", [("logs:CreateLogStream", "*")])
    name = made.name("silent")
    make_function(cloud, name, role, "def handler(event, context):\n    print(1)\n")

    cloud.client("lambda").invoke(FunctionName=name, Payload=b"{}")

    groups = cloud.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")
    assert groups["logGroups"] == []
    assert "logs:PutLogEvents" in made.refusals(cloud, name)[0]
