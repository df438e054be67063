"""Promises about log files in S3: announced by the local cloud, read by the real function."""

import gzip
import io
import json
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.bundle import code_only
from lambdas.read_objects.settings import Settings as FunctionSettings
from local.aws.process import LocalCloud, free_port
from local.aws.settings import Settings
from tests.local.fake_opensearch import FakeOpenSearch
from tests.local.pieces import allow, eventually, idle, make_role
from tests.local.test_cloud_firehose_opensearch import BUCKET_RIGHTS, DOMAIN_RIGHTS, make_inbox

QUEUE = "arn:aws:sqs:us-east-1:111111111111:objects"
KEY = "AWSLogs/222222222222/CloudTrail/eu-west-1/2026/03/01/a b.json.gz"
FLOWS = "AWSLogs/222222222222/vpcflowlogs/eu-west-1/2026/03/01/f.log.gz"
RIGHTS = [
    (["s3:*"], "*"),
    (["firehose:PutRecordBatch"], "*"),
    (
        ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:SendMessage"],
        QUEUE,
    ),
]
CALLS = [
    {"eventVersion": "1.11", "eventID": f"call-{n}", "eventSource": "iam.amazonaws.com"}
    for n in range(3)
]


@dataclass(frozen=True, slots=True)
class Deployed:
    """The function with its queue, and what it writes to."""

    cloud: LocalCloud
    search: FakeOpenSearch
    queue_url: str

    def bucket(self, name: str, **notification: Any) -> None:
        s3 = self.cloud.client("s3")
        s3.create_bucket(Bucket=name)
        s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration=notification
        )

    def put(self, bucket: str, key: str, text: str) -> None:
        body = gzip.compress(text.encode())
        self.cloud.client("s3").put_object(Bucket=bucket, Key=key, Body=body)

    def documents(self, bucket: str) -> list[dict[str, Any]]:
        """What arrived from a bucket."""
        return [
            document
            for document in self.search.documents()
            if document.get("aws", {}).get("s3", {}).get("bucket", {}).get("name") == bucket
        ]


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("objects")
    with FakeOpenSearch() as search:
        settings = Settings(
            port=free_port(),
            buffer_cap_seconds=0.3,
            opensearch_url=search.url,
            lambda_python=sys.executable,
        )
        with LocalCloud(folder / "cloud.log", settings) as cloud:
            yield _deploy(cloud, search, code_only(folder)("read_objects"))


def _deploy(cloud: LocalCloud, search: FakeOpenSearch, code: str) -> Deployed:
    sender = {
        "Effect": "Allow",
        "Principal": {"Service": ["s3.amazonaws.com", "events.amazonaws.com"]},
        "Action": "sqs:SendMessage",
        "Resource": QUEUE,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [sender]})
    attributes = {"Policy": policy, "VisibilityTimeout": "360"}
    url = cloud.client("sqs").create_queue(QueueName="objects", Attributes=attributes)["QueueUrl"]
    make_reader(cloud, code, url, QUEUE, RIGHTS)
    return Deployed(cloud, search, url)


def make_reader(
    cloud: LocalCloud,
    code: str,
    queue_url: str,
    queue: str,
    rights: Sequence[Any],
    *,
    role: str = "reader",
) -> None:
    """The function behind a queue, with the index that it delivers to."""
    cloud.client("opensearch").create_domain(DomainName="central-logs")
    make_inbox(cloud, "inbox").create()
    allow(cloud, "inbox", [BUCKET_RIGHTS, DOMAIN_RIGHTS])
    cloud.client("s3").create_bucket(Bucket="rejects")
    role_arn = make_role(cloud, role, "lambda", rights)
    functions = cloud.client("lambda")
    functions.create_function(
        FunctionName="read_objects",
        Runtime="python3.13",
        Handler="lambdas.read_objects.handler.handler",
        Role=role_arn,
        Timeout=60,
        Code={"ZipFile": _zipped(Path(code))},
        Environment={"Variables": _settings(queue_url).to_env()},
    )
    functions.create_event_source_mapping(
        FunctionName="read_objects",
        EventSourceArn=queue,
        BatchSize=5,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        ScalingConfig={"MaximumConcurrency": 2},
    )


