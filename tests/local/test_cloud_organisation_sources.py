"""The sources stack in the local cloud: rights suffice, twice is like once, removal is gentle."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.bundle import code_only
from infra.delegation import commands
from infra.permissions_table import OPTIONS
from lambdas.enrol_organisation.request import Request
from lambdas.enrol_organisation.run import run
from lambdas.enrol_organisation.services import Work
from lambdas.enrol_organisation.settings import Settings as Told
from local.aws.process import CLIENT_CONFIG, LocalCloud, free_port
from local.aws.settings import CENTRAL_ACCOUNT, Settings
from tests.infra.deployment import Deployment, Template, flat, listed, statements, synthesise
from tests.local import landscape as made
from tests.local.aws_command import shell
from tests.local.stacks import Stack, resource

MANAGEMENT, HOME, IRELAND = "999999999999", "us-east-1", "eu-west-1"
ARN = f"arn:aws:cloudtrail:{HOME}:{MANAGEMENT}:trail/central-logs"

_ROLE = "AWS makes a service-linked role in the caller's name; the local cloud needs none"
_TRAIL = "CloudTrail asks for it in the caller's name, the local cloud does not"

NOT_SHOWN = {
    "HandTheRoleToTheTrail": _TRAIL,
    "LookAtTheOrganisation": _TRAIL,
    "MakeTheRoleOfAgentlessInspector2": _ROLE,
    "MakeTheRoleOfCloudtrail": _ROLE,
    "MakeTheRoleOfGuardduty": _ROLE,
    "MakeTheRoleOfInspector2": _ROLE,
    "MakeTheRoleOfMalwareProtectionGuardduty": _ROLE,
    "MakeTheRoleOfObservabilityadmin": _ROLE,
    "MakeTheRoleOfSecurityhub": _ROLE,
    "WriteOwnLog": "the function is called here, not by Lambda, which writes its log",
}
"""Rights whose want this test cannot show, and why."""

type Clients = Callable[[str, str], Any]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    accounts = {
        account: {"name": account, "unit": "", "tags": {}}
        for account in (CENTRAL_ACCOUNT, made.MEMBER, made.OTHER_MEMBER)
    }
    settings = Settings(
        port=free_port(), organisation=json.dumps(accounts), management_account=MANAGEMENT
    )
    with LocalCloud(tmp_path_factory.mktemp("cloud") / "cloud.log", settings) as running:
        yield running


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """With every switch on, in the sandbox's two regions."""
    chosen = OPTIONS["organisation_sources"]
    bundle = code_only(tmp_path_factory.mktemp("bundles"))
    with synthesise("sandbox", bundle, organisation_sources=chosen) as found:
        yield found


@pytest.fixture(scope="module")
def template(deployment: Deployment) -> Template:
    return deployment.stack("sources")


@pytest.fixture(scope="module")
def handed_over(cloud: LocalCloud, deployment: Deployment) -> LocalCloud:
    """The cloud once the management account did what ``preflight`` prints for it."""
    for command in commands(deployment.config):
        shell(cloud, MANAGEMENT, command)
    return cloud


def rights(template: Template) -> list[dict[str, Any]]:
    """What the function may do."""
    return statements(template.one("AWS::IAM::Policy", below="EnrolmentFunctionRoleDefaultPolicy"))


def clients_with(cloud: LocalCloud, allowed: list[dict[str, Any]]) -> Clients:
    """Clients with these rights, and no others."""
    role = made.role(cloud, CENTRAL_ACCOUNT, *allowed)
    keys = cloud.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    session: Any = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    return lambda service, region: session.client(
        service, region_name=region, endpoint_url=cloud.endpoint, config=CLIENT_CONFIG
    )


@pytest.fixture(scope="module")
def function(handed_over: LocalCloud, template: Template) -> Clients:
    """Clients with the rights that the template gives to the function."""
    return clients_with(handed_over, rights(template))


def requests(template: Template, kind: str) -> list[Request]:
    """What CloudFormation asks the function, with references as text."""
    asked = [r["Properties"] for r in template.all("Custom::OrganisationEnrolment").values()]
    readable = [{**properties, "Choices": flat(properties["Choices"])} for properties in asked]
    return [Request.of({"RequestType": kind, "ResourceProperties": each}) for each in readable]


def do(template: Template, clients: Clients, kind: str, *, when_removed: str = "keep") -> None:
    for request in requests(template, kind):
        work = Work(request, clients, Told(account=CENTRAL_ACCOUNT, when_removed=when_removed))
        run(work, clock=iter([0.0, 1_000.0]).__next__, pause=lambda _: None)


