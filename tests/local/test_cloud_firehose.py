"""Promises of the local cloud's delivery streams to S3, and of their API's limits."""

import base64
import gzip
import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws.process import LocalCloud, free_port
from local.aws.settings import Settings
from tests.local.pieces import allow, eventually, idle, make_function, make_role, objects

KIB, MIB = 1024, 2**20
BUCKET_RIGHTS = [("s3:*", ["arn:aws:s3:::*"])]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    log = tmp_path_factory.mktemp("cloud") / "cloud.log"
    settings = Settings(port=free_port(), buffer_cap_seconds=0.3)
    with LocalCloud(log, settings) as running:
        make_role(running, "delivery", "firehose", BUCKET_RIGHTS)
        yield running


def make_stream(cloud: LocalCloud, name: str, **destination: Any) -> None:
    """A bucket and a delivery stream into it, both called ``name``."""
    cloud.client("s3").create_bucket(Bucket=name)
    cloud.client("firehose").create_delivery_stream(
        DeliveryStreamName=name,
        ExtendedS3DestinationConfiguration={
            "BucketARN": f"arn:aws:s3:::{name}",
            "RoleARN": "arn:aws:iam::111111111111:role/delivery",
            **destination,
        },
    )


def put(cloud: LocalCloud, name: str, *payloads: bytes) -> dict[str, Any]:
    answer: dict[str, Any] = cloud.client("firehose").put_record_batch(
        DeliveryStreamName=name, Records=[{"Data": payload} for payload in payloads]
    )
    return answer


