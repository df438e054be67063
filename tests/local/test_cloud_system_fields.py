"""Filters of the local cloud say who wrote an event, and the core reads where a copy comes from."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT
from logcore.record import LogRecord
from logcore.transports import open_payload
from logcore.transports.copied_groups import PATTERN
from tests.local import landscape as made
from tests.local.centralised import (
    HOME,
    IRELAND,
    NAMED,
    create,
    delete_rules,
    prepare,
    rule,
    settings,
)
from tests.local.landscape import MEMBER, OTHER_MEMBER, Json
from tests.local.stacks import Stack, resource


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    log = tmp_path_factory.mktemp("cloud") / "cloud.log"
    with LocalCloud(log, settings()) as running:
        prepare(running)
        yield running


@pytest.fixture
def api(cloud: LocalCloud) -> Iterator[Any]:
    """The central account's client; the rules that a test makes end with it."""
    yield cloud.client("observabilityadmin")
    delete_rules(cloud)


def subscribe(cloud: LocalCloud, group: str, stream: str, **fields: Any) -> None:
    """Subscribe a group of the central account, with what is asked about system fields."""
    cloud.client("logs").put_subscription_filter(
        logGroupName=group,
        filterName="f",
        filterPattern="",
        destinationArn=stream,
        roleArn=made.role(cloud, "logs.amazonaws.com", made.allow("kinesis:PutRecord", stream)),
        **fields,
    )


def test_a_filter_emits_the_system_fields_that_it_is_asked_for(cloud: LocalCloud, api: Any) -> None:
    create(api, rule(LogGroupNameConfiguration=NAMED))
    stream, group = made.stream(cloud), made.log_group(cloud, MEMBER, IRELAND)
    copy = f"/all/{MEMBER}/{IRELAND}#{group}"
    cloud.client("logs").create_log_group(logGroupName=copy)
    subscribe(cloud, copy, stream, emitSystemFields=["@aws.account", "@aws.region", "@source.log"])
    made.log(cloud, MEMBER, group, "hello", region=IRELAND)

    [envelope] = made.envelopes(cloud, stream)
    assert (envelope["owner"], envelope["logGroup"]) == (CENTRAL_ACCOUNT, copy)
    assert [event["extractedFields"] for event in envelope["logEvents"]] == [
        {"@aws.account": MEMBER, "@aws.region": IRELAND, "@source.log": group}
    ]


def test_a_filter_that_is_not_asked_emits_none(cloud: LocalCloud) -> None:
    stream, group = made.stream(cloud), made.log_group(cloud, CENTRAL_ACCOUNT)
    subscribe(cloud, group, stream)
    made.log(cloud, CENTRAL_ACCOUNT, group, "hello")

    [envelope] = made.envelopes(cloud, stream)
    assert envelope["logEvents"][0].keys() == {"id", "timestamp", "message"}


def test_a_filter_selects_by_system_fields(cloud: LocalCloud, api: Any) -> None:
    create(api, rule())
    stream, group = made.stream(cloud), made.log_group(cloud, MEMBER)
    for account in (CENTRAL_ACCOUNT, OTHER_MEMBER):
        logs = cloud.client("logs", account)
        logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName="s")
    wanted = f'@aws.account NOT IN ["{MEMBER}"] AND @aws.region = "{HOME}"'
    subscribe(cloud, group, stream, fieldSelectionCriteria=wanted)
    for account in (MEMBER, OTHER_MEMBER):
        made.log(cloud, account, group, account)

    [envelope] = made.envelopes(cloud, stream)
    assert [event["message"] for event in envelope["logEvents"]] == [OTHER_MEMBER]


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"emitSystemFields": ["@aws.partition"]}, "no system fields: @aws.partition"),
        ({"fieldSelectionCriteria": "@source.log = 'x'"}, "found '@source.log'"),
    ],
)
def test_system_fields_that_there_are_not_are_refused(
    cloud: LocalCloud, fields: Json, complaint: str
) -> None:
    stream, group = made.stream(cloud), made.log_group(cloud, CENTRAL_ACCOUNT)

    with pytest.raises(ClientError, match="InvalidParameterException") as refused:
        subscribe(cloud, group, stream, **fields)

    assert complaint in str(refused.value)


