"""Hosts get the agent, its configuration and the rights for it, in every account alike."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from cdk_nag import AwsSolutionsChecks
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

from infra.bundle import code_only
from infra.config.hosts import Hosts
from infra.constructs.hosts.agent_parameters import LARGEST, fitting
from infra.constructs.hosts.credentials_scripts import LEND_ON_LINUX, LEND_ON_WINDOWS
from infra.constructs.hosts.host_logs import HostLogs
from infra.constructs.hosts.hybrid_role import HybridRole
from infra.constructs.members.member_stack_set import LARGEST_BODY
from infra.errors import ParameterSizeError
from infra.permissions import permissions
from infra.stacks.member import MemberStack
from tests.infra.deployment import (
    FLAGS,
    Deployment,
    Template,
    empty_stack,
    flat,
    synthesise,
    template_of,
)
from tests.infra.policy_rules import findings
from tests.infra.test_app import LINT_IGNORED
from tests.infra.test_organisation import body_of, placed
from tests.unit.test_config import write

MEMBER, HYBRID = "222222222222", "333333333333"
CHOSEN = {"enabled": True, "hybrid_accounts": [MEMBER, HYBRID]}
UNITS = {"accounts": None, "units": ["ou-ex4m-workloads"], "regions": ["us-east-1"]}
LISTED = {"accounts": [MEMBER, HYBRID], "regions": ["us-east-1"]}

PARAMETER, DOCUMENT = "AWS::SSM::Parameter", "AWS::SSM::Document"
ASSOCIATION, POLICY = "AWS::SSM::Association", "AWS::IAM::ManagedPolicy"


@contextmanager
def deployed(folder: Path, members: Mapping[str, Any]) -> Iterator[Deployment]:
    path = write(folder, "sandbox", {"members": members, "hosts": CHOSEN})
    with synthesise(str(path), code_only(folder)) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployed(tmp_path_factory.mktemp("listed"), LISTED) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def by_units(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployed(tmp_path_factory.mktemp("units"), UNITS) as deployment:
        yield deployment


@pytest.fixture
def stack_set(by_units: Deployment) -> dict[str, Any]:
    return by_units.stack("organisation").one("AWS::CloudFormation::StackSet")


@pytest.fixture
def member(listed: Deployment) -> Template:
    return listed.stack(f"member-{MEMBER}-us-east-1")


def made(**choices: Any) -> Template:
    """The template of a stack with hosts that are chosen like this."""
    stack = empty_stack()
    HostLogs(stack, "Hosts", config=Hosts.model_validate({"enabled": True, **choices}))
    return template_of(stack)


def steps(template: Template) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = template.one(DOCUMENT)["Content"]["mainSteps"]
    return found


def test_nothing_is_deployed_for_hosts_unless_they_are_asked_for(deployment: Deployment) -> None:
    found = [
        resource["Type"]
        for name, template in deployment.templates.items()
        if name.startswith("member")
        for resource in template.body["Resources"].values()
    ]

    assert found
    assert [kind for kind in found if kind in {PARAMETER, DOCUMENT, ASSOCIATION, POLICY}] == []


def test_every_member_gets_the_same_by_stack_and_by_unit(
    listed: Deployment, stack_set: dict[str, Any]
) -> None:
    mine = listed.stack(f"member-{MEMBER}-us-east-1").body
    others = json.dumps(listed.stack(f"member-{HYBRID}-us-east-1").body["Resources"])
    body = body_of(stack_set)

    assert placed(body["Resources"]) == mine["Resources"]
    assert body["Conditions"] == mine["Conditions"]
    assert json.loads(others.replace(HYBRID, MEMBER)) == mine["Resources"]


def test_the_template_of_the_units_fits_with_room_for_more(stack_set: dict[str, Any]) -> None:
    assert len(stack_set["TemplateBody"]) < LARGEST_BODY // 3


def test_aws_is_told_that_roles_and_policies_have_names(stack_set: dict[str, Any]) -> None:
    assert stack_set["Capabilities"] == ["CAPABILITY_NAMED_IAM"]


def test_the_configurations_are_where_awss_own_policy_lets_agents_look(member: Template) -> None:
    found = {p["Properties"]["Name"]: p["Properties"] for p in member.all(PARAMETER).values()}

    assert set(found) == {
        "AmazonCloudWatch-central-logs-linux",
        "AmazonCloudWatch-central-logs-windows",
    }
    assert {(p["Type"], p["Tier"]) for p in found.values()} == {("String", "Standard")}
    assert all(json.loads(p["Value"])["logs"] for p in found.values())


@pytest.mark.parametrize(("tier", "room"), [("standard", 4_096), ("advanced", 8_192)])
def test_a_parameter_takes_what_its_tier_holds_and_one_byte_more_is_refused(
    tier: Any, room: int
) -> None:
    assert LARGEST[tier] == room
    assert fitting("x" * room, "linux", tier) == "x" * room
    with pytest.raises(ParameterSizeError, match=f"takes {room + 1} bytes, .* holds {room}"):
        fitting("x" * (room + 1), "linux", tier)


def test_only_who_has_not_got_the_larger_tier_is_told_of_it() -> None:
    with pytest.raises(ParameterSizeError, match="parameter_tier = 'advanced'"):
        fitting("x" * 9_000, "linux", "standard")
    with pytest.raises(ParameterSizeError, match=r"collect fewer files$"):
        fitting("x" * 9_000, "linux", "advanced")


def test_a_synthesis_with_too_many_files_stops_and_with_the_larger_tier_goes_on() -> None:
    files = [{"path": f"/opt/shop/{n}.log", "log_group": f"/shop/{n}.log"} for n in range(20)]

    with pytest.raises(ParameterSizeError, match="for linux"):
        made(files=files)
    assert {
        p["Properties"]["Tier"]
        for p in made(files=files, parameter_tier="advanced").all(PARAMETER).values()
    } == {"Advanced"}


def test_hosts_with_the_tag_are_kept_as_they_should_be_a_few_at_a_time(member: Template) -> None:
    (name,) = member.all(DOCUMENT)

    assert member.one(ASSOCIATION) == {
        "AssociationName": "central-logs-hosts",
        "ComplianceSeverity": "MEDIUM",
        "MaxConcurrency": "10%",
        "MaxErrors": "10%",
        "Name": {"Ref": name},
        "ScheduleExpression": "rate(24 hours)",
        "Targets": [{"Key": "tag:central-logs", "Values": ["enabled"]}],
    }


def test_who_how_often_and_how_carefully_can_be_chosen() -> None:
    found = made(
        tag={"key": "Logs", "value": "central"},
        every_hours=1,
        max_concurrency="5",
        max_errors="0",
        severity="critical",
    ).one(ASSOCIATION)

    assert found["Targets"] == [{"Key": "tag:Logs", "Values": ["central"]}]
    assert found["ScheduleExpression"] == "rate(1 hour)"
    assert (found["MaxConcurrency"], found["MaxErrors"]) == ("5", "0")
    assert found["ComplianceSeverity"] == "CRITICAL"


def test_the_agent_is_installed_before_it_is_configured_by_awss_own_documents() -> None:
    found = steps(made())

    assert [(s["name"], s["inputs"]["documentPath"]) for s in found] == [
        ("install", "AWS-ConfigureAWSPackage"),
        ("configureLinux", "AmazonCloudWatch-ManageAgent"),
        ("configureWindows", "AmazonCloudWatch-ManageAgent"),
    ]
    assert {s["inputs"]["onFailure"] for s in found} == {"exit"}
    assert found[0]["inputs"]["documentParameters"] == {
        "action": "Install",
        "name": "AmazonCloudWatchAgent",
    }


@pytest.mark.parametrize(("platform", "system"), [("linux", "Linux"), ("windows", "Windows")])
def test_each_platform_takes_its_own_configuration(platform: str, system: str) -> None:
    (step,) = (s for s in steps(made()) if s["name"] == f"configure{system}")

    assert step["precondition"] == {"StringEquals": ["platformType", system]}
    assert step["inputs"]["documentParameters"] == {
        "action": "configure",
        "mode": "auto",
        "optionalConfigurationSource": "ssm",
        "optionalConfigurationLocation": f"AmazonCloudWatch-central-logs-{platform}",
        "optionalRestart": "yes",
    }


def test_a_platform_without_logs_is_not_configured() -> None:
    assert [s["name"] for s in steps(made(windows=()))] == ["install", "configureLinux"]


def test_a_changed_configuration_is_a_changed_document_which_runs_at_once() -> None:
    before, same, after = (made(retention_days=days).one(DOCUMENT) for days in (30, 30, 7))

    assert before == same
    assert before["Content"]["description"] != after["Content"]["description"]
    assert before["Content"]["mainSteps"] == after["Content"]["mainSteps"]
    assert before["UpdateMethod"] == "NewVersion"


def test_nothing_runs_before_what_it_needs(member: Template) -> None:
    needed = {*member.all(PARAMETER), *member.all(POLICY)}

    for kind in (DOCUMENT, ASSOCIATION):
        (resource,) = member.all(kind).values()
        assert set(resource["DependsOn"]) == needed


def test_a_host_fills_groups_below_the_prefix_and_reads_its_own_configuration(
    member: Template,
) -> None:
    of_logs = f"arn:aws:logs:us-east-1:{MEMBER}:log-group:"
    of_ssm = f"arn:aws:ssm:us-east-1:{MEMBER}:parameter/AmazonCloudWatch-central-logs-"
    found = {
        (action, resource)
        for permission in permissions(member.body)
        if permission.kind == "managed"
        for action in permission.actions
        for resource in permission.resources
        if resource != "*"
    }

    assert member.one(POLICY)["ManagedPolicyName"] == "central-logs-host-us-east-1"
    assert found == {
        ("logs:CreateLogGroup", f"{of_logs}/hosts/*"),
        ("logs:CreateLogStream", f"{of_logs}/hosts/*"),
        ("logs:PutLogEvents", f"{of_logs}/hosts/*"),
        ("logs:PutRetentionPolicy", f"{of_logs}/hosts/*"),
        ("logs:DescribeLogGroups", f"{of_logs}*"),
        ("ssm:GetParameter", f"{of_ssm}linux"),
        ("ssm:GetParameter", f"{of_ssm}windows"),
    }


def test_what_a_host_may_with_everything_is_to_be_managed(member: Template) -> None:
    found = {
        action
        for permission in permissions(member.body)
        if permission.kind == "managed" and permission.resources == ("*",)
        for action in permission.actions
    }

    assert {action.partition(":")[0] for action in found} == {"ec2messages", "ssm", "ssmmessages"}
    assert not {a for a in found if "Parameter" in a or "Data" in a or "Inventory" in a}
    assert {"ssm:UpdateInstanceInformation", "ssm:ListInstanceAssociations"} < found


def test_systems_manager_takes_the_role_for_machines_of_its_account_and_region(
    member: Template,
) -> None:
    role = member.one("AWS::IAM::Role", below="HostsHybrid")
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    (policy,) = member.all(POLICY)

    assert role["RoleName"] == "central-logs-hybrid-us-east-1"
    assert role["ManagedPolicyArns"] == [{"Ref": policy}]
    assert trust["Principal"] == {"Service": "ssm.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": MEMBER},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ssm:us-east-1:{MEMBER}:*"},
    }


def test_without_machines_outside_aws_there_is_no_role_and_no_script_for_them() -> None:
    template = made()

    assert template.all("AWS::IAM::Role") == {}
    assert "Conditions" not in template.body
    assert [s["name"] for s in steps(template) if s["name"].startswith("lend")] == []


def test_all_accounts_may_have_machines_outside_aws() -> None:
    template = made(hybrid_accounts="all")

    (role,) = template.all("AWS::IAM::Role").values()
    assert "Condition" not in role
    assert [s["name"] for s in steps(template)] == [
        *("install", "lendCredentialsLinux", "lendCredentialsWindows"),
        *("configureLinux", "configureWindows"),
    ]


def holds(condition: Any, account: str) -> bool:
    """What CloudFormation makes of a condition in an account."""
    match condition:
        case {"Fn::Or": conditions}:
            assert 2 <= len(conditions) <= 10
            return any(holds(one, account) for one in conditions)
        case {"Fn::Equals": [{"Ref": "AWS::AccountId"}, wanted]}:
            return bool(wanted == account)
    raise AssertionError(condition)


@pytest.mark.parametrize("count", [1, 2, 10, 11, 20, 101])
def test_the_role_is_made_in_the_accounts_named_however_many_there_are(count: int) -> None:
    accounts = [f"{number:012}" for number in range(count)]
    stack = empty_stack()
    policy = iam.ManagedPolicy.from_managed_policy_arn(stack, "P", "arn:aws:iam::1:policy/p")
    HybridRole(stack, "Hybrid", policy=policy, accounts=accounts)

    body = template_of(stack).body
    (condition,) = body["Conditions"].values()
    assert all(holds(condition, account) for account in accounts)
    assert not holds(condition, "999999999999")


def run_on_linux(root: Path, instance: str, region: str = "eu-west-1") -> None:
    """The script as the agent of Systems Manager runs it, with the machine's root elsewhere."""
    script = LEND_ON_LINUX.replace("/opt/aws", f"{root}/opt/aws").replace("/root", f"{root}/root")
    said = {"AWS_SSM_INSTANCE_ID": instance, "AWS_SSM_REGION_NAME": region}
    subprocess.run(  # noqa: S603  our own script
        ["/bin/sh", "-c", script], env={**os.environ, **said}, check=True, timeout=30
    )


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine's root after the agents are installed."""
    agent = tmp_path / "opt/aws/amazon-cloudwatch-agent/etc"
    agent.mkdir(parents=True)
    (agent / "common-config.toml").write_text("# [credentials]\n", encoding="utf-8")
    (tmp_path / "root/.aws").mkdir(parents=True)
    return tmp_path


