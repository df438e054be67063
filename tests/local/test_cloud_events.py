"""Promises of the local cloud's EventBridge: targets, and buses of other accounts and regions."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws.process import LocalCloud, free_port
from local.aws.settings import CENTRAL_ACCOUNT, CENTRAL_REGION, ORGANISATION_ID, Settings
from tests.local import landscape as made
from tests.local.landscape import MEMBER, OUTSIDER
from tests.local.pieces import eventually

FINDINGS = {"source": ["aws.guardduty"], "detail": {"severity": [{"numeric": [">=", 4]}]}}
SERVICE = "events.amazonaws.com"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("cloud") / "cloud.log") as running:
        yield running


@pytest.fixture
def stream(cloud: LocalCloud) -> str:
    return made.stream(cloud)


def rule(  # a rule with its one target
    cloud: LocalCloud,
    target: str,
    *,
    role_arn: str = "",
    account: str = CENTRAL_ACCOUNT,
    region: str = CENTRAL_REGION,
    bus: str = "default",
    **options: Any,
) -> str:
    events, name = cloud.client("events", account, region), made.name("rule")
    events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps(FINDINGS))
    wanted = {"Id": "t", "Arn": target, **options, **({"RoleArn": role_arn} if role_arn else {})}
    events.put_targets(Rule=name, EventBusName=bus, Targets=[wanted])
    return name


def finding(
    cloud: LocalCloud, severity: int, account: str = CENTRAL_ACCOUNT, region: str = CENTRAL_REGION
) -> dict[str, Any]:
    answer: dict[str, Any] = cloud.client("events", account, region).put_events(
        Entries=[
            {
                "Source": "aws.guardduty",
                "DetailType": "GuardDuty Finding",
                "Detail": json.dumps({"severity": severity, "id": f"f-{severity}"}),
            }
        ]
    )
    return answer


def bodies(cloud: LocalCloud, stream: str) -> list[dict[str, Any]]:
    return [json.loads(record["Data"]) for record in made.records(cloud, stream)]


@pytest.fixture
def quiet(cloud: LocalCloud) -> Iterator[None]:
    """Rules outlive a test otherwise, and would send its events to the streams of others."""
    yield
    for account in (CENTRAL_ACCOUNT, MEMBER, OUTSIDER):
        for region in (CENTRAL_REGION, "eu-west-1"):
            remove_rules(cloud.client("events", account, region))


def remove_rules(events: Any) -> None:
    for bus in events.list_event_buses()["EventBuses"]:
        for found in events.list_rules(EventBusName=bus["Name"])["Rules"]:
            events.remove_targets(Rule=found["Name"], EventBusName=bus["Name"], Ids=["t"])
            events.delete_rule(Name=found["Name"], EventBusName=bus["Name"])


pytestmark = pytest.mark.usefixtures("quiet")


def central_bus(cloud: LocalCloud, *, organisation: str = ORGANISATION_ID) -> str:
    """A bus of the central account, open to an organisation."""
    events, name = cloud.client("events"), made.name("bus")
    arn: str = events.create_event_bus(Name=name)["EventBusArn"]
    events.put_permission(
        EventBusName=name,
        StatementId="members",
        Action="events:PutEvents",
        Principal="*",
        Condition={
            "Type": "StringEquals",
            "Key": "aws:PrincipalOrgID",
            "Value": organisation,
        },
    )
    return arn


def into_stream(cloud: LocalCloud, bus: str, stream: str) -> None:
    writer = made.role(cloud, SERVICE, made.allow("kinesis:PutRecord", stream))
    rule(cloud, stream, role_arn=writer, bus=bus.rpartition("/")[2])


def forwarder(cloud: LocalCloud, account: str, bus: str) -> str:
    return made.role(cloud, SERVICE, made.allow("events:PutEvents", bus), account=account)


def test_a_finding_of_a_member_reaches_the_central_stream_as_it_was(
    cloud: LocalCloud, stream: str
) -> None:
    bus = central_bus(cloud)
    into_stream(cloud, bus, stream)
    rule(cloud, bus, role_arn=forwarder(cloud, MEMBER, bus), account=MEMBER)
    finding(cloud, 8, MEMBER)
    finding(cloud, 2, MEMBER)

    [event] = bodies(cloud, stream)

    assert event["account"] == MEMBER
    assert event["source"] == "aws.guardduty"
    assert event["detail"] == {"severity": 8, "id": "f-8"}


def test_a_bus_of_another_region_forwards_and_the_event_keeps_its_region(
    cloud: LocalCloud, stream: str
) -> None:
    bus = central_bus(cloud)
    into_stream(cloud, bus, stream)
    role = forwarder(cloud, MEMBER, bus)
    rule(cloud, bus, role_arn=role, account=MEMBER, region="eu-west-1")
    finding(cloud, 7, MEMBER, "eu-west-1")

    [event] = bodies(cloud, stream)

    assert (event["account"], event["region"]) == (MEMBER, "eu-west-1")


def test_a_bus_that_trusts_another_organisation_refuses_and_says_so(
    cloud: LocalCloud, stream: str
) -> None:
    bus = central_bus(cloud, organisation="o-another")
    into_stream(cloud, bus, stream)
    name = rule(cloud, bus, role_arn=forwarder(cloud, MEMBER, bus), account=MEMBER)
    finding(cloud, 8, MEMBER)

    assert bodies(cloud, stream) == []
    assert "events:PutEvents" in made.refusals(cloud, name)[0]


def test_an_account_outside_the_organisation_is_refused(cloud: LocalCloud, stream: str) -> None:
    bus = central_bus(cloud)
    into_stream(cloud, bus, stream)
    name = rule(cloud, bus, role_arn=forwarder(cloud, OUTSIDER, bus), account=OUTSIDER)
    finding(cloud, 8, OUTSIDER)

    assert bodies(cloud, stream) == []
    assert OUTSIDER in made.refusals(cloud, name)[0]


def test_a_forwarding_role_without_the_right_is_refused(cloud: LocalCloud, stream: str) -> None:
    bus = central_bus(cloud)
    into_stream(cloud, bus, stream)
    role = made.role(cloud, SERVICE, account=MEMBER)
    name = rule(cloud, bus, role_arn=role, account=MEMBER)
    finding(cloud, 8, MEMBER)

    assert bodies(cloud, stream) == []
    assert "not authorized to perform events:PutEvents" in made.refusals(cloud, name)[0]


def test_a_bus_of_another_account_needs_a_role(cloud: LocalCloud) -> None:
    with pytest.raises(ClientError, match="RoleArn is required"):
        rule(cloud, central_bus(cloud), account=MEMBER)


def test_an_event_does_not_return_to_a_bus_it_was_on(cloud: LocalCloud) -> None:
    bus = central_bus(cloud)
    home = f"arn:aws:events:{CENTRAL_REGION}:{MEMBER}:event-bus/default"
    cloud.client("events", MEMBER).put_permission(
        EventBusName="default",
        StatementId="c",
        Action="events:PutEvents",
        Principal=CENTRAL_ACCOUNT,
    )
    rule(cloud, bus, role_arn=forwarder(cloud, MEMBER, bus), account=MEMBER)
    back = forwarder(cloud, CENTRAL_ACCOUNT, home)
    name = rule(cloud, home, role_arn=back, bus=bus.rpartition("/")[2])
    finding(cloud, 8, MEMBER)

    assert "has been on this bus" in made.refusals(cloud, name)[0]


def test_a_stream_target_without_kinesis_putrecord_is_refused(
    cloud: LocalCloud, stream: str
) -> None:
    name = rule(cloud, stream, role_arn=made.role(cloud, SERVICE))
    finding(cloud, 8)

    assert bodies(cloud, stream) == []
    assert "kinesis:PutRecord" in made.refusals(cloud, name)[0]


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


def test_events_of_aws_sources_can_be_forbidden_as_on_aws(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = Settings(port=free_port(), allow_aws_sources=False)
    with LocalCloud(tmp_path_factory.mktemp("strict") / "cloud.log", settings) as strict:
        answer = finding(strict, 8)

    assert answer["Entries"][0]["ErrorCode"] == "NotAuthorizedForSourceException"