def refused(template: Template, clients: Clients) -> str:
    """Why enrolling, or ending it, is refused; empty where it is not."""
    try:
        do(template, clients, "Create")
        do(template, clients, "Delete", when_removed="switch_off")
    except ClientError as refusal:
        return str(refusal)
    return ""


@pytest.fixture(scope="module")
def enrolled(template: Template, function: Clients) -> None:
    """Everything, twice: a custom resource may be called again at any time."""
    do(template, function, "Create")
    do(template, function, "Update")


@pytest.mark.usefixtures("enrolled")
def test_the_trail_belongs_to_the_management_account_and_logs(cloud: LocalCloud) -> None:
    trails = cloud.client("cloudtrail", MANAGEMENT)
    [found] = trails.describe_trails()["trailList"]

    assert found["TrailARN"] == ARN
    assert found["IsOrganizationTrail"]
    assert found["IsMultiRegionTrail"]
    assert found["LogFileValidationEnabled"]
    assert not found["RecursiveLogging"]
    assert found["HasInsightSelectors"]
    assert trails.get_trail_status(Name=ARN)["IsLogging"]
    selectors = trails.get_event_selectors(TrailName=ARN)["AdvancedEventSelectors"]
    assert selectors[0]["Name"] == "Management events"
    assert len(selectors) == 3


@pytest.mark.usefixtures("enrolled")
def test_a_delegated_administrator_does_not_find_the_trail_by_its_name(cloud: LocalCloud) -> None:
    """What CloudFormation's own resource stumbles over."""
    trails = cloud.client("cloudtrail")

    assert trails.get_trail(Name=ARN)["Trail"]["TrailARN"] == ARN
    with pytest.raises(ClientError, match="TrailNotFound"):
        trails.start_logging(Name="central-logs")


def test_who_is_no_administrator_makes_no_trail_of_the_organisation(cloud: LocalCloud) -> None:
    with pytest.raises(ClientError, match="NotOrganizationMasterAccountException"):
        cloud.client("cloudtrail", made.MEMBER).create_trail(
            Name="mine", S3BucketName="mine", IsOrganizationTrail=True
        )


def test_nobody_names_an_administrator_but_the_management_account(cloud: LocalCloud) -> None:
    with pytest.raises(ClientError, match="management account"):
        cloud.client("guardduty").enable_organization_admin_account(AdminAccountId=made.MEMBER)
    with pytest.raises(ClientError, match="no member account"):
        cloud.client("guardduty", MANAGEMENT).enable_organization_admin_account(
            AdminAccountId="888888888888"
        )


@pytest.mark.usefixtures("enrolled")
def test_an_administrator_of_two_regions_is_none_in_a_third(cloud: LocalCloud) -> None:
    inspector = cloud.client("inspector2", CENTRAL_ACCOUNT, "ap-southeast-2")

    with pytest.raises(ClientError, match="not the administrator of inspector2"):
        inspector.update_organization_configuration(autoEnable={"ec2": True, "ecr": True})


@pytest.mark.usefixtures("enrolled")
@pytest.mark.parametrize("region", [HOME, IRELAND])
def test_guardduty_and_inspector_are_on_in_every_region(cloud: LocalCloud, region: str) -> None:
    guardduty = cloud.client("guardduty", CENTRAL_ACCOUNT, region)
    [detector] = guardduty.list_detectors()["DetectorIds"]
    told = guardduty.describe_organization_configuration(DetectorId=detector)
    inspector = cloud.client("inspector2", CENTRAL_ACCOUNT, region)

    assert told["AutoEnableOrganizationMembers"] == "ALL"
    assert {f["Name"]: f["AutoEnable"] for f in told["Features"]}["S3_DATA_EVENTS"] == "ALL"
    assert {m["accountId"] for m in inspector.list_members()["members"]} == {
        *(made.MEMBER, made.OTHER_MEMBER, MANAGEMENT)
    }
    scanned = inspector.describe_organization_configuration()["autoEnable"]
    assert scanned == {"ec2": True, "ecr": True, "lambda": False, "lambdaCode": False}


@pytest.mark.usefixtures("enrolled")
def test_security_hub_and_the_look_at_resources_begin_at_home(cloud: LocalCloud) -> None:
    hub = cloud.client("securityhub")
    [known] = hub.list_finding_aggregators()["FindingAggregators"]
    linked = hub.get_finding_aggregator(FindingAggregatorArn=known["FindingAggregatorArn"])
    looking = cloud.client("observabilityadmin").get_telemetry_evaluation_status_for_organization()

    assert (linked["RegionLinkingMode"], linked["Regions"]) == ("SPECIFIED_REGIONS", [IRELAND])
    assert looking["Status"] == "RUNNING"