def written(machine: Path) -> tuple[str, str | None]:
    """The CloudWatch agent's common configuration, and AWS's own of root."""
    config = machine / "root/.aws/config"
    common = machine / "opt/aws/amazon-cloudwatch-agent/etc/common-config.toml"
    return common.read_text(encoding="utf-8"), config.read_text() if config.exists() else None


def test_a_machine_outside_aws_lends_its_credentials_once(machine: Path) -> None:
    for _ in range(2):
        run_on_linux(machine, "mi-0123456789abcdef0")

    common, config = written(machine)
    assert common == (
        "# [credentials]\n[credentials]\n"
        '  shared_credential_profile = "default"\n'
        f'  shared_credential_file = "{machine}/root/.aws/credentials"\n'
    )
    assert config == "[default]\nregion = eu-west-1\n"


def test_an_instance_is_left_alone(machine: Path) -> None:
    run_on_linux(machine, "i-0123456789abcdef0")

    assert written(machine) == ("# [credentials]\n", None)


def test_what_somebody_has_configured_on_a_machine_stays(machine: Path) -> None:
    common = machine / "opt/aws/amazon-cloudwatch-agent/etc/common-config.toml"
    common.write_text("[proxy]\n  [credentials]\n", encoding="utf-8")
    (machine / "root/.aws/config").write_text("[default]\nregion = us-west-2\n", encoding="utf-8")

    run_on_linux(machine, "mi-0123456789abcdef0")

    assert written(machine) == ("[proxy]\n  [credentials]\n", "[default]\nregion = us-west-2\n")


