"""Without an organisation accounts are admitted one by one, and everything else is as it was."""

import json
import re
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from cdk_nag import AwsSolutionsChecks
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

from infra.budgets.check import over_budget
from infra.bundle import code_only
from infra.config.objects import CentralBuckets
from infra.constructs.members.door import Door
from infra.constructs.objects.central_bucket import CentralBucket
from infra.constructs.objects.object_bus import ObjectBus
from infra.constructs.stream.event_hub import EventHub
from infra.senders import Senders
from tests.infra.deployment import (
    Deployment,
    empty_stack,
    flat,
    synthesise,
    template_of,
)
from tests.infra.test_app import LINT_IGNORED

ACCOUNTS = ["111111111111", "222222222222", "333333333333", "444444444444"]
STREAM = "arn:aws:kinesis:us-east-1:111111111111:stream/central-logs"
KEY = "arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555"
DELIVERY = "delivery.logs.amazonaws.com"
BALANCING = "logdelivery.elasticloadbalancing.amazonaws.com"

REGIONS = ("us-east-1", "eu-west-1")

type Build = Callable[[cdk.Stack, Senders], None]
"""Makes something that names senders."""


def numbered(count: int) -> tuple[str, ...]:
    return tuple(f"{number:012}" for number in range(200_000_000_000, 200_000_000_000 + count))


def each(arn: str) -> list[str]:
    """The ARN of every account that may send: ``{}`` is its number."""
    return [arn.format(account) for account in ACCOUNTS]


@pytest.mark.parametrize("region", REGIONS)
def test_listed_accounts_and_the_central_one_may_subscribe(alone: Deployment, region: str) -> None:
    text = flat(alone.stack(f"door-{region}").one("AWS::Logs::Destination")["DestinationPolicy"])

    assert json.loads(text)["Statement"] == [
        {
            "Sid": "ListedAccountsMaySubscribe",
            "Effect": "Allow",
            "Principal": {"AWS": ACCOUNTS},
            "Action": ["logs:PutSubscriptionFilter", "logs:PutAccountPolicy"],
            "Resource": f"arn:aws:logs:{region}:111111111111:destination:central-logs",
        }
    ]


@pytest.mark.parametrize("region", REGIONS)
def test_cloudwatch_logs_takes_the_role_for_their_log_groups_alone(
    alone: Deployment, region: str
) -> None:
    role = alone.stack(f"door-{region}").one("AWS::IAM::Role", below="DoorRole")

    assert role["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Sid": "PassOnWhatTheRegionLogs",
            "Effect": "Allow",
            "Principal": {"Service": "logs.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringLike": {"aws:SourceArn": each(f"arn:aws:logs:{region}:{{}}:*")},
            },
        }
    ]


def test_they_may_put_events_on_the_hub(alone: Deployment) -> None:
    policy = alone.stack("pipeline").one("AWS::Events::EventBusPolicy", below="Events")
    statement = dict(policy["Statement"])

    assert flat(statement.pop("Resource")) == "<EventsBus45DE4339.Arn>"
    assert statement == {
        "Sid": "accounts",
        "Effect": "Allow",
        "Principal": {"AWS": ACCOUNTS},
        "Action": "events:PutEvents",
    }
    assert policy["StatementId"] == "accounts"


def test_the_account_of_a_named_bucket_may_announce_and_nothing_else(alone: Deployment) -> None:
    policy = alone.stack("pipeline").one("AWS::Events::EventBusPolicy", below="ObjectBus")
    named = {
        name
        for name, template in alone.templates.items()
        for resource in template.body["Resources"].values()
        if "999999999999" in json.dumps(resource) and resource["Type"] != "AWS::Events::Rule"
    }

    assert policy["Statement"]["Principal"] == {"AWS": "arn:aws:iam::999999999999:root"}
    assert "Condition" not in policy["Statement"]
    assert named == {"pipeline"}


def test_services_deliver_for_their_resources_alone(alone: Deployment) -> None:
    policy = alone.stack("files-us-east-1").one("AWS::S3::BucketPolicy")["PolicyDocument"]
    of_services = {
        s["Sid"]: (s["Principal"]["Service"], s["Condition"])
        for s in policy["Statement"]
        if s["Effect"] == "Allow" and s["Sid"] != "AccessLogsWrite"
    }
    balancers = each("arn:aws:elasticloadbalancing:us-east-1:{}:loadbalancer/*")
    regional = {"ArnLike": {"aws:SourceArn": each("arn:aws:logs:us-east-1:{}:*")}}
    edge = {"ArnLike": {"aws:SourceArn": each("arn:aws:logs:us-east-1:{}:delivery-source:*")}}
    owned = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}

    assert of_services == {
        "LoadBalancersWrite": (BALANCING, {"ArnLike": {"aws:SourceArn": balancers}}),
        "RegionalDeliveriesLook": (DELIVERY, regional),
        "RegionalDeliveriesWrite": (DELIVERY, regional | owned),
        "EdgeDeliveriesLook": (DELIVERY, edge),
        "EdgeDeliveriesWrite": (DELIVERY, edge | owned),
    }


