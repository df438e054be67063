"""Promises of the local cloud's EventBridge about targets within an account."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT, CENTRAL_REGION
from tests.local import landscape as made
from tests.local.event_rules import bodies, finding, remove_rules, rule
from tests.local.pieces import eventually

SERVICE = "events.amazonaws.com"
pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("cloud") / "cloud.log") as running:
        yield running


@pytest.fixture
def stream(cloud: LocalCloud) -> str:
    return made.stream(cloud)


@pytest.fixture
def quiet(cloud: LocalCloud) -> Iterator[None]:
    """Rules outlive a test otherwise, and would send its events to the streams of others."""
    yield
    for account in (CENTRAL_ACCOUNT,):
        for region in (CENTRAL_REGION, "eu-west-1"):
            remove_rules(cloud.client("events", account, region))


def test_a_stream_target_without_kinesis_putrecord_is_refused(
    cloud: LocalCloud, stream: str
) -> None:
    name = rule(cloud, stream, role_arn=made.role(cloud, SERVICE))
    finding(cloud, 8)

    assert bodies(cloud, stream) == []
    assert "kinesis:PutRecord" in made.refusals(cloud, name)[0]


@pytest.mark.parametrize("allowed", [True, False])
def test_what_a_target_does_not_take_is_kept_in_its_dead_letter_queue_if_that_allows_it(
    cloud: LocalCloud, stream: str, *, allowed: bool
) -> None:
    sqs, name = cloud.client("sqs"), made.name("undelivered")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    queue = f"arn:aws:sqs:{CENTRAL_REGION}:{CENTRAL_ACCOUNT}:{name}"
    failing = rule(
        cloud, stream, role_arn=made.role(cloud, SERVICE), DeadLetterConfig={"Arn": queue}
    )
    statement = {
        "Effect": "Allow" if allowed else "Deny",
        "Principal": {"Service": SERVICE},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:events:*:*:rule/{failing}"}},
    }
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": made.policy(statement)})
    finding(cloud, 8)

    kept = sqs.receive_message(QueueUrl=url).get("Messages", [])

    assert [json.loads(m["Body"])["detail"]["id"] for m in kept] == ["f-8"] * allowed
    assert len(made.refusals(cloud, failing)) == 1


@pytest.mark.parametrize("allowed", [True, False])
def test_a_queue_gets_events_only_if_its_policy_allows_the_rule(
    cloud: LocalCloud, *, allowed: bool
) -> None:
    sqs, name = cloud.client("sqs"), made.name("queue")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    queue = f"arn:aws:sqs:{CENTRAL_REGION}:{CENTRAL_ACCOUNT}:{name}"
    sending = rule(cloud, queue)
    source = f"arn:aws:events:*:*:rule/{sending if allowed else 'another'}"
    statement = made.allow("sqs:SendMessage", queue) | {
        "Principal": {"Service": SERVICE},
        "Condition": {"ArnLike": {"aws:SourceArn": source}},
    }
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": made.policy(statement)})
    finding(cloud, 8)

    received = sqs.receive_message(QueueUrl=url).get("Messages", [])

    assert [json.loads(m["Body"])["detail"]["id"] for m in received] == ["f-8"] * allowed
    assert len(made.refusals(cloud, sending)) == (not allowed)


def test_the_partition_key_comes_from_the_event(cloud: LocalCloud, stream: str) -> None:
    writer = made.role(cloud, SERVICE, made.allow("kinesis:PutRecord", stream))
    rule(cloud, stream, role_arn=writer, KinesisParameters={"PartitionKeyPath": "$.detail.id"})
    finding(cloud, 8)

    assert [record["PartitionKey"] for record in made.records(cloud, stream)] == ["f-8"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"InputPath": "$.detail"}, {"severity": 8, "id": "f-8"}),
        ({"Input": '{"fixed": true}'}, {"fixed": True}),
        (
            {
                "InputTransformer": {
                    "InputPathsMap": {"s": "$.detail.severity"},
                    "InputTemplate": '{"level": <s>}',
                }
            },
            {"level": 8},
        ),
    ],
)
def test_a_target_gets_the_input_it_asks_for(
    cloud: LocalCloud, stream: str, options: dict[str, Any], expected: dict[str, Any]
) -> None:
    writer = made.role(cloud, SERVICE, made.allow("kinesis:PutRecord", stream))
    rule(cloud, stream, role_arn=writer, **options)
    finding(cloud, 8)

    assert bodies(cloud, stream) == [expected]


def test_a_log_group_gets_events_only_if_a_resource_policy_allows_it(cloud: LocalCloud) -> None:
    group = made.log_group(cloud, CENTRAL_ACCOUNT)
    arn = f"arn:aws:logs:{CENTRAL_REGION}:{CENTRAL_ACCOUNT}:log-group:{group}"
    name = rule(cloud, arn)
    finding(cloud, 8)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": SERVICE},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"{arn}:*",
    }
    logs = cloud.client("logs")
    logs.put_resource_policy(policyName="events", policyDocument=made.policy(statement))
    finding(cloud, 9)

    found = logs.filter_log_events(logGroupName=group)["events"]

    assert [json.loads(event["message"])["detail"]["severity"] for event in found] == [9]
    assert "no resource policy" in made.refusals(cloud, name)[0]


def test_a_delivery_stream_gets_events(cloud: LocalCloud) -> None:
    bucket = made.name("bucket")
    cloud.client("s3").create_bucket(Bucket=bucket)
    writer = made.role(cloud, "firehose.amazonaws.com", made.allow("s3:*"))
    firehose = cloud.client("firehose")
    firehose.create_delivery_stream(
        DeliveryStreamName=bucket,
        ExtendedS3DestinationConfiguration={
            "BucketARN": f"arn:aws:s3:::{bucket}",
            "RoleARN": writer,
            "BufferingHints": {"IntervalInSeconds": 0, "SizeInMBs": 1},
        },
    )
    described = firehose.describe_delivery_stream(DeliveryStreamName=bucket)
    arn = described["DeliveryStreamDescription"]["DeliveryStreamARN"]
    sender = made.role(cloud, SERVICE, made.allow("firehose:PutRecord", arn))
    rule(cloud, arn, role_arn=sender)
    finding(cloud, 8)

    listed = eventually(
        lambda: cloud.client("s3").list_objects_v2(Bucket=bucket).get("Contents"), "an object"
    )

    assert len(listed) == 1
