"""Promises about log files of another region: from its own bucket to the index, by real stacks."""

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from infra.bundle import code_only
from infra.config.objects import CentralBuckets, LogBucket, Objects
from infra.config.stream import Central
from infra.constructs.objects.object_bus import ObjectBus
from infra.constructs.objects.object_queue import ObjectQueue
from infra.names import OBJECTS_ROLE
from infra.senders import Senders
from local.aws.process import LocalCloud, free_port
from local.aws.settings import ORGANISATION_ID, Settings
from ops.owners import bucket_statements, role_arn
from tests.infra.deployment import empty_stack, synthesise, template_of
from tests.local import landscape as made
from tests.local.fake_opensearch import FakeOpenSearch
from tests.local.pieces import allow, eventually, idle
from tests.local.stacks import QUICK
from tests.local.test_cloud_objects import Deployed, make_reader

IRELAND = "eu-west-1"
QUEUE = "arn:aws:sqs:us-east-1:111111111111:central-logs-objects"
OWN = "central-logs-111111111111-eu-west-1"
FAR = LogBucket(name="far-logs", prefix="logs/", account=made.MEMBER, region=IRELAND)
OBJECTS = Objects(central=CentralBuckets(enabled=True), buckets=(FAR,), attempts=1)
READ = (["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"], "*")
RIGHTS: list[Any] = [
    (["s3:PutObject"], "arn:aws:s3:::rejects/*"),
    (["firehose:PutRecordBatch"], "*"),
    (["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], QUEUE),
    (["sqs:SendMessage"], QUEUE),
    (["kms:Decrypt", "kms:GenerateDataKey"], "*"),
]
REQUEST = (
    "http 2026-03-01T12:00:5{}.100000Z app/shop/50dc6c495c0c9188 198.51.100.7:46532 - -1 -1 -1 "
    '502 - 34 366 "GET http://shop.example.com:80/ HTTP/1.1" "curl/8.6.0" - - '
    "arn:aws:elasticloadbalancing:eu-west-1:222222222222:targetgroup/shop/73e2d6bc24d8a067 "
    '"Root=1-58337364-23a8c76965a2ef7629b185e3" "-" "-" 0 2026-03-01T12:00:59.000000Z "forward" '
    '"-" "-" "-" "-" "-" "-" TID_1234567890abcdef'
)
KEY = "AWSLogs/222222222222/elasticloadbalancing/eu-west-1/2026/03/01/{}.log.gz"


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("files")
    with FakeOpenSearch() as search:
        settings = Settings(
            port=free_port(),
            buffer_cap_seconds=0.3,
            opensearch_url=search.url,
            lambda_python=sys.executable,
        )
        with LocalCloud(folder / "cloud.log", settings) as cloud:
            yield _deploy(cloud, search, folder)


def _deploy(cloud: LocalCloud, search: FakeOpenSearch, folder: Path) -> Deployed:
    """The stack of the other region as it is; of the pipeline what an announcement passes."""
    bundle = code_only(folder)
    sections = {"objects": OBJECTS, "organisation": ORGANISATION_ID}
    with synthesise("sandbox", bundle, **sections) as deployment:
        _create(cloud, "announcements", _announcements(deployment.config.log_buckets))
        _create(cloud, "files", dict(deployment.stack("files-eu-west-1").body), IRELAND)
    url = cloud.client("sqs").get_queue_url(QueueName="central-logs-objects")["QueueUrl"]
    make_reader(cloud, bundle("read_objects"), url, QUEUE, [*RIGHTS, READ], role=OBJECTS_ROLE)
    return Deployed(cloud, search, url)


def _announcements(buckets: tuple[LogBucket, ...]) -> dict[str, Any]:
    stack = empty_stack()
    bus = ObjectBus(stack, "Bus", senders=Senders(ORGANISATION_ID), accounts=[made.MEMBER])
    ObjectQueue(
        stack,
        "Queue",
        config=OBJECTS,
        buckets=buckets,
        may_notify=[],
        bus=bus.bus,
        key=kms.Key(stack, "Key", enable_key_rotation=True),
    )
    assert isinstance(stack, cdk.Stack)
    return dict(template_of(stack).body)


def _create(cloud: LocalCloud, name: str, body: dict[str, Any], region: str = "us-east-1") -> None:
    """Deploy resources; what looks at the bootstrapping of the account is left out."""
    api = cloud.client("cloudformation", "111111111111", region)
    template = json.dumps({"Resources": body["Resources"]})
    api.create_stack(StackName=name, TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"])
    api.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig=QUICK)


def put(deployed: Deployed, key: str, *lines: str) -> None:
    body = gzip.compress("\n".join(lines).encode(), mtime=0)  # the same bytes each time
    s3 = deployed.cloud.client("s3", "111111111111", IRELAND)
    s3.put_object(Bucket=OWN, Key=key, Body=body)


def found(deployed: Deployed, key: str) -> list[dict[str, Any]]:
    return [d for d in deployed.documents(OWN) if d["aws"]["s3"]["object"]["key"] == key]


def test_an_object_of_another_region_is_read(deployed: Deployed) -> None:
    key = KEY.format("read")
    put(deployed, key, REQUEST.format(1), REQUEST.format(2))

    documents = eventually(lambda: found(deployed, key), "documents of the object")

    assert {d["event"]["dataset"] for d in documents} == {"aws.elb_logs"}
    assert {(d["cloud"]["account"]["id"], d["cloud"]["region"]) for d in documents} == {
        ("222222222222", IRELAND)
    }


def forwarding_role(deployed: Deployed) -> str:
    """The role with which announcements leave the other region."""
    api = deployed.cloud.client("cloudformation", "111111111111", IRELAND)
    listed = api.list_stack_resources(StackName="files")["StackResourceSummaries"]
    [role] = (r["PhysicalResourceId"] for r in listed if r["ResourceType"] == "AWS::IAM::Role")
    name: str = role
    return name


def test_without_its_right_the_rule_of_another_region_announces_nothing(
    deployed: Deployed,
) -> None:
    iam, role = deployed.cloud.client("iam"), forwarding_role(deployed)
    [name] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    key = KEY.format("refused")

    iam.delete_role_policy(RoleName=role, PolicyName=name)
    put(deployed, key, REQUEST.format(9))
    (reason,) = eventually(lambda: made.refusals(deployed.cloud, role), "the refusal")
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))

    assert "events:PutEvents" in reason
    assert found(deployed, key) == []


