"""What hosts need comes to every member, by stack and by StackSet, and is enough and no more."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.config import DeploymentConfig
from infra.names import HOSTS
from infra.stacks.member import MemberStack
from local.aws.process import LocalCloud, free_port
from local.aws.settings import Settings
from logcore.normalise import Normaliser
from logcore.record import Accepted
from logcore.registry import SOURCES
from logcore.routing import Routing
from tests.local import landscape as made
from tests.local.organisation import (
    INSIDE,
    MANAGEMENT,
    REGIONS,
    UNITS,
    Organisation,
    app,
    place,
)
from tests.local.stacks import Json
from tests.unit.test_config import write as write_config

MEMBER, HYBRID = "222222222222", "333333333333"
REGION = "us-east-1"
POLICY, ROLE = f"central-logs-host-{REGION}", f"central-logs-hybrid-{REGION}"
MESSAGES = "/hosts/var/log/messages"
LINE = "Mar  1 12:00:03 web-1 systemd[1]: Started shop.service."


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    folder = tmp_path_factory.mktemp("hosts")
    accounts = {id_: {"name": f"a{id_}", "unit": unit, "tags": {}} for id_, unit in UNITS.items()}
    settings = Settings(
        port=free_port(), organisation=json.dumps(accounts), management_account=MANAGEMENT
    )
    with LocalCloud(folder / "cloud.log", settings) as cloud:
        found = Organisation(cloud, folder)
        found.delegate()
        found.sections = {"hosts": {"enabled": True, "hybrid_accounts": [HYBRID]}}
        found.deploy()
        yield found


@pytest.fixture
def cloud(organisation: Organisation) -> LocalCloud:
    return organisation.cloud


def associations(cloud: LocalCloud, account: str, region: str = REGION) -> list[Json]:
    found: list[Json] = cloud.client("ssm", account, region).list_associations(
        AssociationFilterList=[{"key": "AssociationName", "value": HOSTS}]
    )["Associations"]
    return found


def parameter(cloud: LocalCloud, account: str, platform: str = "linux") -> Json:
    name = f"AmazonCloudWatch-central-logs-{platform}"
    found: Json = cloud.client("ssm", account).get_parameter(Name=name)["Parameter"]
    return found


def host(cloud: LocalCloud, service: str) -> Any:
    """A client with the rights of an instance profile that has the policy and nothing else."""
    role = made.role(cloud, "111111111111", account=MEMBER)
    cloud.client("iam", MEMBER).attach_role_policy(
        RoleName=role.rpartition("/")[2], PolicyArn=f"arn:aws:iam::{MEMBER}:policy/{POLICY}"
    )
    return made.session(cloud, role, service)


def write(logs: Any, group: str) -> None:
    """What the agent does with the first line of a file."""
    logs.create_log_group(logGroupName=group)
    logs.put_retention_policy(logGroupName=group, retentionInDays=30)
    logs.create_log_stream(logGroupName=group, logStreamName="i-0123456789abcdef0_web-1")
    logs.put_log_events(
        logGroupName=group,
        logStreamName="i-0123456789abcdef0_web-1",
        logEvents=[{"timestamp": 1_772_366_460_000, "message": LINE}],
    )


def put_listed(organisation: Organisation, account: str, region: str, hosts: Json) -> None:
    """Bring a listed account's stack to these choices."""
    changes = {"members": {"accounts": [account]}, "hosts": hosts}
    config = DeploymentConfig.load(write_config(organisation.folder, "sandbox", changes))
    env = place(region, account)
    stack = MemberStack(app(), "Member", config=config, left_out=["/x"], env=env)
    organisation.put(stack, region, account)


def test_every_member_has_the_association_and_the_configurations_in_each_region(
    cloud: LocalCloud,
) -> None:
    for account in INSIDE:
        for region in REGIONS[:2]:
            (found,) = associations(cloud, account, region)
            assert found["Targets"] == [{"Key": "tag:central-logs", "Values": ["enabled"]}]
            assert found["Name"] == HOSTS
        assert json.loads(parameter(cloud, account, "linux")["Value"])["logs"]
        assert json.loads(parameter(cloud, account, "windows")["Value"])["logs"]


def test_a_host_sends_and_its_line_is_read_as_what_it_is(
    organisation: Organisation, cloud: LocalCloud
) -> None:
    write(host(cloud, "logs"), MESSAGES)

    normalise = Normaliser(Routing(SOURCES))
    outcomes = [
        outcome
        for record in made.records(cloud, organisation.stream)
        for outcome in normalise.payload(record["Data"])
    ]
    (found,) = (one for one in outcomes if one.record.origin.log_group == MESSAGES)
    assert isinstance(found, Accepted)
    assert (found.source, found.record.message) == ("syslog", LINE)
    assert found.document["cloud"]["instance"]["id"] == "i-0123456789abcdef0"
    assert found.document["event"]["action"] == "unit_started"


