"""Promises of the local cloud's CloudFormation: types it must know, properties that must arrive."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from local.aws.cloudformation.recorded import RECORDED
from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT, CENTRAL_REGION
from tests.local import landscape as made
from tests.local.landscape import MEMBER
from tests.local.stacks import QUICK, Json, Stack, resource


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("cloud") / "cloud.log") as running:
        yield running


def door(name: str, target: str, writer: str, **more: Any) -> Json:
    return resource(
        "AWS::Logs::Destination", DestinationName=name, TargetArn=target, RoleArn=writer, **more
    )


def find_door(cloud: LocalCloud, name: str) -> list[Json]:
    found: list[Json] = cloud.client("logs").describe_destinations(DestinationNamePrefix=name)[
        "destinations"
    ]
    return found


def test_a_destination_is_made_updated_replaced_and_deleted(cloud: LocalCloud) -> None:
    streams = [made.stream(cloud) for _ in range(2)]
    writer = made.role(cloud, "logs.amazonaws.com", made.allow("kinesis:PutRecord"))
    stack, first, second = Stack(cloud), made.name("door"), made.name("door")
    access = made.policy({"Effect": "Allow", "Principal": "*", "Action": "logs:*"})

    outputs = stack.create(Door=door(first, streams[0], writer, DestinationPolicy=access))
    assert outputs == {"Door": first}
    assert find_door(cloud, first)[0]["accessPolicy"] == access

    stack.update(Door=door(first, streams[1], writer, DestinationPolicy=access))
    [updated] = find_door(cloud, first)
    assert (updated["targetArn"], updated["accessPolicy"]) == (streams[1], access)

    outputs = stack.update(Door=door(second, streams[1], writer))
    assert outputs == {"Door": second}
    assert find_door(cloud, first) == []

    stack.delete()
    assert find_door(cloud, second) == []


def test_a_destination_whose_role_may_not_write_fails_the_stack(cloud: LocalCloud) -> None:
    stack = Stack(cloud)
    writer = made.role(cloud, "logs.amazonaws.com")
    with pytest.raises(WaiterError):
        stack.create(Door=door(made.name("door"), made.stream(cloud), writer))

    assert "not authorized to perform kinesis:PutRecord" in stack.reasons()


def account_policy(target: str, excluded: str) -> Json:
    return resource(
        "AWS::Logs::AccountPolicy",
        PolicyName="central-logs",
        PolicyType="SUBSCRIPTION_FILTER_POLICY",
        PolicyDocument=json.dumps({"DestinationArn": target}),
        SelectionCriteria=f'LogGroupName NOT IN ["{excluded}"]',
        Scope="ALL",
    )


def member_policies(cloud: LocalCloud) -> list[Json]:
    found: list[Json] = cloud.client("logs", MEMBER).describe_account_policies(
        policyType="SUBSCRIPTION_FILTER_POLICY"
    )["accountPolicies"]
    return found


def test_an_account_policy_is_made_updated_and_deleted(cloud: LocalCloud) -> None:
    target = made.destination(cloud, made.stream(cloud))
    stack = Stack(cloud, MEMBER)

    stack.create(Policy=account_policy(target, "/one"))
    stack.update(Policy=account_policy(target, "/two"))
    [policy] = member_policies(cloud)
    stack.delete()

    assert policy["selectionCriteria"] == 'LogGroupName NOT IN ["/two"]'
    assert member_policies(cloud) == []


def test_an_account_policy_before_its_destination_fails_the_stack(cloud: LocalCloud) -> None:
    missing = f"arn:aws:logs:{CENTRAL_REGION}:{CENTRAL_ACCOUNT}:destination:missing"
    stack = Stack(cloud, MEMBER)
    with pytest.raises(WaiterError):
        stack.create(Policy=account_policy(missing, "/one"))

    assert "does not exist" in stack.reasons()
    assert member_policies(cloud) == []


def test_a_bus_policy_is_made_updated_and_deleted(cloud: LocalCloud) -> None:
    events, bus, stack = cloud.client("events"), made.name("bus"), Stack(cloud)
    events.create_event_bus(Name=bus)

    def policy(account: str) -> Json:
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": account},
            "Action": "events:PutEvents",
            "Resource": "*",
        }
        return resource(
            "AWS::Events::EventBusPolicy", EventBusName=bus, StatementId="m", Statement=statement
        )

    stack.create(Policy=policy(MEMBER))
    stack.update(Policy=policy(CENTRAL_ACCOUNT))
    [statement] = json.loads(events.describe_event_bus(Name=bus)["Policy"])["Statement"]
    stack.delete()

    assert (statement["Sid"], statement["Principal"]) == ("m", {"AWS": CENTRAL_ACCOUNT})
    assert "Policy" not in events.describe_event_bus(Name=bus)


def test_an_archive_is_made_updated_replaced_and_deleted(cloud: LocalCloud) -> None:
    events, stack = cloud.client("events"), Stack(cloud)
    bus = f"arn:aws:events:{CENTRAL_REGION}:{CENTRAL_ACCOUNT}:event-bus/default"

    def archive(days: int, source: str = bus) -> Json:
        pattern = {"source": ["app"]}
        return resource(
            "AWS::Events::Archive", SourceArn=source, RetentionDays=days, EventPattern=pattern
        )

    name = stack.create(Archive=archive(1))["Archive"]
    assert stack.update(Archive=archive(9)) == {"Archive": name}
    found = events.describe_archive(ArchiveName=name)
    assert stack.update(Archive=archive(9, f"{bus}-2")) != {"Archive": name}
    assert len(events.list_archives()["Archives"]) == 1
    stack.delete()

    assert (found["RetentionDays"], json.loads(found["EventPattern"])) == (9, {"source": ["app"]})
    assert events.list_archives()["Archives"] == []


def test_a_query_definition_is_made_updated_and_deleted(cloud: LocalCloud) -> None:
    logs, stack = cloud.client("logs"), Stack(cloud)

    def query(text: str) -> Json:
        return resource("AWS::Logs::QueryDefinition", Name="q", QueryString=text)

    identity = stack.create(Query=query("fields @ptr"))["Query"]
    assert stack.update(Query=query("fields @message")) == {"Query": identity}
    [found] = logs.describe_query_definitions()["queryDefinitions"]
    stack.delete()

    assert found["queryString"] == "fields @message"
    assert logs.describe_query_definitions()["queryDefinitions"] == []


def test_a_service_linked_role_is_made_and_deleted(cloud: LocalCloud) -> None:
    stack, service = Stack(cloud), "opensearchservice.amazonaws.com"

    role = stack.create(Role=resource("AWS::IAM::ServiceLinkedRole", AWSServiceName=service))

    assert role == {"Role": "AWSServiceRoleForAmazonOpenSearchService"}
    found = cloud.client("iam").get_role(RoleName=role["Role"])["Role"]
    assert found["Path"] == f"/aws-service-role/{service}/"
    stack.delete()
    with pytest.raises(ClientError, match="NoSuchEntity"):
        cloud.client("iam").get_role(RoleName=role["Role"])


def test_a_service_linked_role_has_the_name_that_aws_gives_it(cloud: LocalCloud) -> None:
    iam, service = cloud.client("iam", MEMBER), "opensearchservice.amazonaws.com"

    made_role = iam.create_service_linked_role(AWSServiceName=service)["Role"]

    name = "AWSServiceRoleForAmazonOpenSearchService"
    assert made_role["RoleName"] == name
    assert made_role["Arn"].endswith(f":role/aws-service-role/{service}/{name}")
    assert iam.get_role(RoleName=name)["Role"]["Arn"] == made_role["Arn"]
    with pytest.raises(ClientError, match="EntityAlreadyExists"):
        iam.create_service_linked_role(AWSServiceName=service)


@pytest.mark.parametrize(
    ("pseudo", "value"),
    [("AccountId", MEMBER), ("Region", CENTRAL_REGION), ("Partition", "aws")],
)
def test_a_condition_knows_where_its_stack_is(cloud: LocalCloud, pseudo: str, value: str) -> None:
    api, stack = cloud.client("cloudformation", MEMBER), made.name("stack")
    asked = {"Ref": f"AWS::{pseudo}"}
    body = {
        "Conditions": {
            "Here": {"Fn::Or": [{"Fn::Equals": [asked, "x"]}, {"Fn::Equals": [asked, value]}]},
            "Elsewhere": {"Fn::Equals": [asked, "x"]},
        },
        "Resources": {
            name: {"Type": "AWS::SNS::Topic", "Condition": name} for name in ("Here", "Elsewhere")
        },
    }

    api.create_stack(StackName=stack, TemplateBody=json.dumps(body))
    api.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig=QUICK)

    found = api.describe_stack_resources(StackName=stack)["StackResources"]
    assert [each["LogicalResourceId"] for each in found] == ["Here"]


def test_services_that_are_not_played_are_recorded(cloud: LocalCloud) -> None:
    stack = Stack(cloud)
    kinds = {f"R{index}": resource(kind) for index, kind in enumerate(RECORDED)}

    outputs = stack.create(**kinds)
    again = stack.update(**{name: kind | {"Properties": {"x": 1}} for name, kind in kinds.items()})
    stack.delete()

    assert outputs == again
    assert all(outputs.values())


def test_a_type_that_nobody_knows_is_refused(cloud: LocalCloud) -> None:
    with pytest.raises(ClientError, match=r"Unrecognized resource types: \[AWS::Nobody::Knows\]"):
        Stack(cloud).create(Thing=resource("AWS::Nobody::Knows"))
