"""Promises of the local cloud's Kinesis streams when their shards change."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws.process import LocalCloud, free_port
from local.aws.settings import Settings

PARENT = "shardId-000000000000"
MIDDLE = str(2**127)


@pytest.fixture(scope="module")
def kinesis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    log = tmp_path_factory.mktemp("cloud") / "cloud.log"
    with LocalCloud(log, Settings(port=free_port())) as cloud:
        yield cloud.client("kinesis")


def put(kinesis: Any, stream: str, name: str, hash_key: int = 0) -> str:
    answer = kinesis.put_record(
        StreamName=stream, Data=name.encode(), PartitionKey="k", ExplicitHashKey=str(hash_key)
    )
    shard_id: str = answer["ShardId"]
    return shard_id


def read(kinesis: Any, stream: str, shard: str) -> dict[str, Any]:
    iterator = kinesis.get_shard_iterator(
        StreamName=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    answer: dict[str, Any] = kinesis.get_records(ShardIterator=iterator)
    return answer


def shards(kinesis: Any, stream: str) -> dict[str, dict[str, Any]]:
    return {shard["ShardId"]: shard for shard in kinesis.list_shards(StreamName=stream)["Shards"]}


def test_a_split_keeps_the_parents_records_and_names_the_children(kinesis: Any) -> None:
    kinesis.create_stream(StreamName="split", ShardCount=1)
    put(kinesis, "split", "before")

    kinesis.split_shard(StreamName="split", ShardToSplit=PARENT, NewStartingHashKey=MIDDLE)

    found = shards(kinesis, "split")
    answer = read(kinesis, "split", PARENT)
    assert [record["Data"] for record in answer["Records"]] == [b"before"]
    assert "NextShardIterator" not in answer
    assert [child["ShardId"] for child in answer["ChildShards"]] == list(found)[1:]
    assert "EndingSequenceNumber" in found[PARENT]["SequenceNumberRange"]
    assert {shard.get("ParentShardId") for shard in found.values()} == {None, PARENT}


def test_new_records_go_to_the_open_children_alone(kinesis: Any) -> None:
    kinesis.create_stream(StreamName="routed", ShardCount=1)
    kinesis.split_shard(StreamName="routed", ShardToSplit=PARENT, NewStartingHashKey=MIDDLE)

    low, high = put(kinesis, "routed", "low"), put(kinesis, "routed", "high", 2**128 - 1)

    assert [low, high] == ["shardId-000000000001", "shardId-000000000002"]


def test_a_merge_closes_both_parents(kinesis: Any) -> None:
    kinesis.create_stream(StreamName="merged", ShardCount=2)
    put(kinesis, "merged", "low")
    put(kinesis, "merged", "high", 2**128 - 1)
    first, second = shards(kinesis, "merged")

    kinesis.merge_shards(StreamName="merged", ShardToMerge=first, AdjacentShardToMerge=second)

    child = shards(kinesis, "merged")["shardId-000000000002"]
    assert (child["ParentShardId"], child["AdjacentParentShardId"]) == (first, second)
    assert len(read(kinesis, "merged", first)["Records"]) == 1
    assert len(read(kinesis, "merged", second)["Records"]) == 1
    summary = kinesis.describe_stream_summary(StreamName="merged")["StreamDescriptionSummary"]
    assert summary["OpenShardCount"] == 1


def test_a_changed_shard_count_keeps_records_and_ids(kinesis: Any) -> None:
    kinesis.create_stream(StreamName="scaled", ShardCount=2)
    put(kinesis, "scaled", "before")

    answer = kinesis.update_shard_count(
        StreamName="scaled", TargetShardCount=4, ScalingType="UNIFORM_SCALING"
    )

    found = shards(kinesis, "scaled")
    children = list(found.values())[2:]
    assert answer["CurrentShardCount"] == 2
    assert list(found) == [f"shardId-{number:012d}" for number in range(6)]
    assert [child["ParentShardId"] for child in children] == [PARENT] * 2 + [
        "shardId-000000000001"
    ] * 2
    assert len(read(kinesis, "scaled", PARENT)["Records"]) == 1


def test_a_closed_shard_cannot_be_split_again(kinesis: Any) -> None:
    kinesis.create_stream(StreamName="closed", ShardCount=1)
    kinesis.split_shard(StreamName="closed", ShardToSplit=PARENT, NewStartingHashKey=MIDDLE)

    with pytest.raises(ClientError, match="is closed"):
        kinesis.split_shard(StreamName="closed", ShardToSplit=PARENT, NewStartingHashKey=MIDDLE)
