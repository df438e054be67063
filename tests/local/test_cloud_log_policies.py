"""Promises of the local cloud's account policies for log groups, and of saved queries."""

import json
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from local.aws.process import LocalCloud
from tests.local import landscape as made
from tests.local.landscape import MEMBER, OTHER_MEMBER

ACCOUNT_POLICY = "SUBSCRIPTION_FILTER_POLICY"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("cloud") / "cloud.log") as running:
        yield running


@pytest.fixture
def stream(cloud: LocalCloud) -> str:
    return made.stream(cloud)


def put_account_policy(
    cloud: LocalCloud, account: str, target: str, *excluded: str, policy: str = "central-logs"
) -> None:
    cloud.client("logs", account).put_account_policy(
        policyName=policy,
        policyType=ACCOUNT_POLICY,
        policyDocument=json.dumps({"DestinationArn": target, "Distribution": "Random"}),
        selectionCriteria=f"LogGroupName NOT IN {json.dumps(excluded)}",
    )


@pytest.fixture
def account_policies(cloud: LocalCloud) -> Iterator[None]:
    """An account has one such policy, so each test that sets one takes it away."""
    yield
    logs = cloud.client("logs", MEMBER)
    for policy in logs.describe_account_policies(policyType=ACCOUNT_POLICY)["accountPolicies"]:
        logs.delete_account_policy(policyName=policy["policyName"], policyType=ACCOUNT_POLICY)


@pytest.mark.usefixtures("account_policies")
def test_an_account_policy_holds_for_every_log_group_but_the_excluded(
    cloud: LocalCloud, stream: str
) -> None:
    before, excluded = made.log_group(cloud, MEMBER), made.log_group(cloud, MEMBER)
    put_account_policy(cloud, MEMBER, made.destination(cloud, stream), excluded)
    after = made.log_group(cloud, MEMBER)
    for group in (before, excluded, after):
        made.log(cloud, MEMBER, group, group)

    found = made.envelopes(cloud, stream)

    assert [envelope["logGroup"] for envelope in found] == [before, after]
    assert {envelope["policyLevel"] for envelope in found} == {"ACCOUNT_LEVEL_POLICY"}
    assert found[0]["subscriptionFilters"] == ["central-logs"]


@pytest.mark.usefixtures("account_policies")
def test_an_account_policy_needs_both_rights_at_the_door(cloud: LocalCloud, stream: str) -> None:
    door = made.destination(cloud, stream, actions=("logs:PutSubscriptionFilter",))

    with pytest.raises(ClientError, match=r"AccessDeniedException.*PutAccountPolicy"):
        put_account_policy(cloud, MEMBER, door)


@pytest.mark.usefixtures("account_policies")
def test_an_account_has_one_policy_per_region_which_can_be_replaced(
    cloud: LocalCloud, stream: str
) -> None:
    door = made.destination(cloud, stream)
    put_account_policy(cloud, MEMBER, door)
    put_account_policy(cloud, MEMBER, door, "/excluded")
    with pytest.raises(ClientError, match="LimitExceededException"):
        put_account_policy(cloud, MEMBER, door, policy="another")

    logs = cloud.client("logs", MEMBER)
    [policy] = logs.describe_account_policies(policyType=ACCOUNT_POLICY)["accountPolicies"]

    assert policy["selectionCriteria"] == 'LogGroupName NOT IN ["/excluded"]'


@pytest.mark.parametrize(
    ("selection", "complaint"),
    [
        ('LogGroupName IN ["a"]', "must be LogGroupName NOT IN"),
        ("LogGroupName NOT IN ['a']", "not JSON"),
        ('LogGroupName NOT IN ["a b"]', "must be"),
        ('LogGroupNamePrefix NOT IN ["a"]', "must be"),
        (f"LogGroupName NOT IN {json.dumps(['x' * 500] * 51)}", "exceeds 25600 bytes"),
    ],
)
def test_a_malformed_selection_is_refused(
    cloud: LocalCloud, stream: str, selection: str, complaint: str
) -> None:
    with pytest.raises(ClientError, match=complaint):
        cloud.client("logs", MEMBER).put_account_policy(
            policyName="central-logs",
            policyType=ACCOUNT_POLICY,
            policyDocument=json.dumps({"DestinationArn": stream}),
            selectionCriteria=selection,
        )


def test_query_definitions_can_be_kept_found_and_deleted(cloud: LocalCloud) -> None:
    logs = cloud.client("logs", OTHER_MEMBER)
    made_id = logs.put_query_definition(name="q", queryString="fields @message")
    identity = made_id["queryDefinitionId"]
    logs.put_query_definition(queryDefinitionId=identity, name="q2", queryString="fields @ptr")

    [kept] = logs.describe_query_definitions()["queryDefinitions"]
    logs.delete_query_definition(queryDefinitionId=identity)

    assert (kept["name"], kept["queryString"]) == ("q2", "fields @ptr")
    assert logs.describe_query_definitions()["queryDefinitions"] == []
