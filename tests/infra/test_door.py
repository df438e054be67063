"""What log groups are subscribed to, in each region of the central account."""

import json
from typing import Any

import pytest

from tests.infra.deployment import Deployment, Template, flat

REGIONS = ("us-east-1", "eu-west-1")
LONGEST_POLICY = 5_120
"""Bytes: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDestinationPolicy.html"""
STREAM = "arn:aws:kinesis:us-east-1:111111111111:stream/central-logs"


@pytest.fixture(params=REGIONS)
def region(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def door(region: str, deployment: Deployment) -> Template:
    return deployment.stack(f"door-{region}")


def test_a_destination_outlives_its_stack_under_its_fixed_name(door: Template) -> None:
    (destination,) = door.all("AWS::Logs::Destination").values()

    assert destination["Properties"]["DestinationName"] == "central-logs"
    assert destination["DeletionPolicy"] == "Retain"
    assert destination["UpdateReplacePolicy"] == "Retain"


def test_every_region_leads_to_the_stream_of_the_central_region(door: Template) -> None:
    assert door.one("AWS::Logs::Destination")["TargetArn"] == STREAM


def test_the_organisation_may_subscribe_log_groups_and_accounts(
    door: Template, region: str
) -> None:
    text = flat(door.one("AWS::Logs::Destination")["DestinationPolicy"])
    (statement,) = json.loads(text)["Statement"]

    assert statement == {
        "Sid": "OrganisationMaySubscribe",
        "Effect": "Allow",
        "Principal": "*",
        "Action": ["logs:PutSubscriptionFilter", "logs:PutAccountPolicy"],
        "Resource": f"arn:aws:logs:{region}:111111111111:destination:central-logs",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}},
    }
    assert len(text.encode()) <= LONGEST_POLICY


def test_cloudwatch_logs_takes_the_role_for_log_groups_of_the_region(
    door: Template, region: str
) -> None:
    (statement,) = door.one("AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Principal"] == {"Service": "logs.amazonaws.com"}
    assert statement["Condition"] == {
        "StringLike": {"aws:SourceArn": f"arn:aws:logs:{region}:*:*"},
        "StringEqualsIfExists": {"aws:SourceOrgID": "o-exampleorgid"},
    }


def test_the_role_puts_records_and_uses_the_one_key(door: Template) -> None:
    statements = door.one("AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    encrypting: dict[str, Any] = next(s for s in statements if s["Action"].startswith("kms:"))

    assert door.allowed("DoorRole") == {
        ("kinesis:PutRecord", STREAM),
        ("kms:GenerateDataKey", "arn:aws:kms:us-east-1:111111111111:key/*"),
    }
    assert encrypting["Condition"] == {
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/central-logs"},
        "StringEquals": {"kms:ViaService": "kinesis.us-east-1.amazonaws.com"},
    }


def test_the_role_is_ready_before_the_destination_tries_it(door: Template) -> None:
    (destination,) = door.all("AWS::Logs::Destination").values()

    assert set(door.all("AWS::IAM::Policy")) <= set(destination["DependsOn"])