def test_both_scripts_do_the_same() -> None:
    for said in ("mi-*", "[credentials", "shared_credential_profile", "AWS_SSM_REGION_NAME"):
        assert (said in LEND_ON_LINUX, said in LEND_ON_WINDOWS) == (True, True)
    assert "{{" not in LEND_ON_LINUX + LEND_ON_WINDOWS  # a document would take it for a parameter


def test_nag_finds_nothing(listed: Deployment, by_units: Deployment) -> None:
    anywhere = MemberStack(
        cdk.App(context=FLAGS), "Member", config=by_units.config, left_out=["/central-logs/x"]
    )

    for scope in (listed.app, anywhere):
        report = AwsSolutionsChecks(scope).validate_scope(scope)
        assert [f"{v.rule_name}: {v.violating_resources}" for v in report.violations] == []


def test_cfn_lint_finds_nothing(
    member: Template, by_units: Deployment, stack_set: dict[str, Any], tmp_path: Path
) -> None:
    inner = tmp_path / "member.json"
    inner.write_text(stack_set["TemplateBody"], encoding="utf-8")
    outer = by_units.stack("organisation").file

    assert [
        f"{match.rule.id} {match.message}"
        for path in (member.file, outer, inner)
        for match in lint_file(path, ManualArgs(regions=["us-east-1"], ignore_checks=LINT_IGNORED))
    ] == []


def test_the_rules_for_policies_see_what_hosts_may(member: Template) -> None:
    found = {finding.why for finding in findings(member.body)}

    assert {"BeManaged", "BeToldWhatIsDue", "CompareRetention"} < found
    assert "FillHostLogGroups" not in found
    assert flat(member.one(POLICY)["Description"]).startswith("Central logs: ")