def test_a_filter_of_a_stack_emits_system_fields(cloud: LocalCloud) -> None:
    stream, group = made.stream(cloud), made.log_group(cloud, CENTRAL_ACCOUNT)
    role = made.role(cloud, "logs.amazonaws.com", made.allow("kinesis:PutRecord", stream))
    subscribed = resource(
        "AWS::Logs::SubscriptionFilter",
        LogGroupName=group,
        FilterPattern="",
        DestinationArn=stream,
        RoleArn=role,
        EmitSystemFields=["@aws.region"],
    )
    Stack(cloud).create(Filter=subscribed)
    made.log(cloud, CENTRAL_ACCOUNT, group, "hello")

    [envelope] = made.envelopes(cloud, stream)
    assert envelope["logEvents"][0]["extractedFields"] == {"@aws.region": HOME}


@pytest.fixture
def subscribed(cloud: LocalCloud) -> Iterator[str]:
    """A stream that the central account's one subscription policy fills, as that of the app."""
    stream, logs = made.stream(cloud), cloud.client("logs")
    policy = {"policyName": f"central-logs-{HOME}", "policyType": "SUBSCRIPTION_FILTER_POLICY"}
    role = made.role(cloud, "logs.amazonaws.com", made.allow("kinesis:PutRecord", stream))
    document = {"DestinationArn": stream, "RoleArn": role, "Distribution": "Random"}
    logs.put_account_policy(**policy, policyDocument=json.dumps(document))
    yield stream
    logs.delete_account_policy(**policy)


def read(cloud: LocalCloud, stream: str, about: str) -> list[LogRecord]:
    """What the core makes of the stream, as far as it is about a log group."""
    payloads = (record["Data"] for record in made.records(cloud, stream))
    records = (record for data in payloads for record in open_payload(data, CENTRAL_ACCOUNT))
    return [record for record in records if about in record.origin.log_group]


def test_the_core_reads_where_a_copy_comes_from_through_one_policy_for_all(
    cloud: LocalCloud, api: Any, subscribed: str
) -> None:
    create(api, rule(LogGroupNameConfiguration={"LogGroupNamePattern": PATTERN}))
    group = made.log_group(cloud, MEMBER, IRELAND)
    made.log(cloud, MEMBER, group, "hello", region=IRELAND)

    [record] = read(cloud, subscribed, group)
    origin = record.origin
    assert (origin.account, origin.region, origin.owner) == (MEMBER, IRELAND, CENTRAL_ACCOUNT)
    assert (origin.log_group, origin.log_stream, record.message) == (group, "s", "hello")


def test_what_the_central_account_logs_itself_comes_once_from_each_region(
    cloud: LocalCloud, api: Any, subscribed: str
) -> None:
    create(api, rule(LogGroupNameConfiguration={"LogGroupNamePattern": PATTERN}))
    groups = {region: made.log_group(cloud, CENTRAL_ACCOUNT, region) for region in (HOME, IRELAND)}
    for region, group in groups.items():
        made.log(cloud, CENTRAL_ACCOUNT, group, "hello", region=region)

    found = {region: read(cloud, subscribed, group) for region, group in groups.items()}
    copies = [e["logGroup"] for e in made.envelopes(cloud, subscribed) if "#" in e["logGroup"]]
    assert {region: [r.origin.region for r in rs] for region, rs in found.items()} == {
        HOME: [HOME],
        IRELAND: [IRELAND],
    }
    assert len(copies) == 2, "the copy of what the policy sends itself is there, and not read"
