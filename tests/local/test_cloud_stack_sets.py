"""Accounts onboarded by their units: the app's own StackSet, from the line put to the stream."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.names import MEMBER_STACK_SET
from local.aws.delegation import STACK_SETS
from local.aws.organizations import ROOT_ID, unit_id
from local.aws.process import LocalCloud, free_port
from local.aws.settings import CENTRAL_ACCOUNT, Settings
from local.deploy.cdk import DeployError
from tests.local import landscape as made
from tests.local.organisation import (
    INSIDE,
    MANAGEMENT,
    OUTSIDE,
    REGIONS,
    UNITS,
    WORKLOADS,
    Organisation,
    every,
)
from tests.local.pieces import eventually
from tests.local.stacks import Json, resource


@pytest.fixture
def organisation(tmp_path: Path) -> Iterator[Organisation]:
    accounts = {id_: {"name": f"a{id_}", "unit": unit, "tags": {}} for id_, unit in UNITS.items()}
    settings = Settings(
        port=free_port(), organisation=json.dumps(accounts), management_account=MANAGEMENT
    )
    with LocalCloud(tmp_path / "cloud.log", settings) as cloud:
        yield Organisation(cloud, tmp_path)


@pytest.fixture
def deployed(organisation: Organisation) -> Organisation:
    organisation.delegate()
    organisation.deploy(regions=list(REGIONS))
    return organisation


def test_every_account_of_nested_units_sends_from_each_region(deployed: Organisation) -> None:
    assert deployed.places() == every(INSIDE)
    assert deployed.senders((*INSIDE, OUTSIDE, CENTRAL_ACCOUNT, MANAGEMENT)) == every(INSIDE)


def test_the_stack_sets_of_an_account_are_listed(deployed: Organisation) -> None:
    listed = deployed.api.list_stack_sets(CallAs="DELEGATED_ADMIN")["Summaries"]

    assert [each["StackSetName"] for each in listed] == [MEMBER_STACK_SET]
    elsewhere = deployed.cloud.client("cloudformation", region="eu-west-1")
    assert elsewhere.list_stack_sets(CallAs="DELEGATED_ADMIN")["Summaries"] == []


def test_an_account_that_joins_sends_without_a_command_and_one_that_leaves_stops(
    deployed: Organisation,
) -> None:
    deployed.move(OUTSIDE, unit_id("Workloads/Development"))
    assert deployed.senders((OUTSIDE,)) == every((OUTSIDE,))

    deployed.move(OUTSIDE, unit_id("Sandbox"))
    assert deployed.senders((OUTSIDE,)) == set()
    assert deployed.places() == every(INSIDE)


def test_a_new_account_sends_once_it_is_in_a_unit(deployed: Organisation) -> None:
    status = deployed.of_manager.create_account(Email="late@example.com", AccountName="late")
    account = status["CreateAccountStatus"]["AccountId"]
    assert deployed.senders((account,)) == set()

    deployed.move(account, WORKLOADS)

    assert deployed.senders((account,)) == every((account,))


def test_the_root_stands_for_every_account_but_the_central_and_the_management_one(
    organisation: Organisation,
) -> None:
    organisation.delegate()
    organisation.deploy(units=[ROOT_ID], regions=["us-east-1"])

    assert organisation.places() == {(a, "us-east-1") for a in (*INSIDE, OUTSIDE)}


def test_a_move_between_units_of_the_baseline_changes_nothing(deployed: Organisation) -> None:
    before = {i["Account"]: i["StackId"] for i in deployed.instances()}

    deployed.move("222222222222", unit_id("Workloads/Production"))

    assert {i["Account"]: i["StackId"] for i in deployed.instances()} == before


def test_an_account_that_leaves_keeps_its_stacks_where_that_is_configured(
    organisation: Organisation,
) -> None:
    organisation.delegate()
    organisation.deploy(retain_on_removal=True)

    organisation.move("222222222222", ROOT_ID)

    assert "222222222222" not in {account for account, _ in organisation.places()}
    assert organisation.sends("222222222222", "us-east-1")


def test_without_automatic_deployment_an_account_that_joins_waits_for_the_next_one(
    organisation: Organisation,
) -> None:
    organisation.delegate()
    organisation.deploy(automatic=False)
    organisation.move(OUTSIDE, WORKLOADS)
    assert not organisation.sends(OUTSIDE, "us-east-1")

    organisation.deploy(automatic=False, regions=list(REGIONS))
    assert organisation.senders((OUTSIDE,)) == every((OUTSIDE,))


def test_what_the_configuration_adds_and_takes_away_comes_and_goes(
    organisation: Organisation,
) -> None:
    organisation.delegate()
    organisation.deploy()
    assert {region for _, region in organisation.places()} == set(REGIONS[:2])

    left_out = {"mode": "difference", "accounts": ["333333333333"]}
    organisation.deploy(regions=list(REGIONS), account_filter=left_out)

    stay = ("222222222222", "444444444444", "555555555555")
    assert organisation.places() == every(stay)
    assert organisation.senders(INSIDE) == every(stay)
    policies = organisation.cloud.client("logs", "333333333333").describe_account_policies(
        policyType="SUBSCRIPTION_FILTER_POLICY"
    )
    assert policies["accountPolicies"] == []


def occupy(organisation: Organisation, account: str, region: str) -> None:
    """Give an account a subscription policy of somebody else: AWS takes one."""
    target = made.destination(
        organisation.cloud, made.stream(organisation.cloud, region=region), region=region
    )
    organisation.cloud.client("logs", account, region).put_account_policy(
        policyName="of-somebody-else",
        policyType="SUBSCRIPTION_FILTER_POLICY",
        policyDocument=json.dumps({"DestinationArn": target}),
        scope="ALL",
    )


def test_one_account_that_fails_is_told_and_leaves_the_others_deployed(
    organisation: Organisation,
) -> None:
    organisation.delegate()
    occupy(organisation, "444444444444", "eu-west-1")

    organisation.deploy(regions=list(REGIONS))

    assert organisation.places() == every(INSIDE) - {("444444444444", "eu-west-1")}
    assert organisation.senders(("222222222222",)) == every(("222222222222",))
    (failed,) = organisation.instances(Filters=[{"Name": "DETAILED_STATUS", "Values": "FAILED"}])
    assert (failed["Account"], failed["Region"]) == ("444444444444", "eu-west-1")
    assert failed["Status"] == "OUTDATED"
    assert "can have one SUBSCRIPTION_FILTER_POLICY" in failed["StatusReason"]
    (operation,) = organisation.operations()
    assert operation["StatusDetails"] == {"FailedStackInstancesCount": 1}


def test_what_failed_comes_on_board_by_the_guides_command_once_its_cause_is_gone(
    organisation: Organisation,
) -> None:
    organisation.delegate()
    occupy(organisation, "444444444444", "eu-west-1")
    organisation.deploy()
    organisation.cloud.client("logs", "444444444444", "eu-west-1").delete_account_policy(
        policyName="of-somebody-else", policyType="SUBSCRIPTION_FILTER_POLICY"
    )

    organisation.api.update_stack_set(
        StackSetName=MEMBER_STACK_SET,
        CallAs="DELEGATED_ADMIN",
        UsePreviousTemplate=True,
        Capabilities=["CAPABILITY_IAM"],
        Regions=["eu-west-1"],
        DeploymentTargets={
            "OrganizationalUnitIds": [WORKLOADS],
            "Accounts": ["444444444444"],
            "AccountFilterType": "INTERSECTION",
        },
    )
    eventually(organisation.cloud.idle, "the end of the operation")

    assert organisation.sends("444444444444", "eu-west-1")
    assert organisation.instances(Filters=[{"Name": "DETAILED_STATUS", "Values": "FAILED"}]) == []


def test_above_the_tolerance_the_deployment_fails_and_takes_everything_back(
    organisation: Organisation,
) -> None:
    organisation.delegate()
    occupy(organisation, "444444444444", "eu-west-1")

    with pytest.raises(DeployError, match=r"444444444444 eu-west-1: .* can have one"):
        organisation.deploy(rollout={"failure_tolerance_count": 0})

    assert organisation.senders(INSIDE) == set()


def by_api(organisation: Organisation, **more: Any) -> None:
    """A StackSet without instances, made by hand."""
    topic = {"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}}}}
    request = {
        "StackSetName": "by-hand",
        "TemplateBody": json.dumps(topic),
        "PermissionModel": "SERVICE_MANAGED",
        "AutoDeployment": {"Enabled": False},
        "CallAs": "DELEGATED_ADMIN",
    }
    organisation.api.create_stack_set(**(request | more))


def test_regions_in_sequence_stop_after_the_one_that_failed(organisation: Organisation) -> None:
    api, order = organisation.api, ["eu-west-1", "us-east-1", "ap-southeast-2"]
    named = {"StackSetName": "by-hand", "CallAs": "DELEGATED_ADMIN"}
    organisation.delegate()
    statement = {"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents"}
    policy = resource(
        "AWS::Events::EventBusPolicy", EventBusName="here", StatementId="s", Statement=statement
    )
    by_api(organisation, TemplateBody=json.dumps({"Resources": {"Policy": policy}}))
    for account, region in every(INSIDE) - {("333333333333", "us-east-1")}:
        organisation.cloud.client("events", account, region).create_event_bus(Name="here")

    id_ = api.create_stack_instances(
        **named,
        Regions=list(REGIONS),
        DeploymentTargets={"OrganizationalUnitIds": [WORKLOADS], "AccountFilterType": "NONE"},
        OperationPreferences={"RegionOrder": order, "MaxConcurrentCount": 1},
    )["OperationId"]
    eventually(organisation.cloud.idle, "the end of the operation")

    operation = api.describe_stack_set_operation(**named, OperationId=id_)["StackSetOperation"]
    assert (operation["Action"], operation["Status"]) == ("CREATE", "FAILED")
    results = api.list_stack_set_operation_results(**named, OperationId=id_)["Summaries"]
    by_region = {
        region: [r["Status"] for r in results if r["Region"] == region] for region in order
    }
    assert by_region == {
        "eu-west-1": ["SUCCEEDED"] * 4,
        "us-east-1": ["SUCCEEDED", "FAILED", "CANCELLED", "CANCELLED"],
        "ap-southeast-2": ["CANCELLED"] * 4,
    }


def test_nobody_runs_stack_sets_without_trusted_access_and_delegation(
    organisation: Organisation,
) -> None:
    words = "management account or delegated admin account"
    with pytest.raises(ClientError, match=words):
        by_api(organisation)
    organisation.trust()
    with pytest.raises(ClientError, match=words):
        by_api(organisation)
    organisation.delegate()
    by_api(organisation)
    with pytest.raises(ClientError, match=words):
        by_api(organisation, CallAs="SELF")


def test_a_delegated_administrator_needs_trusted_access_first(organisation: Organisation) -> None:
    register = organisation.of_manager.register_delegated_administrator
    with pytest.raises(ClientError, match="no trusted access"):
        register(AccountId=CENTRAL_ACCOUNT, ServicePrincipal=STACK_SETS)


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ({"AccountFilterType": "UNION", "Accounts": [OUTSIDE]}, "AccountFilterType UNION"),
        ({"OrganizationalUnitIds": [f"ou-ex4m-{n:08}" for n in range(51)]}, "found 51"),
    ],
)
def test_targets_that_aws_refuses_are_refused(
    targets: Json, words: str, organisation: Organisation
) -> None:
    organisation.delegate()
    by_api(organisation)

    with pytest.raises(ClientError, match=words):
        organisation.api.create_stack_instances(
            StackSetName="by-hand",
            CallAs="DELEGATED_ADMIN",
            Regions=["us-east-1"],
            DeploymentTargets={"OrganizationalUnitIds": [WORKLOADS], **targets},
        )