def test_an_object_that_is_announced_twice_is_one_set_of_documents(deployed: Deployed) -> None:
    key = KEY.format("twice")
    put(deployed, key, REQUEST.format(3), REQUEST.format(4))
    eventually(lambda: len(found(deployed, key)) >= 2, "both documents")

    put(deployed, key, REQUEST.format(3), REQUEST.format(4))
    eventually(lambda: len(found(deployed, key)) >= 4, "both documents again")

    assert len({d["event"]["id"] for d in found(deployed, key)}) == 2


def test_an_object_that_fails_is_set_aside_and_read_when_its_message_comes_back(
    deployed: Deployed,
) -> None:
    key, sqs = KEY.format("later"), deployed.cloud.client("sqs")
    allow(deployed.cloud, OBJECTS_ROLE, RIGHTS)
    sqs.set_queue_attributes(QueueUrl=deployed.queue_url, Attributes={"VisibilityTimeout": "10"})
    put(deployed, key, REQUEST.format(5))
    (aside,) = [url for url in sqs.list_queues()["QueueUrls"] if "SetAside" in url]
    count = "ApproximateNumberOfMessages"

    def waiting() -> str:
        asked = sqs.get_queue_attributes(QueueUrl=aside, AttributeNames=[count])
        return str(asked["Attributes"][count])

    eventually(lambda: waiting() == "1", "the message in the second queue")
    assert found(deployed, key) == []
    allow(deployed.cloud, OBJECTS_ROLE, [*RIGHTS, READ])
    sqs.set_queue_attributes(QueueUrl=deployed.queue_url, Attributes={"VisibilityTimeout": "360"})
    (message,) = sqs.receive_message(QueueUrl=aside)["Messages"]  # as start-message-move-task does
    sqs.send_message(QueueUrl=deployed.queue_url, MessageBody=message["Body"])
    sqs.delete_message(QueueUrl=aside, ReceiptHandle=message["ReceiptHandle"])

    assert len(eventually(lambda: found(deployed, key), "the document")) == 1
    eventually(lambda: waiting() == "0", "an empty second queue")


def test_an_announcement_of_another_account_passes_the_bus_below_its_prefix_alone(
    deployed: Deployed,
) -> None:
    cloud, bus = (
        deployed.cloud,
        "arn:aws:events:us-east-1:111111111111:event-bus/central-logs-objects",
    )
    role = made.role(
        cloud, "events.amazonaws.com", made.allow("events:PutEvents", bus), account=made.MEMBER
    )
    events = cloud.client("events", made.MEMBER, IRELAND)
    events.put_rule(Name="far", EventPattern=json.dumps({"source": ["aws.s3"]}))
    events.put_targets(Rule="far", Targets=[{"Id": "bus", "Arn": bus, "RoleArn": role}])
    s3 = cloud.client("s3", made.MEMBER, IRELAND)
    where: Any = {"LocationConstraint": IRELAND}
    s3.create_bucket(Bucket="far-logs", CreateBucketConfiguration=where)
    told: Any = {"EventBridgeConfiguration": {}}
    s3.put_bucket_notification_configuration(Bucket="far-logs", NotificationConfiguration=told)
    # MiniStack asks a foreign bucket's policy about the account alone, so without the condition
    reader = role_arn(Central(account="111111111111", region="us-east-1"))
    statements = bucket_statements([FAR], reader)
    bare = [{key: s[key] for key in s if key != "Condition"} for s in statements]
    s3.put_bucket_policy(Bucket="far-logs", Policy=made.policy(*bare))

    s3.put_object(Bucket="far-logs", Key="other/a.log", Body=b"not this one")
    s3.put_object(Bucket="far-logs", Key="logs/a.log", Body=b"hello from afar")

    documents = eventually(lambda: deployed.documents("far-logs"), "the document")
    assert [d["message"] for d in documents] == ["hello from afar"]


def test_nothing_of_an_announcement_is_left_behind(deployed: Deployed) -> None:
    eventually(lambda: idle(deployed.cloud)["idle"], "nothing left to do")

    planted = forwarding_role(deployed)
    reasons = made.refusals(deployed.cloud, "central-logs-objects")
    assert [reason for reason in reasons if planted not in reason] == []


def test_the_delivery_destination_is_there_with_its_policy(deployed: Deployed) -> None:
    logs = deployed.cloud.client("logs", "111111111111", IRELAND)

    made_there = logs.get_delivery_destination(name="central-logs")["deliveryDestination"]
    held = logs.get_delivery_destination_policy(deliveryDestinationName="central-logs")["policy"]

    assert made_there["outputFormat"] == "json"
    assert made_there["deliveryDestinationConfiguration"] == {
        "destinationResourceArn": f"arn:aws:s3:::{OWN}"
    }
    (statement,) = json.loads(held["deliveryDestinationPolicy"])["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": ORGANISATION_ID}}