def test_a_host_reads_its_configuration_and_no_other_parameter(cloud: LocalCloud) -> None:
    cloud.client("ssm", MEMBER).put_parameter(Name="/shop/password", Value="x", Type="String")
    ssm = host(cloud, "ssm")

    assert ssm.get_parameter(Name="AmazonCloudWatch-central-logs-linux")["Parameter"]["Value"]
    with pytest.raises(ClientError, match="not authorized"):
        ssm.get_parameter(Name="/shop/password")


@pytest.mark.parametrize("group", ["/aws/cloudtrail", "/hostsandmore", "/central-logs/normalise"])
def test_a_host_writes_to_no_group_of_others(cloud: LocalCloud, group: str) -> None:
    cloud.client("logs", MEMBER).create_log_group(logGroupName=group)
    cloud.client("logs", MEMBER).create_log_stream(logGroupName=group, logStreamName="s")
    logs, event = host(cloud, "logs"), {"timestamp": 1, "message": "forged"}

    for action, request in (
        ("put_log_events", {"logStreamName": "s", "logEvents": [event]}),
        ("create_log_stream", {"logStreamName": "t"}),
        ("put_retention_policy", {"retentionInDays": 1}),
        ("delete_log_group", {}),
    ):
        with pytest.raises(ClientError, match="not authorized"):
            getattr(logs, action)(logGroupName=group, **request)


NOT_PLAYED = {
    "BeManaged": "the agent of Systems Manager is not played",
    "BeToldWhatIsDue": "the agent of Systems Manager is not played",
}
"""Rights of a host whose want is not shown, and why."""


def test_each_right_of_a_host_is_needed_for_what_its_agent_does(cloud: LocalCloud) -> None:
    iam = cloud.client("iam", MEMBER)
    arn = f"arn:aws:iam::{MEMBER}:policy/{POLICY}"
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    policy = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    granted = policy["Statement"]

    def works(allowed: list[Json]) -> bool:
        role = made.role(cloud, "111111111111", *allowed, account=MEMBER)
        logs, ssm = made.session(cloud, role, "logs"), made.session(cloud, role, "ssm")
        try:
            ssm.get_parameter(Name="AmazonCloudWatch-central-logs-linux")
            write(logs, made.name("/hosts/each-right"))
            logs.describe_log_groups(logGroupNamePrefix="/hosts/")
        except ClientError as refusal:
            return "not authorized" not in str(refusal)
        return True

    assert works(granted)
    needless = {s["Sid"] for s in granted if works([one for one in granted if one != s])}
    assert needless == NOT_PLAYED.keys()


def test_machines_outside_aws_are_registered_where_that_is_chosen_and_nowhere_else(
    cloud: LocalCloud,
) -> None:
    made_now = cloud.client("ssm", HYBRID).create_activation(IamRole=ROLE, RegistrationLimit=10)
    assert made_now["ActivationCode"]

    with pytest.raises(ClientError, match="does not exist"):
        cloud.client("ssm", MEMBER).create_activation(IamRole=ROLE)
    with pytest.raises(ClientError, match="may not assume"):
        cloud.client("ssm", HYBRID, "eu-west-1").create_activation(IamRole=ROLE)


def test_a_changed_choice_reaches_every_member_without_a_new_association(
    organisation: Organisation, cloud: LocalCloud
) -> None:
    before = {account: associations(cloud, account)[0] for account in INSIDE}
    organisation.sections["hosts"]["retention_days"] = 7

    organisation.deploy()

    for account in INSIDE:
        (found,) = associations(cloud, account)
        document = cloud.client("ssm", account).get_document(Name=HOSTS)
        assert found["AssociationId"] == before[account]["AssociationId"]
        assert document["DocumentVersion"] == "2"
        assert '"retention_in_days":7' in parameter(cloud, account)["Value"]


def test_a_listed_account_gets_the_same_and_loses_it_when_hosts_are_off_again(
    organisation: Organisation, cloud: LocalCloud
) -> None:
    account, region = MANAGEMENT, "eu-west-1"
    role = f"central-logs-hybrid-{region}"
    ssm = cloud.client("ssm", account, region)

    put_listed(organisation, account, region, {"enabled": True, "hybrid_accounts": [account]})
    assert len(associations(cloud, account, region)) == 1
    assert ssm.create_activation(IamRole=role)["ActivationCode"]

    put_listed(organisation, account, region, {})
    assert associations(cloud, account, region) == []
    with pytest.raises(ClientError, match="ParameterNotFound"):
        ssm.get_parameter(Name="AmazonCloudWatch-central-logs-linux")
    with pytest.raises(ClientError, match="NoSuchEntity"):
        cloud.client("iam", account).get_role(RoleName=role)
