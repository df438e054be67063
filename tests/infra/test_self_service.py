"""What other teams can launch, whom it is for, and with which rights."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import aws_logs as logs
from cdk_nag import AwsSolutionsChecks
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

from infra.bundle import code_only
from infra.recursion import own_log_groups
from tests.infra.deployment import Deployment, Template, listed, synthesise
from tests.infra.test_app import LINT_IGNORED
from tests.unit.test_config import write

UNITS = ["ou-ex4m-workloads"]
SECTION = {
    "units": UNITS,
    "principals": ["arn:aws:iam:::role/developers-*"],
    "tag_options": {"environment": ["production", "staging"]},
}
HOME, IRELAND = "us-east-1", "eu-west-1"
PRODUCT = "AWS::ServiceCatalog::CloudFormationProduct"
STACK_SET = "AWS::CloudFormation::StackSet"


def by(folder: Path, **changes: Any) -> Any:
    """The sandbox of the central account alone, with self-service."""
    alone = {"members": {"accounts": []}, "self_service": SECTION, **changes}
    return synthesise(str(write(folder, "sandbox", alone)), code_only(folder))


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with by(tmp_path_factory.mktemp("self_service")) as deployment:
        yield deployment


@pytest.fixture
def portfolio(offered: Deployment) -> Template:
    return offered.stack(f"self-service-{HOME}")


def product_template(offered: Deployment, name: str) -> dict[str, Any]:
    """The template that a product's URL leads to, as it lies in the assembly."""
    template = offered.stack(f"self-service-{HOME}")
    (product,) = [
        r["Properties"] for r in template.all(PRODUCT).values() if name in r["Properties"]["Name"]
    ]
    url = product["ProvisioningArtifactParameters"][0]["Info"]["LoadTemplateFromURL"]["Fn::Sub"]
    file = template.file.parent / f"asset.{url.rpartition('/')[2]}"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def stack_set(offered: Deployment, name: str) -> dict[str, Any]:
    (found,) = [
        r["Properties"]
        for r in offered.stack("self-service-units").all(STACK_SET).values()
        if r["Properties"]["StackSetName"] == name
    ]
    return dict(found)


def test_by_default_there_is_nothing_of_it(sandbox: Deployment) -> None:
    assert {name for name in sandbox.templates if name.startswith(("self", "log-group"))} == set()


def test_each_region_has_a_portfolio_because_products_are_launched_where_it_is(
    offered: Deployment,
) -> None:
    assert {name for name in offered.templates if name.startswith(("self", "log-group"))} == {
        *("self-service-roles", "self-service-units"),
        *(f"self-service-{region}" for region in (HOME, IRELAND)),
        *(f"log-group-check-{region}" for region in (HOME, IRELAND)),
        *(f"log-group-rules-{region}" for region in (HOME, IRELAND)),
    }


def test_each_product_is_launched_with_a_role_that_has_one_name_everywhere(
    offered: Deployment, portfolio: Template
) -> None:
    constraints = portfolio.all("AWS::ServiceCatalog::LaunchRoleConstraint")
    names = {r["Properties"]["LocalRoleName"] for r in constraints.values()}
    roles = offered.stack("self-service-roles").all("AWS::IAM::Role").values()

    assert names == {"central-logs-launch-baseline", "central-logs-launch-application"}
    assert names < {role["Properties"]["RoleName"] for role in roles}
    assert not portfolio.all("AWS::IAM::Role")


def test_a_constraint_comes_after_product_and_portfolio_are_associated(
    portfolio: Template,
) -> None:
    associations = set(portfolio.all("AWS::ServiceCatalog::PortfolioProductAssociation"))

    assert len(associations) == 2
    for found in portfolio.all("AWS::ServiceCatalog::LaunchRoleConstraint").values():
        assert associations <= set(found["DependsOn"])


def test_who_may_launch_is_named_by_pattern_in_any_account(portfolio: Template) -> None:
    found = portfolio.one("AWS::ServiceCatalog::PortfolioPrincipalAssociation")

    assert (found["PrincipalType"], found["PrincipalARN"]) == (
        "IAM_PATTERN",
        "arn:aws:iam:::role/developers-*",
    )


def test_a_launch_chooses_tags(portfolio: Template) -> None:
    options = portfolio.all("AWS::ServiceCatalog::TagOption").values()

    assert {(o["Properties"]["Key"], o["Properties"]["Value"]) for o in options} == {
        ("environment", "production"),
        ("environment", "staging"),
    }
    assert len(portfolio.all("AWS::ServiceCatalog::TagOptionAssociation")) == 2


def test_the_stack_tells_the_command_that_shares_it(portfolio: Template) -> None:
    command = portfolio.body["Outputs"]["Share0"]["Value"]["Fn::Join"][1]

    assert command[0].endswith(f"create-portfolio-share --region {HOME} --portfolio-id ")
    assert command[2] == (
        " --organization-node Type=ORGANIZATIONAL_UNIT,Value=ou-ex4m-workloads "
        "--share-principals --share-tag-options"
    )


def test_the_baseline_product_is_what_a_member_gets(offered: Deployment) -> None:
    body = product_template(offered, "baseline")

    (policy,) = (
        r["Properties"]
        for r in body["Resources"].values()
        if r["Type"] == "AWS::Logs::AccountPolicy"
    )
    member = offered.stack(f"member-111111111111-{HOME}").body["Resources"]
    assert list(body["Resources"]) == sorted(member)
    assert policy["SelectionCriteria"] == (
        f"LogGroupName NOT IN {json.dumps(own_log_groups(offered.app))}"
    )
    assert "/central-logs/check_log_groups" in policy["SelectionCriteria"]


