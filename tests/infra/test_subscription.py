"""How a member's log groups are subscribed, those of today and of tomorrow."""

import json

import pytest

from tests.infra.deployment import Deployment, flat

MEMBERS = [
    ("222222222222", "us-east-1"),
    ("222222222222", "eu-west-1"),
    ("111111111111", "us-east-1"),  # the central account is a member of its own
]


@pytest.mark.parametrize(("account", "region"), MEMBERS)
def test_the_policy_is_named_after_its_region(
    account: str, region: str, deployment: Deployment
) -> None:
    policy = deployment.stack(f"member-{account}-{region}").one("AWS::Logs::AccountPolicy")

    assert policy["PolicyName"] == f"central-logs-{region}"
    assert policy["PolicyType"] == "SUBSCRIPTION_FILTER_POLICY"
    assert policy["Scope"] == "ALL"


@pytest.mark.parametrize(("account", "region"), MEMBERS)
def test_everything_goes_to_the_regions_door_evenly_spread(
    account: str, region: str, deployment: Deployment
) -> None:
    member = deployment.stack(f"member-{account}-{region}")
    (role,) = (name for name in member.all("AWS::IAM::Role") if name.startswith("Subscription"))

    document = flat(member.one("AWS::Logs::AccountPolicy")["PolicyDocument"])

    assert json.loads(document) == {
        "DestinationArn": f"arn:aws:logs:{region}:111111111111:destination:central-logs",
        "RoleArn": f"<{role}.Arn>",
        "FilterPattern": "",
        "Distribution": "Random",
    }
