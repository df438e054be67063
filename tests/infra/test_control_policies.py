"""What preflight holds against control policies is what the templates make, and their roles do."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from infra.bundle import code_only
from infra.config import DeploymentConfig, config_path
from infra.config.members import Members
from infra.permissions import permissions
from infra.permissions_table import OPTIONS
from ops.control_policies.made import CREATES
from ops.control_policies.parts import CENTRAL, HELPED, MEMBER, Part
from ops.policies import like
from tests.infra.brought import brought
from tests.infra.deployment import Deployment, Template, synthesise

REGION = "us-east-1"
UNITS = ("ou-ex4m-workloads",)

UNASKED = {
    "AWS::CloudFormation::WaitConditionHandle": "CloudFormation has it by itself",
    "AWS::ServiceCatalog::LaunchTemplateConstraint": "asks what a LaunchRoleConstraint asks",
}
"""Types without a call of their own, and why."""

type Types = set[tuple[str, str]]
"""Regions and types of resources in them."""


@pytest.fixture(scope="module")
def units(functions: Path) -> Iterator[Deployment]:
    """Every option, with members in units and in two regions."""
    regions = (REGION, "eu-west-1")
    hosts = OPTIONS["hosts"].model_copy(update={"hybrid_accounts": ()})
    chosen = {**OPTIONS, "hosts": hosts, "members": Members(units=UNITS, regions=regions)}
    chosen["self_service"] = OPTIONS["self_service"].model_copy(update={"units": UNITS})
    with synthesise("production", code_only(functions), **chosen) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def bringing(functions: Path) -> Iterator[Deployment]:
    """Everything brought."""
    sections = brought(DeploymentConfig.load(config_path("sandbox")))
    with synthesise("sandbox", code_only(functions), **sections) as deployment:
        yield deployment


@pytest.fixture(params=["sandbox", "production", "options", "alone", "units", "bringing"])
def chosen(request: pytest.FixtureRequest) -> Deployment:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Deployment)
    return found


def of_parts(config: DeploymentConfig, parts: Iterable[Part]) -> Types:
    """As the table has it."""
    return {
        (region, f"AWS::{type_}")
        for part in parts
        if part.chosen(config)
        for region in part.regions(config)
        for type_ in part.makes
    }


def made(template: Template) -> set[str]:
    types = {resource["Type"] for resource in template.body["Resources"].values()}
    return {type_ for type_ in types if type_.startswith("AWS::")} - UNASKED.keys()


def of_templates(deployment: Deployment, *, central: bool) -> Types:
    """As the templates have it: of the central account, or of any other one."""
    own = f"member-{deployment.config.central.account}-"
    return {
        (region_of(stack, deployment.config), type_)
        for stack, template in deployment.templates.items()
        if central == (not stack.startswith("member-") or stack.startswith(own))
        for type_ in made(template)
    }


def region_of(stack: str, config: DeploymentConfig) -> str:
    regions = {*config.regions, *config.log_file_regions}
    return next((region for region in regions if stack.endswith(region)), config.central.region)


def stack_sets(deployment: Deployment, stack: str) -> set[str]:
    """Types of resources that the StackSets of a stack make."""
    sets = deployment.stack(stack).all("AWS::CloudFormation::StackSet").values()
    bodies = (json.loads(each["Properties"]["TemplateBody"]) for each in sets)
    return {resource["Type"] for body in bodies for resource in body["Resources"].values()}


def test_every_type_in_the_central_account_is_asked_for_and_no_other(chosen: Deployment) -> None:
    parts = of_parts(chosen.config, (*CENTRAL, *MEMBER, *HELPED))

    assert parts == of_templates(chosen, central=True)


@pytest.mark.parametrize("name", ["sandbox", "options", "alone"])
def test_every_type_in_a_listed_account_is_asked_for_and_no_other(
    request: pytest.FixtureRequest, name: str
) -> None:
    deployment: Deployment = request.getfixturevalue(name)
    found = of_templates(deployment, central=False)

    assert of_parts(deployment.config, MEMBER) == found


def test_every_type_that_units_get_is_asked_for_and_no_other(units: Deployment) -> None:
    def asked(parts: Iterable[Part]) -> set[str]:
        return {type_ for _, type_ in of_parts(units.config, parts)}

    assert asked(MEMBER) == stack_sets(units, "organisation")
    assert asked(HELPED) == stack_sets(units, "self-service-units")


@pytest.mark.parametrize("type_", CREATES)
def test_what_makes_a_type_is_in_its_schema(type_: str) -> None:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, type_).schema
    listed = schema["handlers"]["create"]["permissions"]

    for action in CREATES[type_]:
        assert any(like(action.lower(), pattern.lower()) for pattern in listed), action


def test_no_type_is_kept_that_no_part_makes() -> None:
    named = {f"AWS::{type_}" for part in (*CENTRAL, *MEMBER, *HELPED) for type_ in part.makes}

    assert named == set(CREATES)


def test_what_runs_is_what_roles_may_do(options: Deployment, units: Deployment) -> None:
    granted = {
        action
        for deployment in (options, units)
        for template in deployment.templates.values()
        for permission in permissions(template.body)
        if permission.kind in ("role", "managed")
        for action in permission.actions
    }

    runs = {action for part in (*CENTRAL, *MEMBER, *HELPED) for action in part.runs}

    assert runs <= granted


def test_what_the_way_of_an_event_writes_and_reads_is_asked(sandbox: Deployment) -> None:
    """Whatever a role of the way may change, or take in; looking at things is not asked."""
    looks = ("es:Describe*", "es:*Get", "es:*Head", "*:Describe*", "*:List*", "*:GetBucket*")
    of_cdk = {"lambda:GetFunction"}  # its provider, whose every call is an invocation
    same = {
        "kinesis:GetShardIterator": "kinesis:GetRecords",
        "kinesis:PutRecords": "kinesis:PutRecord",
        "kinesis:SubscribeToShard": "kinesis:GetRecords",
        "logs:CreateLogStream": "logs:PutLogEvents",
        "s3:AbortMultipartUpload": "s3:PutObject",
        "s3:GetObject": "s3:PutObject",
    }
    granted = {
        action
        for stack in ("pipeline", f"door-{REGION}", f"member-222222222222-{REGION}")
        for permission in permissions(sandbox.stack(stack).body)
        if permission.kind == "role"
        for action in permission.actions
        if not any(like(action, pattern) for pattern in looks)
    }
    runs = {
        action
        for part in (*CENTRAL, *MEMBER)
        if part.chosen(sandbox.config)
        for action in part.runs
    }

    assert {same.get(action, action) for action in granted - of_cdk} <= runs


@pytest.mark.parametrize(
    "section",
    ["network", "objects", "hosts", "access", "search", "self_service", "organisation_sources"],
)
def test_what_an_option_makes_is_asked_with_the_option_alone(
    options: Deployment, sandbox: Deployment, section: str
) -> None:
    parts = (*CENTRAL, *MEMBER, *HELPED)
    with_it = sandbox.config.model_copy(update={section: getattr(options.config, section)})

    added = of_parts(with_it, parts) - of_parts(sandbox.config, parts)

    assert added
    assert {type_ for _, type_ in added} <= {
        type_ for _, type_ in of_templates(options, central=True)
    }