def test_the_same_template_is_the_same_version(portfolio: Template, offered: Deployment) -> None:
    def versions(template: Template) -> list[str]:
        products = template.all(PRODUCT).values()
        return [p["Properties"]["ProvisioningArtifactParameters"][0]["Name"] for p in products]

    assert versions(portfolio) == versions(offered.stack(f"self-service-{IRELAND}"))
    assert len(set(versions(portfolio))) == 2


@pytest.mark.parametrize(
    ("onboarded", "rules"),
    [
        ({"accounts": []}, 0),
        ({"accounts": None, "units": ["ou-ex4m-security"]}, 0),
        ({"accounts": None, "units": UNITS}, 1),
    ],
)
def test_where_every_account_has_the_policy_no_launch_may_add_a_filter(
    onboarded: Mapping[str, Any], rules: int, tmp_path: Path
) -> None:
    with by(tmp_path, members={**onboarded, "regions": [HOME]}) as deployment:
        stack = deployment.stack(f"self-service-{HOME}")
        found = stack.all("AWS::ServiceCatalog::LaunchTemplateConstraint").values()

    assert len(found) == rules
    for constraint in found:
        rule = json.loads(constraint["Properties"]["Rules"])["OnlyByPolicy"]
        assert rule["Assertions"][0]["Assert"] == {
            "Fn::Equals": [{"Ref": "Subscription"}, "account-policy"]
        }


@pytest.mark.parametrize(
    ("name", "stack", "regions"),
    [
        ("central-logs-self-service-roles", "self-service-roles", [HOME]),
        ("central-logs-log-group-rules", f"log-group-rules-{HOME}", [HOME, IRELAND]),
    ],
)
def test_every_account_of_the_units_gets_what_the_central_one_gets(
    name: str, stack: str, regions: list[str], offered: Deployment
) -> None:
    found = stack_set(offered, name)
    (group,) = found["StackInstancesGroup"]

    assert sorted(json.loads(found["TemplateBody"])["Resources"]) == sorted(
        offered.stack(stack).body["Resources"]
    )
    assert group["Regions"] == regions
    assert group["DeploymentTargets"] == {
        "AccountFilterType": "DIFFERENCE",
        "Accounts": ["111111111111"],
        "OrganizationalUnitIds": UNITS,
    }
    assert found["AutoDeployment"] == {"Enabled": True, "RetainStacksOnAccountRemoval": False}
    assert "cdk-" not in found["TemplateBody"]


def test_roles_come_before_what_names_them(offered: Deployment) -> None:
    def waits_for(name: str) -> set[str]:
        found = offered.construct(name).dependencies
        return {stack.stack_name.removeprefix("CentralLogs-sandbox-") for stack in found}

    for name in (f"self-service-{HOME}", f"log-group-rules-{IRELAND}", "self-service-units"):
        assert {"self-service-roles", f"log-group-check-{IRELAND}"} <= waits_for(name)


def test_a_launch_role_hands_roles_to_the_products_services_only(offered: Deployment) -> None:
    passes = {
        holder: statement["Condition"]["StringEquals"]["iam:PassedToService"]
        for holder, policy in offered.stack("self-service-roles").all("AWS::IAM::Policy").items()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if "iam:PassRole" in listed(statement["Action"])
    }

    assert sorted(map(listed, passes.values())) == [
        ["logs.amazonaws.com"],
        ["logs.amazonaws.com", "events.amazonaws.com"],
    ]


def test_no_launch_role_deletes_what_was_logged(offered: Deployment) -> None:
    text = json.dumps(offered.stack("self-service-roles").body)

    assert "logs:DeleteLogGroup" not in text
    assert "kms:ScheduleKeyDeletion" not in text


def test_the_check_is_found_by_the_recursion_guard(offered: Deployment) -> None:
    groups = [n for n in offered.app.node.find_all() if isinstance(n, logs.CfnLogGroup)]
    names = [group.log_group_name for group in groups]

    assert names.count("/central-logs/check_log_groups") == 2
    assert "/central-logs/check_log_groups" in own_log_groups(offered.app)


def test_nag_finds_nothing(offered: Deployment) -> None:
    report = AwsSolutionsChecks(offered.app).validate_scope(offered.app)

    assert [f"{v.rule_name}: {v.violating_resources}" for v in report.violations] == []


def test_cfn_lint_finds_nothing(offered: Deployment, tmp_path: Path) -> None:
    files = [
        template.file
        for name, template in offered.templates.items()
        if name.startswith(("self", "log-group"))
    ]
    for found in offered.stack("self-service-units").all(STACK_SET).values():
        inner = tmp_path / f"{found['Properties']['StackSetName']}.json"
        inner.write_text(found["Properties"]["TemplateBody"], encoding="utf-8")
        files.append(inner)

    found_wrong = [
        f"{match.rule.id} {match.message}"
        for file in files
        for match in lint_file(file, ManualArgs(regions=[HOME], ignore_checks=LINT_IGNORED))
    ]

    assert len(files) == 10
    assert found_wrong == []


def test_without_rules_there_is_neither_check_nor_reader(tmp_path: Path) -> None:
    with by(tmp_path, self_service={**SECTION, "rules": {"enabled": False}}) as deployment:
        names = {name for name in deployment.templates if name.startswith("log-group")}
        roles = deployment.stack("self-service-roles").all("AWS::IAM::Role").values()

    assert names == set()
    assert "central-logs-read-log-groups" not in {r["Properties"]["RoleName"] for r in roles}