@pytest.mark.parametrize("region", REGIONS)
def test_they_may_make_deliveries(alone: Deployment, region: str) -> None:
    destination = alone.stack(f"files-{region}").one("AWS::Logs::DeliveryDestination")
    held = destination["DeliveryDestinationPolicy"]["DeliveryDestinationPolicy"]

    assert held["Statement"] == [
        {
            "Sid": "ListedAccountsDeliver",
            "Effect": "Allow",
            "Principal": {"AWS": ACCOUNTS},
            "Action": "logs:CreateDelivery",
            "Resource": f"arn:aws:logs:{region}:111111111111:delivery-destination:central-logs",
        }
    ]


def test_no_template_speaks_of_an_organisation(alone: Deployment) -> None:
    words = ("OrgID", "o-exampleorgid", "organizations:")

    assert {
        (name, word)
        for name, template in alone.templates.items()
        for word in words
        if word in json.dumps(template.body)
    } == set()
    assert not hasattr(alone.construct("pipeline"), "organisation")


def test_who_gets_an_organisation_later_keeps_every_resource(
    alone: Deployment, functions: Path
) -> None:
    objects = alone.config.objects
    with synthesise("sandbox", code_only(functions), objects=objects) as later:
        assert ids(alone) - ids(later) == set()


def ids(deployment: Deployment) -> set[tuple[str, str, str]]:
    return {
        (name, logical_id, resource["Type"])
        for name, template in deployment.templates.items()
        for logical_id, resource in template.body["Resources"].items()
    }


def test_nag_finds_nothing(alone: Deployment) -> None:
    report = AwsSolutionsChecks(alone.app).validate_scope(alone.app)

    assert [f"{v.rule_name}: {v.violating_resources}" for v in report.violations] == []


def test_cfn_lint_finds_nothing(alone: Deployment) -> None:
    # Members differ in an account id only, so those of the central account are enough.
    some = [t for name, t in alone.templates.items() if not re.match("member-[2-4]", name)]
    args = ManualArgs(regions=["us-east-1"], ignore_checks=LINT_IGNORED)
    found = chain.from_iterable(lint_file(template.file, args) for template in some)

    assert len(some) == 8
    assert [f"{match.rule.id} {match.message}" for match in found] == []


def door(stack: cdk.Stack, senders: Senders) -> None:
    Door(stack, "Door", senders=senders, stream_arn=STREAM, key_arns=[KEY])


def hub(stack: cdk.Stack, senders: Senders) -> None:
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    EventHub(
        stack,
        "Events",
        senders=senders,
        stream=kinesis.Stream(stack, "Stream"),
        key=key,
        undelivered=sqs.Queue(stack, "Undelivered"),
    )


def announcements(stack: cdk.Stack, senders: Senders) -> None:
    ObjectBus(stack, "ObjectBus", senders=senders, accounts=senders.accounts)


def announcements_in_an_organisation(stack: cdk.Stack, senders: Senders) -> None:
    whole = Senders("o-exampleorgid")
    ObjectBus(stack, "ObjectBus", senders=whole, accounts=senders.accounts)


def log_files(stack: cdk.Stack, senders: Senders) -> None:
    CentralBucket(
        stack,
        "Files",
        config=CentralBuckets(enabled=True),
        senders=senders,
        removal=cdk.RemovalPolicy.DESTROY,
    )


TRUST = "AssumeRolePolicyDocument: {} characters, AWS takes 2048"
BUS = "Statement: {} characters, AWS takes 10240"


@pytest.mark.parametrize(
    ("build", "region", "what", "most"),
    [
        (door, "us-east-1", TRUST, 46),
        (door, "ap-southeast-2", TRUST, 40),
        (door, "us-east-1", "DestinationPolicy: {} bytes, AWS takes 5120", 324),
        (hub, "us-east-1", BUS, 668),
        (announcements, "us-east-1", BUS, 39),
        (announcements_in_an_organisation, "us-east-1", BUS, 30),
        (log_files, "us-east-1", "PolicyDocument: {} bytes, AWS takes 20480", 65),
    ],
)
def test_as_many_accounts_as_a_policy_holds_are_taken_and_one_more_is_refused(
    build: Build, region: str, what: str, most: int
) -> None:
    def said(accounts: int) -> list[str]:
        stack = empty_stack(cdk.Environment(account="111111111111", region=region))
        build(stack, Senders(accounts=numbered(accounts)))
        lines = over_budget(template_of(stack).body)
        return [line for line in lines if re.search(what.format(r"\d+"), line)]

    assert said(most) == []
    assert len(said(most + 1)) == 1