def _settings(queue_url: str) -> FunctionSettings:
    return FunctionSettings(
        delivery_stream="inbox",
        endpoint="https://search.example.com",
        index="logs-inbox",
        sinks={"*": "firehose"},
        reject_bucket="rejects",
        reject_prefix="rejects/",
        keep_original=(),
        overrides={},
        source_options={},
        rules_file="",
        redaction_key="",
        account="111111111111",
        own_logs="/central-logs/",
        queue_url=queue_url,
        reserve_seconds=20,
    )


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in folder.rglob("*"):
            archive.write(file, file.relative_to(folder))
    return packed.getvalue()


def test_an_object_that_a_notification_announces_is_in_the_index(deployed: Deployed) -> None:
    created = {"QueueArn": QUEUE, "Events": ["s3:ObjectCreated:*"]}
    deployed.bucket("notified", QueueConfigurations=[created])

    deployed.put("notified", KEY, json.dumps({"Records": CALLS}))

    found = eventually(lambda: deployed.documents("notified"), "documents of the object")
    assert {d["event"]["id"] for d in found} == {"call-0", "call-1", "call-2"}
    assert {d["aws"]["s3"]["object"]["key"] for d in found} == {KEY}
    assert {(d["cloud"]["account"]["id"], d["cloud"]["region"]) for d in found} == {
        ("222222222222", "eu-west-1")
    }


def test_an_object_that_eventbridge_announces_is_in_the_index(deployed: Deployed) -> None:
    events = deployed.cloud.client("events")
    new = {"source": ["aws.s3"], "detail": {"bucket": {"name": ["followed"]}}}
    events.put_rule(Name="follow", EventPattern=json.dumps(new))
    events.put_targets(Rule="follow", Targets=[{"Id": "queue", "Arn": QUEUE}])
    deployed.bucket("followed", EventBridgeConfiguration={})

    deployed.put("followed", FLOWS, "dstaddr version srcaddr\n198.51.100.7 2 192.0.2.1\n")

    (found,) = eventually(lambda: deployed.documents("followed"), "a document of the object")
    assert (found["source"]["ip"], found["destination"]["ip"]) == ("192.0.2.1", "198.51.100.7")


def test_an_object_that_is_gone_leaves_a_reject_and_an_empty_queue(deployed: Deployed) -> None:
    deployed.cloud.client("s3").create_bucket(Bucket="emptied")
    detail = {"bucket": {"name": "emptied"}, "object": {"key": "gone.log"}}
    message = {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}

    deployed.cloud.client("sqs").send_message(
        QueueUrl=deployed.queue_url, MessageBody=json.dumps(message)
    )

    (found,) = eventually(lambda: deployed.documents("emptied"), "a document of the reject")
    assert found["error"]["code"] == "object_gone"
    eventually(lambda: idle(deployed.cloud)["idle"], "nothing left to do")
    asked = deployed.cloud.client("sqs").get_queue_attributes(
        QueueUrl=deployed.queue_url,
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    )
    assert set(asked["Attributes"].values()) == {"0"}


def test_a_function_whose_role_may_not_read_the_queue_is_not_given_its_messages(
    deployed: Deployed,
) -> None:
    allow(deployed.cloud, "reader", RIGHTS[:2])
    deployed.bucket("waiting", EventBridgeConfiguration={})
    detail = {"bucket": {"name": "waiting"}, "object": {"key": "late.log"}}
    message = {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}
    deployed.put("waiting", "late.log", "hello\n")
    deployed.cloud.client("sqs").send_message(
        QueueUrl=deployed.queue_url, MessageBody=json.dumps(message)
    )

    eventually(
        lambda: [r for r in deployed.cloud.refused() if "sqs:ReceiveMessage" in r["reason"]],
        "the refusal",
    )
    assert deployed.documents("waiting") == []
    assert idle(deployed.cloud)["pending"] == {"lambda:read_objects": 1}
    allow(deployed.cloud, "reader", RIGHTS)

    (found,) = eventually(lambda: deployed.documents("waiting"), "the document")
    assert found["message"] == "hello"