def test_without_its_rights_the_function_can_do_nothing(
    cloud: LocalCloud, template: Template
) -> None:
    nothing = clients_with(cloud, [])
    for request in requests(template, "Create"):
        work = Work(request, nothing, Told(account=CENTRAL_ACCOUNT, when_removed="keep"))
        with pytest.raises(ClientError, match="AccessDenied"):
            run(work, clock=iter([0.0, 1_000.0]).__next__, pause=lambda _: None)


@pytest.mark.usefixtures("enrolled")
def test_each_right_of_the_function_is_needed_to_enrol_or_to_end_it(
    cloud: LocalCloud, template: Template, function: Clients
) -> None:
    granted = rights(template)
    needless = set()
    for left_out in granted:
        clients = clients_with(cloud, [each for each in granted if each != left_out])
        refusal = refused(template, clients)
        if not any(f"perform: {action}" in refusal for action in listed(left_out["Action"])):
            needless.add(left_out["Sid"])
        do(template, function, "Create")

    assert needless == NOT_SHOWN.keys()


@pytest.mark.usefixtures("enrolled")
def test_what_is_removed_stays_on_unless_told_otherwise(
    cloud: LocalCloud, template: Template, function: Clients
) -> None:
    do(template, function, "Delete")
    assert cloud.client("cloudtrail").get_trail(Name=ARN)["Trail"]

    do(template, function, "Delete", when_removed="switch_off")
    with pytest.raises(ClientError, match="TrailNotFound"):
        cloud.client("cloudtrail").get_trail(Name=ARN)
    guardduty = cloud.client("guardduty")
    [detector] = guardduty.list_detectors()["DetectorIds"]
    told = guardduty.describe_organization_configuration(DetectorId=detector)
    assert told["AutoEnableOrganizationMembers"] == "NONE"

    do(template, function, "Create")
    assert cloud.client("cloudtrail").get_trail(Name=ARN)["Trail"]


RECORDED = (
    "AWS::Config::ConfigurationAggregator",
    "AWS::ObservabilityAdmin::OrganizationTelemetryRule",
    "AWS::SecurityHub::ConfigurationPolicy",
    "AWS::SecurityHub::OrganizationConfiguration",
    "AWS::SecurityHub::PolicyAssociation",
)


def test_a_telemetry_rule_is_known_by_its_name_and_its_arn_until_it_goes(cloud: LocalCloud) -> None:
    api, name = cloud.client("observabilityadmin"), made.name("rule")
    rule = {"ResourceType": "AWS::EC2::VPC", "TelemetryType": "Logs"}

    arn = api.create_telemetry_rule_for_organization(RuleName=name, Rule=rule)["RuleArn"]
    found = api.get_telemetry_rule_for_organization(RuleIdentifier=name)
    api.delete_telemetry_rule_for_organization(RuleIdentifier=arn)

    assert (found["RuleName"], found["RuleArn"]) == (name, arn)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        api.get_telemetry_rule_for_organization(RuleIdentifier=name)


@pytest.mark.parametrize("kind", RECORDED)
def test_a_stack_with_what_is_only_recorded_deploys_and_goes(
    cloud: LocalCloud, template: Template, kind: str
) -> None:
    stack = Stack(cloud)
    properties = {
        logical_id: json.loads(json.dumps(found["Properties"]).replace("Fn::GetAtt", "Was"))
        for logical_id, found in template.all(kind).items()
    }

    outputs = stack.create(**{name: resource(kind, **p) for name, p in properties.items()})

    assert outputs.keys() == properties.keys() != set()
    stack.delete()


def test_the_bucket_and_the_log_group_of_the_trail_deploy(
    cloud: LocalCloud, template: Template
) -> None:
    kinds = ("AWS::S3::Bucket", "AWS::Logs::LogGroup")
    found = {
        logical_id: properties
        for kind in kinds
        for logical_id, properties in template.all(kind).items()
        if logical_id.startswith("Trail")
    }
    body = json.loads(json.dumps(found))
    [bucket] = [r for r in body.values() if r["Type"] == "AWS::S3::Bucket"]
    bucket["Properties"]["BucketName"] = made.name("trail")
    del bucket["Properties"]["BucketEncryption"]  # its key is another stack's

    Stack(cloud).create(**body)

    groups = cloud.client("logs").describe_log_groups(logGroupNamePrefix="/aws/cloudtrail/")
    assert [g["retentionInDays"] for g in groups["logGroups"]] == [7]
