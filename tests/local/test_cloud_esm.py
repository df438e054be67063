"""Promises of the local cloud's event source mappings from Kinesis."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.aws.process import LocalCloud, free_port
from local.aws.settings import Settings
from tests.local.pieces import allow, eventually, idle, make_function, make_role, objects

READ = [
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
]

# Says in its log what it was sent; fails for records named poison; stops before those named stop.
SOURCE = """
import base64, json
def handler(event, context):
    names = [base64.b64decode(r["kinesis"]["data"]).decode() for r in event["Records"]]
    print("BATCH " + json.dumps(names))
    if "poison" in names:
        raise ValueError("poison")
    for record, name in zip(event["Records"], names):
        if name == "stop":
            failed = {"itemIdentifier": record["kinesis"]["sequenceNumber"]}
            return {"batchItemFailures": [failed]}
"""


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    log = tmp_path_factory.mktemp("cloud") / "cloud.log"
    with LocalCloud(log, Settings(port=free_port())) as running:
        everything = ["sqs:*", "s3:*", "sns:*", "logs:*", *READ]
        make_role(running, "consumer", "lambda", [(everything, "*")])
        yield running


def connect(cloud: LocalCloud, name: str, *, shards: int = 1, **mapping: Any) -> str:
    """A stream and a function called ``name``, and the mapping between them; gives its id."""
    kinesis = cloud.client("kinesis")
    kinesis.create_stream(StreamName=name, ShardCount=shards)
    arn = kinesis.describe_stream(StreamName=name)["StreamDescription"]["StreamARN"]
    make_function(cloud, name, "arn:aws:iam::111111111111:role/consumer", SOURCE)
    created = cloud.client("lambda").create_event_source_mapping(
        FunctionName=name,
        EventSourceArn=arn,
        **{"StartingPosition": "TRIM_HORIZON", "Enabled": False, **mapping},
    )
    found: str = created["UUID"]
    return found


def enable(cloud: LocalCloud, mapping: str) -> None:
    cloud.client("lambda").update_event_source_mapping(UUID=mapping, Enabled=True)


def put(cloud: LocalCloud, stream: str, *names: str, key: str = "k") -> None:
    cloud.client("kinesis").put_records(
        StreamName=stream, Records=[{"Data": name.encode(), "PartitionKey": key} for name in names]
    )


def batches(cloud: LocalCloud, function: str) -> list[list[str]]:
    """What the function was sent, from its log group."""
    logs = cloud.client("logs")
    groups = logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{function}")["logGroups"]
    if not groups:
        return []
    events = logs.filter_log_events(logGroupName=f"/aws/lambda/{function}")["events"]
    return [
        json.loads(line.removeprefix("BATCH "))
        for event in events
        for line in event["message"].splitlines()
        if line.startswith("BATCH ")
    ]


def drained(cloud: LocalCloud) -> bool:
    return bool(idle(cloud)["idle"])


def make_queue(cloud: LocalCloud, name: str) -> tuple[str, str]:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    return url, f"arn:aws:sqs:us-east-1:111111111111:{name}"


def messages(cloud: LocalCloud, url: str) -> list[dict[str, Any]]:
    received = cloud.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in received.get("Messages", [])]


def test_records_arrive_in_order_and_in_batches_of_the_size_that_was_asked(
    cloud: LocalCloud,
) -> None:
    mapping = connect(cloud, "ordered", BatchSize=2)
    put(cloud, "ordered", "a", "b", "c", "d", "e")

    enable(cloud, mapping)

    eventually(lambda: drained(cloud), "all records processed")
    assert batches(cloud, "ordered") == [["a", "b"], ["c", "d"], ["e"]]
    state = cloud.client("lambda").get_event_source_mapping(UUID=mapping)
    assert state["LastProcessingResult"] == "OK"


def test_bisecting_leaves_only_the_poison_record_to_the_queue(cloud: LocalCloud) -> None:
    url, queue = make_queue(cloud, "bisect-failed")
    mapping = connect(
        cloud,
        "bisect",
        BatchSize=4,
        BisectBatchOnFunctionError=True,
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": queue}},
    )
    put(cloud, "bisect", "a", "b", "poison", "c")

    enable(cloud, mapping)

    [failure] = eventually(lambda: messages(cloud, url), "an on-failure message")
    eventually(lambda: drained(cloud), "all records processed")
    info = failure["KinesisBatchInfo"]
    assert info["batchSize"] == 1
    assert failure["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert failure["requestContext"]["approximateInvokeCount"] == 2
    assert batches(cloud, "bisect") == [
        ["a", "b", "poison", "c"],
        ["a", "b"],
        ["poison", "c"],
        ["poison"],
        ["poison"],
        ["c"],
    ]


def test_retries_end_with_the_cap_and_the_shard_goes_on(cloud: LocalCloud) -> None:
    url, queue = make_queue(cloud, "capped-failed")
    mapping = connect(
        cloud,
        "capped",
        BatchSize=2,
        MaximumRetryAttempts=2,
        DestinationConfig={"OnFailure": {"Destination": queue}},
    )
    put(cloud, "capped", "a", "poison", "b")

    enable(cloud, mapping)

    [failure] = eventually(lambda: messages(cloud, url), "an on-failure message")
    eventually(lambda: drained(cloud), "all records processed")
    assert failure["requestContext"]["approximateInvokeCount"] == 3
    assert failure["KinesisBatchInfo"]["batchSize"] == 2
    assert batches(cloud, "capped") == [["a", "poison"]] * 3 + [["b"]]


def test_reported_failures_are_retried_from_the_first_one_on(cloud: LocalCloud) -> None:
    url, queue = make_queue(cloud, "partial-failed")
    mapping = connect(
        cloud,
        "partial",
        BatchSize=3,
        MaximumRetryAttempts=1,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        DestinationConfig={"OnFailure": {"Destination": queue}},
    )
    put(cloud, "partial", "a", "stop", "b")

    enable(cloud, mapping)

    [failure] = eventually(lambda: messages(cloud, url), "an on-failure message")
    assert failure["KinesisBatchInfo"]["batchSize"] == 2
    assert batches(cloud, "partial") == [["a", "stop", "b"], ["stop", "b"]]


def test_bisecting_and_reported_failures_together_isolate_the_record(cloud: LocalCloud) -> None:
    url, queue = make_queue(cloud, "both-failed")
    mapping = connect(
        cloud,
        "both",
        BatchSize=4,
        MaximumRetryAttempts=0,
        BisectBatchOnFunctionError=True,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        DestinationConfig={"OnFailure": {"Destination": queue}},
    )
    put(cloud, "both", "a", "stop", "b", "c")

    enable(cloud, mapping)

    [failure] = eventually(lambda: messages(cloud, url), "an on-failure message")
    eventually(lambda: drained(cloud), "all records processed")
    assert failure["KinesisBatchInfo"]["batchSize"] == 1
    assert batches(cloud, "both") == [
        ["a", "stop", "b", "c"],
        ["stop", "b", "c"],
        ["stop", "b"],
        ["stop"],
        ["b"],
        ["c"],
    ]


def test_an_s3_destination_keeps_what_was_given_up(cloud: LocalCloud) -> None:
    cloud.client("s3").create_bucket(Bucket="given-up")
    mapping = connect(
        cloud,
        "to-s3",
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": "arn:aws:s3:::given-up"}},
    )
    put(cloud, "to-s3", "poison")

    enable(cloud, mapping)

    [(key, body)] = eventually(lambda: objects(cloud, "given-up"), "an object").items()
    assert key.startswith(f"aws/lambda/{mapping}/shardId-000000000000/20")
    [record] = json.loads(json.loads(body)["payload"])["Records"]
    assert record["eventSource"] == "aws:kinesis"


def test_records_given_up_without_a_destination_are_told_as_lost(cloud: LocalCloud) -> None:
    mapping = connect(cloud, "silent", MaximumRetryAttempts=0)
    put(cloud, "silent", "poison")

    enable(cloud, mapping)

    eventually(
        lambda: [r for r in cloud.refused() if "no on-failure destination" in r["reason"]],
        "a refusal",
    )


def test_a_queue_whose_key_the_role_may_not_use_is_told_nothing(cloud: LocalCloud) -> None:
    key = cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    url, queue = make_queue(cloud, "keyless-failed")
    cloud.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": key})
    mapping = connect(
        cloud,
        "keyless",
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": queue}},
    )
    put(cloud, "keyless", "poison")

    enable(cloud, mapping)

    eventually(
        lambda: [r for r in cloud.refused() if "kms:Decrypt" in r["reason"]],
        "a refusal",
    )
    assert messages(cloud, url) == []


def test_a_window_gathers_what_comes_one_by_one(cloud: LocalCloud) -> None:
    connect(cloud, "windowed", MaximumBatchingWindowInSeconds=2, Enabled=True)

    for name in ("a", "b", "c"):
        put(cloud, "windowed", name)

    eventually(lambda: drained(cloud), "all records processed")
    assert batches(cloud, "windowed") == [["a", "b", "c"]]


def test_latest_skips_what_was_there_before_the_mapping(cloud: LocalCloud) -> None:
    cloud.client("kinesis").create_stream(StreamName="latest", ShardCount=1)
    put(cloud, "latest", "old")
    make_function(cloud, "latest", "arn:aws:iam::111111111111:role/consumer", SOURCE)

    cloud.client("lambda").create_event_source_mapping(
        FunctionName="latest",
        EventSourceArn="arn:aws:kinesis:us-east-1:111111111111:stream/latest",
        StartingPosition="LATEST",
    )
    put(cloud, "latest", "new")

    eventually(lambda: drained(cloud), "all records processed")
    assert batches(cloud, "latest") == [["new"]]


def test_a_timestamp_skips_what_arrived_before_it(cloud: LocalCloud) -> None:
    kinesis = cloud.client("kinesis")
    kinesis.create_stream(StreamName="since", ShardCount=1)
    put(cloud, "since", "old")
    iterator = kinesis.get_shard_iterator(
        StreamName="since", ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    [record] = kinesis.get_records(ShardIterator=iterator)["Records"]
    arrival = record["ApproximateArrivalTimestamp"].timestamp()
    make_function(cloud, "since", "arn:aws:iam::111111111111:role/consumer", SOURCE)

    cloud.client("lambda").create_event_source_mapping(
        FunctionName="since",
        EventSourceArn="arn:aws:kinesis:us-east-1:111111111111:stream/since",
        StartingPosition="AT_TIMESTAMP",
        StartingPositionTimestamp=arrival + 1,
    )
    put(cloud, "since", "new")

    eventually(lambda: drained(cloud), "all records processed")
    assert batches(cloud, "since") == [["new"]]


def test_parallel_batches_keep_the_order_of_each_partition_key(cloud: LocalCloud) -> None:
    mapping = connect(cloud, "parallel", BatchSize=2, ParallelizationFactor=4)
    for number in range(3):
        for key in "pqrstu":
            put(cloud, "parallel", f"{key}{number}", key=key)

    enable(cloud, mapping)

    eventually(lambda: drained(cloud), "all records processed")
    names = [name for batch in batches(cloud, "parallel") for name in batch]
    by_key = {key: [name for name in names if name.startswith(key)] for key in "pqrstu"}
    assert by_key == {key: [f"{key}0", f"{key}1", f"{key}2"] for key in "pqrstu"}


def test_a_split_shard_is_read_before_its_children(cloud: LocalCloud) -> None:
    mapping = connect(cloud, "split", BatchSize=1)
    put(cloud, "split", "before-1", "before-2")
    cloud.client("kinesis").split_shard(
        StreamName="split", ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**127)
    )
    put(cloud, "split", "after")

    enable(cloud, mapping)

    eventually(lambda: drained(cloud), "all records processed")
    assert batches(cloud, "split") == [["before-1"], ["before-2"], ["after"]]


def test_a_role_that_may_not_read_is_named_and_reads_once_it_may(cloud: LocalCloud) -> None:
    role = make_role(cloud, "blind", "lambda", [("kinesis:GetRecords", "*")])
    cloud.client("kinesis").create_stream(StreamName="guarded", ShardCount=1)
    make_function(cloud, "guarded", role, SOURCE)
    created = cloud.client("lambda").create_event_source_mapping(
        FunctionName="guarded",
        EventSourceArn="arn:aws:kinesis:us-east-1:111111111111:stream/guarded",
        StartingPosition="TRIM_HORIZON",
    )
    put(cloud, "guarded", "a")

    refused = eventually(
        lambda: [r for r in cloud.refused() if "of guarded" in r["reason"]], "a refusal"
    )
    state = cloud.client("lambda").get_event_source_mapping(UUID=created["UUID"])
    allow(cloud, "blind", [([*READ, "logs:*"], "*")])

    assert "kinesis:DescribeStream" in refused[0]["reason"]
    assert state["LastProcessingResult"].startswith("PROBLEM: ")
    eventually(lambda: batches(cloud, "guarded") == [["a"]], "the record")


def test_an_encrypted_stream_is_read_by_who_may_use_its_key_through_kinesis(
    cloud: LocalCloud,
) -> None:
    def through(service: str) -> list[Any]:
        name = f"{service}.us-east-1.amazonaws.com"
        condition = {"StringEquals": {"kms:ViaService": name}}
        return [([*READ, "logs:*"], "*"), ("kms:Decrypt", "arn:aws:kms:*:*:key/ours", condition)]

    connect(cloud, "sealed", Enabled=True)
    kinesis = cloud.client("kinesis")
    kinesis.start_stream_encryption(StreamName="sealed", EncryptionType="KMS", KeyId="ours")
    role = make_role(cloud, "unsealing", "lambda", through("sqs"))
    cloud.client("lambda").update_function_configuration(FunctionName="sealed", Role=role)
    put(cloud, "sealed", "a")

    refused = eventually(
        lambda: [r for r in cloud.refused() if "role/unsealing" in r["reason"]], "a refusal"
    )
    allow(cloud, "unsealing", through("kinesis"))

    assert "kms:Decrypt" in refused[0]["reason"]
    eventually(lambda: batches(cloud, "sealed") == [["a"]], "the record")


def test_a_mapping_made_by_cloudformation_keeps_its_failure_settings(cloud: LocalCloud) -> None:
    url, queue = make_queue(cloud, "stack-failed")
    stream = "arn:aws:kinesis:us-east-1:111111111111:stream/stack"
    cloud.client("kinesis").create_stream(StreamName="stack", ShardCount=1)
    make_function(cloud, "stack", "arn:aws:iam::111111111111:role/consumer", SOURCE)
    properties = {
        "FunctionName": "stack",
        "EventSourceArn": stream,
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": "10",
        "MaximumRetryAttempts": "0",
        "BisectBatchOnFunctionError": "true",
        "DestinationConfig": {"OnFailure": {"Destination": queue}},
    }
    mapping = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": properties}
    put(cloud, "stack", "a", "poison", "b")

    cloud.client("cloudformation").create_stack(
        StackName="stack", TemplateBody=json.dumps({"Resources": {"Mapping": mapping}})
    )

    [failure] = eventually(lambda: messages(cloud, url), "an on-failure message")
    assert failure["KinesisBatchInfo"]["batchSize"] == 1
    eventually(lambda: drained(cloud), "all records processed")
    assert batches(cloud, "stack")[-1] == ["b"]