def post(cloud: LocalCloud, path: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(cloud.endpoint + path, json.dumps(body).encode())  # noqa: S310  our own loopback URL
    with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310  same
        return json.load(response)


def test_records_are_concatenated_as_they_are_under_the_evaluated_prefix(cloud: LocalCloud) -> None:
    make_stream(
        cloud,
        "plain",
        Prefix="raw/!{timestamp:yyyy}/",
        ErrorOutputPrefix="bad/!{firehose:error-output-type}/",
    )

    put(cloud, "plain", b"one", b"two\n", b"\x00\xff")

    found = eventually(lambda: objects(cloud, "plain"), "an object")
    assert list(found.values()) == [b"onetwo\n\x00\xff"]
    [key] = found
    assert re.fullmatch(r"raw/20\d\d/plain-1-\d{4}(-\d\d){5}-[0-9a-f-]{36}", key)


def test_without_a_prefix_objects_lie_under_the_hour(cloud: LocalCloud) -> None:
    make_stream(cloud, "hourly")

    put(cloud, "hourly", b"x")

    [key] = eventually(lambda: objects(cloud, "hourly"), "an object")
    assert re.match(r"20\d\d/\d\d/\d\d/\d\d/hourly-1-", key)


def test_gzip_objects_hold_the_batch_and_say_so_in_their_name(cloud: LocalCloud) -> None:
    make_stream(cloud, "zipped", CompressionFormat="GZIP")

    put(cloud, "zipped", b"one\n", b"two\n")

    [(key, body)] = eventually(lambda: objects(cloud, "zipped"), "an object").items()
    assert key.endswith(".gz")
    assert gzip.decompress(body) == b"one\ntwo\n"


def test_five_hundred_records_are_one_batch_and_one_more_is_refused(cloud: LocalCloud) -> None:
    make_stream(cloud, "many")

    assert put(cloud, "many", *[b"x"] * 500)["FailedPutCount"] == 0
    with pytest.raises(ClientError, match="less than or equal to 500"):
        put(cloud, "many", *[b"x"] * 501)


def test_four_mebibytes_are_one_batch_and_one_byte_more_is_refused(cloud: LocalCloud) -> None:
    make_stream(cloud, "heavy")
    quarters = [b"x" * (MIB // 2)] * 8

    assert put(cloud, "heavy", *quarters)["FailedPutCount"] == 0
    with pytest.raises(ClientError, match="Records size exceeds 4 MB limit") as refused:
        put(cloud, "heavy", *quarters, b"x")

    assert refused.value.response["Error"]["Code"] == "InvalidArgumentException"


def test_a_record_of_1000_kib_is_taken_and_one_byte_more_is_not(cloud: LocalCloud) -> None:
    make_stream(cloud, "large")
    firehose = cloud.client("firehose")

    firehose.put_record(DeliveryStreamName="large", Record={"Data": b"x" * 1000 * KIB})
    with pytest.raises(ClientError, match="1024000") as refused:
        firehose.put_record(DeliveryStreamName="large", Record={"Data": b"x" * (1000 * KIB + 1)})

    assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_a_throttled_entry_fails_alone_and_arrives_when_it_is_resent(cloud: LocalCloud) -> None:
    make_stream(cloud, "busy")
    post(cloud, "/_local/firehose-throttle", {"stream": "busy", "records": 2})

    answer = put(cloud, "busy", b"a", b"b", b"c")
    entries = answer["RequestResponses"]
    put(cloud, "busy", b"a", b"b")

    assert answer["FailedPutCount"] == 2
    assert [entry.get("ErrorCode") for entry in entries] == [
        "ServiceUnavailableException",
        "ServiceUnavailableException",
        None,
    ]
    eventually(lambda: idle(cloud)["idle"], "everything delivered")
    assert sorted(b"".join(objects(cloud, "busy").values())) == sorted(b"abc")


def test_a_forbidden_bucket_keeps_the_records_until_the_role_is_repaired(cloud: LocalCloud) -> None:
    role = make_role(cloud, "needy", "firehose", [("s3:PutObject", ["arn:aws:s3:::kept/*"])])
    make_stream(cloud, "kept", RoleARN=role)

    put(cloud, "kept", b"precious")
    refused = eventually(
        lambda: [r for r in cloud.refused() if "kept keeps its records" in r["reason"]], "a refusal"
    )
    pending = idle(cloud)
    allow(cloud, "needy", BUCKET_RIGHTS)

    assert "s3:GetBucketLocation" in refused[0]["reason"]
    assert pending == {"idle": False, "pending": {"firehose:us-east-1:kept": 1}}
    found = eventually(lambda: objects(cloud, "kept"), "the kept record")
    assert list(found.values()) == [b"precious"]


def test_a_transformation_changes_drops_and_fails_records_one_by_one(cloud: LocalCloud) -> None:
    role = make_role(cloud, "transform-role", "lambda", [("logs:*", "*")])
    function = make_function(
        cloud,
        "transform",
        role,
        """
        import base64
        def handler(event, context):
            answers = []
            for record in event["records"]:
                text = base64.b64decode(record["data"]).decode()
                result = {"drop": "Dropped", "fail": "ProcessingFailed"}.get(text, "Ok")
                data = base64.b64encode((text.upper() + "\\n").encode()).decode()
                answers.append({"recordId": record["recordId"], "result": result, "data": data})
            return {"records": answers}
        """,
    )
    make_role(
        cloud, "transforming", "firehose", [*BUCKET_RIGHTS, ("lambda:InvokeFunction", function)]
    )
    make_stream(
        cloud,
        "transformed",
        RoleARN="arn:aws:iam::111111111111:role/transforming",
        Prefix="good/",
        ErrorOutputPrefix="bad/!{firehose:error-output-type}/",
        ProcessingConfiguration={
            "Enabled": True,
            "Processors": [
                {
                    "Type": "Lambda",
                    "Parameters": [{"ParameterName": "LambdaArn", "ParameterValue": function}],
                }
            ],
        },
    )

    put(cloud, "transformed", b"keep", b"drop", b"fail")

    good = eventually(lambda: objects(cloud, "transformed", "good/"), "the kept record")
    bad = eventually(lambda: objects(cloud, "transformed", "bad/processing-failed/"), "the failure")
    failure = json.loads(next(iter(bad.values())))
    assert list(good.values()) == [b"KEEP\n"]
    assert failure["errorCode"] == "Lambda.ProcessingFailedStatus"
    assert base64.b64decode(failure["rawData"]) == b"fail"


def test_records_of_a_kinesis_stream_reach_the_delivery_stream_that_reads_it(
    cloud: LocalCloud,
) -> None:
    kinesis = cloud.client("kinesis")
    kinesis.create_stream(StreamName="source", ShardCount=1)
    arn = kinesis.describe_stream(StreamName="source")["StreamDescription"]["StreamARN"]
    role = make_role(cloud, "reading", "firehose", [*BUCKET_RIGHTS, ("kinesis:*", arn)])
    cloud.client("s3").create_bucket(Bucket="archive")
    cloud.client("firehose").create_delivery_stream(
        DeliveryStreamName="archive",
        DeliveryStreamType="KinesisStreamAsSource",
        KinesisStreamSourceConfiguration={"KinesisStreamARN": arn, "RoleARN": role},
        ExtendedS3DestinationConfiguration={"BucketARN": "arn:aws:s3:::archive", "RoleARN": role},
    )

    kinesis.put_record(StreamName="source", PartitionKey="k", Data=b"envelope")
    with pytest.raises(ClientError, match="not permitted on KinesisStreamAsSource"):
        put(cloud, "archive", b"direct")

    found = eventually(lambda: objects(cloud, "archive"), "an object")
    assert list(found.values()) == [b"envelope"]


@pytest.mark.parametrize(
    ("destination", "reason"),
    [
        ({"CompressionFormat": "Snappy"}, "Snappy"),
        ({"Prefix": "!{timestamp:yyyy}/"}, "ErrorOutputPrefix is required"),
        ({"ErrorOutputPrefix": "!{timestamp:yyyy}/"}, "error-output-type"),
        ({"Prefix": "!{nonsense:x}/", "ErrorOutputPrefix": "bad/"}, "nonsense"),
        ({"DynamicPartitioningConfiguration": {"Enabled": True}}, "DynamicPartitioning"),
    ],
)
def test_what_would_not_be_delivered_is_refused_at_once(
    cloud: LocalCloud, destination: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ClientError, match=reason):
        cloud.client("firehose").create_delivery_stream(
            DeliveryStreamName="never",
            ExtendedS3DestinationConfiguration={
                "BucketARN": "arn:aws:s3:::never",
                "RoleARN": "arn:aws:iam::111111111111:role/delivery",
                **destination,
            },
        )


def test_a_full_buffer_is_delivered_before_its_time(tmp_path: Path) -> None:
    settings = Settings(port=free_port(), buffer_cap_seconds=3600)
    with LocalCloud(tmp_path / "cloud.log", settings) as cloud:
        make_role(cloud, "delivery", "firehose", BUCKET_RIGHTS)
        hints = {"SizeInMBs": 1, "IntervalInSeconds": 900}
        make_stream(cloud, "full", BufferingHints=hints)

        put(cloud, "full", b"x" * (MIB // 2), b"y" * (MIB // 2), b"z")

        found = eventually(lambda: objects(cloud, "full"), "a full object")
        assert [len(body) for body in found.values()] == [MIB]
        assert idle(cloud)["pending"] == {"firehose:us-east-1:full": 1}
