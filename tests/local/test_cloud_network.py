"""Promises of the local cloud's EC2: rules of their own, endpoints of this project's services."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import WaiterError

from local.aws.network import LEFT_OUT
from local.aws.process import LocalCloud
from tests.local import landscape as made
from tests.local.stacks import Json, Stack, resource


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("cloud") / "cloud.log") as running:
        yield running


def group(cloud: LocalCloud) -> str:
    found = cloud.client("ec2").create_security_group(
        GroupName=made.name("group"), Description="of a test"
    )
    return str(found["GroupId"])


def rule(group_id: str, source: str, port: int = 443) -> Json:
    return resource(
        "AWS::EC2::SecurityGroupIngress",
        GroupId=group_id,
        SourceSecurityGroupId=source,
        IpProtocol="tcp",
        FromPort=port,
        ToPort=port,
    )


def let_in(cloud: LocalCloud, group_id: str) -> list[tuple[Any, Any]]:
    """Ports and groups that a group lets in."""
    [found] = cloud.client("ec2").describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    return [
        (permission["FromPort"], pair["GroupId"])
        for permission in found["IpPermissions"]
        for pair in permission["UserIdGroupPairs"]
    ]


def test_a_rule_of_its_own_is_added_changed_moved_and_taken(cloud: LocalCloud) -> None:
    first, second, source = (group(cloud) for _ in range(3))
    stack = Stack(cloud)

    stack.create(Rule=rule(first, source))
    assert let_in(cloud, first) == [(443, source)]

    stack.update(Rule=rule(first, source, port=8443))
    assert let_in(cloud, first) == [(8443, source)]

    stack.update(Rule=rule(second, source))
    assert (let_in(cloud, first), let_in(cloud, second)) == ([], [(443, source)])

    stack.delete()
    assert let_in(cloud, second) == []


def test_a_rule_of_a_group_that_is_not_there_fails_the_stack(cloud: LocalCloud) -> None:
    stack = Stack(cloud)
    with pytest.raises(WaiterError):
        stack.create(Rule=rule("sg-00000000000000000", group(cloud)))

    assert "does not exist" in stack.reasons()


@pytest.mark.parametrize("service", LEFT_OUT)
def test_services_of_this_project_have_endpoints(cloud: LocalCloud, service: str) -> None:
    name = f"com.amazonaws.us-east-1.{service}"

    found = cloud.client("ec2").describe_vpc_endpoint_services(ServiceNames=[name])

    assert [detail["ServiceName"] for detail in found["ServiceDetails"]] == [name]


def function(role: str, subnets: list[str]) -> Json:
    return resource(
        "AWS::Lambda::Function",
        Code={"ZipFile": "def handler(event, context): pass"},
        Handler="index.handler",
        Role=role,
        Runtime="python3.13",
        VpcConfig={"SubnetIds": subnets, "SecurityGroupIds": ["sg-0123456789abcdef0"]},
    )


def subnet(cloud: LocalCloud) -> str:
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/24")["Vpc"]["VpcId"]
    made_subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.20.0.0/26")
    return str(made_subnet["Subnet"]["SubnetId"])


INTERFACES = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"]
LOOKS = "ec2:DescribeNetworkInterfaces"


def test_a_function_says_what_vpc_it_is_in_until_it_is_in_none(cloud: LocalCloud) -> None:
    role = made.role(cloud, "lambda.amazonaws.com", made.allow([*INTERFACES, LOOKS]))
    stack, place = Stack(cloud), subnet(cloud)

    [name] = stack.create(Function=function(role, [place])).values()
    inside = cloud.client("lambda").get_function_configuration(FunctionName=name)["VpcConfig"]
    stack.update(Function=function(role, []))
    outside = cloud.client("lambda").get_function_configuration(FunctionName=name)["VpcConfig"]

    assert inside["SubnetIds"] == [place]
    assert inside["VpcId"].startswith("vpc-")
    assert outside["SubnetIds"] == []


@pytest.mark.parametrize("absent", [*INTERFACES, LOOKS])
def test_a_role_that_may_keep_no_interfaces_fails_the_function(
    cloud: LocalCloud, absent: str
) -> None:
    rights = [right for right in (*INTERFACES, LOOKS) if right != absent]
    role = made.role(cloud, "lambda.amazonaws.com", made.allow(rights))
    stack = Stack(cloud)
    with pytest.raises(WaiterError):
        stack.create(Function=function(role, [subnet(cloud)]))

    assert f"permissions to call {absent.removeprefix('ec2:')} on EC2" in stack.reasons()
