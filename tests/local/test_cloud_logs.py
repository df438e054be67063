"""Promises of the local cloud's log subscriptions, across accounts and regions."""

import random
import string
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from local.aws.logs.envelopes import MAX_BYTES
from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT
from tests.local import landscape as made
from tests.local.landscape import MEMBER
from tests.local.pieces import eventually, make_function, make_role


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("cloud") / "cloud.log") as running:
        yield running


@pytest.fixture
def stream(cloud: LocalCloud) -> str:
    return made.stream(cloud)


def test_an_event_crosses_accounts_in_the_envelope_that_aws_writes(
    cloud: LocalCloud, stream: str
) -> None:
    group = made.log_group(cloud, MEMBER)
    name = made.subscribe(cloud, MEMBER, group, made.destination(cloud, stream))
    made.log(cloud, MEMBER, group, "one", "two ü")

    [envelope] = made.envelopes(cloud, stream)

    events = envelope.pop("logEvents")
    assert envelope == {
        "messageType": "DATA_MESSAGE",
        "owner": MEMBER,
        "logGroup": group,
        "logStream": "s",
        "subscriptionFilters": [name],
    }
    assert [event["message"] for event in events] == ["one", "two ü"]
    assert all(len(event["id"]) == 56 and event["id"].isdigit() for event in events)
    assert events[0]["id"] < events[1]["id"]


def test_a_door_in_another_region_leads_to_the_central_stream(
    cloud: LocalCloud, stream: str
) -> None:
    door = made.destination(cloud, stream, region="eu-west-1")
    group = made.log_group(cloud, MEMBER, "eu-west-1")
    made.subscribe(cloud, MEMBER, group, door, region="eu-west-1")
    made.log(cloud, MEMBER, group, "from afar", region="eu-west-1")

    [envelope] = made.envelopes(cloud, stream)

    assert envelope["logEvents"][0]["message"] == "from afar"


def test_a_subscription_begins_with_a_control_message(cloud: LocalCloud, stream: str) -> None:
    made.destination(cloud, stream)

    [record] = made.records(cloud, stream)

    envelope = made.unpack(record["Data"])
    assert envelope["messageType"] == "CONTROL_MESSAGE"
    assert envelope["owner"] == "CloudwatchLogs"
    assert envelope["logEvents"][0]["message"].endswith("destination Kinesis stream.")


def test_only_matching_events_are_delivered(cloud: LocalCloud, stream: str) -> None:
    group = made.log_group(cloud, MEMBER)
    door = made.destination(cloud, stream)
    made.subscribe(cloud, MEMBER, group, door, pattern='{ $.level = "ERROR" }')
    made.log(cloud, MEMBER, group, '{"level": "INFO"}', '{"level": "ERROR"}', "no json")

    [envelope] = made.envelopes(cloud, stream)

    assert [event["message"] for event in envelope["logEvents"]] == ['{"level": "ERROR"}']


def test_two_subscriptions_see_an_event_under_one_id(cloud: LocalCloud, stream: str) -> None:
    group, door = made.log_group(cloud, MEMBER), made.destination(cloud, stream)
    made.subscribe(cloud, MEMBER, group, door)
    made.subscribe(cloud, MEMBER, group, door)
    made.log(cloud, MEMBER, group, "same")

    ids = [envelope["logEvents"][0]["id"] for envelope in made.envelopes(cloud, stream)]

    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_equal_events_have_different_ids(cloud: LocalCloud, stream: str) -> None:
    group = made.log_group(cloud, MEMBER)
    made.subscribe(cloud, MEMBER, group, made.destination(cloud, stream))
    event = {"timestamp": 1_700_000_000_000, "message": "same"}
    for _ in range(2):
        cloud.client("logs", MEMBER).put_log_events(
            logGroupName=group, logStreamName="s", logEvents=[event, event]
        )

    ids = [e["id"] for envelope in made.envelopes(cloud, stream) for e in envelope["logEvents"]]

    assert len(ids) == 4
    assert sorted(set(ids)) == ids


def test_a_large_batch_is_split_and_stays_whole_and_in_order(
    cloud: LocalCloud, stream: str
) -> None:
    group = made.log_group(cloud, MEMBER)
    made.subscribe(cloud, MEMBER, group, made.destination(cloud, stream))
    noise = random.Random(1)  # noqa: S311  text that does not compress, the same in each run
    messages = ["".join(noise.choices(string.printable, k=200_000)) for _ in range(9)]
    made.log(cloud, MEMBER, group, *messages)

    found = made.records(cloud, stream)

    events = [e for env in made.envelopes(cloud, stream) for e in env["logEvents"]]
    assert [event["message"] for event in events] == messages
    assert max(len(record["Data"]) for record in found) <= MAX_BYTES


def test_a_function_gets_events_only_if_its_policy_allows_it(
    cloud: LocalCloud, stream: str
) -> None:
    source = f"""
        import boto3
        def handler(event, context):
            data = event["awslogs"]["data"].encode()
            boto3.client("kinesis").put_record(StreamARN="{stream}", PartitionKey="p", Data=data)
    """
    name = made.name("reader")
    rights = [(["kinesis:PutRecord"], ["*"])]
    function = make_function(
        cloud, name, make_role(cloud, name, "lambda", rights), source, Timeout=20
    )
    group = made.log_group(cloud, CENTRAL_ACCOUNT)
    with pytest.raises(ClientError, match="lambda:InvokeFunction"):
        made.subscribe(cloud, CENTRAL_ACCOUNT, group, function)
    cloud.client("lambda").add_permission(
        FunctionName=name,
        StatementId="logs",
        Action="lambda:InvokeFunction",
        Principal="logs.amazonaws.com",
        SourceAccount=CENTRAL_ACCOUNT,
    )
    made.subscribe(cloud, CENTRAL_ACCOUNT, group, function)
    made.log(cloud, CENTRAL_ACCOUNT, group, "to the function")

    [record] = eventually(lambda: made.records(cloud, stream), "the function's record")

    assert made.unpack(record["Data"].decode())["logEvents"][0]["message"] == "to the function"


def test_a_metric_filter_counts_matches_and_takes_values(cloud: LocalCloud) -> None:
    group, namespace = made.log_group(cloud, MEMBER), made.name("Metrics")
    cloud.client("logs", MEMBER).put_metric_filter(
        logGroupName=group,
        filterName="latency",
        filterPattern="{ $.ms > 10 }",
        metricTransformations=[
            {"metricName": "Slow", "metricNamespace": namespace, "metricValue": "1"},
            {"metricName": "Ms", "metricNamespace": namespace, "metricValue": "$.ms"},
        ],
    )
    made.log(cloud, MEMBER, group, '{"ms": 5}', '{"ms": 20}', '{"ms": 40}')

    sums = {name: metric_sum(cloud, namespace, name) for name in ("Slow", "Ms")}

    assert sums == {"Slow": 2.0, "Ms": 60.0}


def metric_sum(cloud: LocalCloud, namespace: str, name: str) -> float:
    points = cloud.client("cloudwatch", MEMBER).get_metric_statistics(
        Namespace=namespace,
        MetricName=name,
        StartTime="2020-01-01T00:00:00Z",
        EndTime="2099-01-01T00:00:00Z",
        Period=60,
        Statistics=["Sum"],
    )["Datapoints"]
    return sum(float(point["Sum"]) for point in points)
