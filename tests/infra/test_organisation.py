"""How accounts are onboarded by their units, and that those of a list are as they always were."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_logs as logs
from cdk_nag import AwsSolutionsChecks
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

from infra.bundle import code_only
from infra.config.members import MOST_UNITS, Members
from infra.constructs.members.member_stack_set import LARGEST_BODY, MemberStackSet
from infra.errors import TemplateSizeError
from infra.member_template import member_template
from infra.recursion import own_log_groups
from infra.stacks.member import MemberStack
from tests.infra.deployment import (
    FLAGS,
    Deployment,
    empty_stack,
    synthesise,
    template_of,
)
from tests.infra.test_app import LINT_IGNORED
from tests.unit.test_config import Refuse, refuse, write

__all__ = ["refuse"]  # a fixture

UNITS = ["ou-ex4m-workloads", "ou-ex4m-security"]
REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-2"]
HOME, MANAGEMENT = "111111111111", "999999999999"
KIND = "AWS::CloudFormation::StackSet"

PINNED = Path(__file__).with_name("member_stack.expected.json")
"""The member stack of a listed account as it always was, but for the reasons of its statements."""

PSEUDO = {
    "AWS::AccountId": "222222222222",
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
}


@contextmanager
def by_units(folder: Path, **members: Any) -> Iterator[Deployment]:
    """The sandbox, onboarding by units."""
    chosen = {"accounts": None, "units": UNITS, "regions": REGIONS, **members}
    path = write(folder, "sandbox", {"members": chosen})
    with synthesise(str(path), code_only(folder)) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("units")
    with by_units(folder, management_account=MANAGEMENT) as deployment:
        yield deployment


@pytest.fixture
def stack_set(organisation: Deployment) -> dict[str, Any]:
    return organisation.stack("organisation").one(KIND)


def made(members: Mapping[str, Any], *, body: str = "{}") -> dict[str, Any]:
    """The properties of a StackSet that is made with these choices."""
    stack = empty_stack()
    MemberStackSet(
        stack,
        "Members",
        members=Members.model_validate({"units": UNITS, "regions": REGIONS} | dict(members)),
        regions=REGIONS,
        central=HOME,
        body=body,
    )
    return template_of(stack).one(KIND)


def placed(value: Any) -> Any:
    """A template's value with pseudo parameters resolved, and joins of text joined."""
    match value:
        case {"Ref": str(name)} if name in PSEUDO:
            return PSEUDO[name]
        case {"Fn::Join": [separator, parts]}:
            return _joined(separator, [placed(part) for part in parts])
        case dict():
            return {key: placed(inner) for key, inner in value.items()}
        case list():
            return [placed(inner) for inner in value]
        case _:
            return value


def _joined(separator: str, parts: list[Any]) -> Any:
    """Neighbours that are text are joined, as CDK does when it knows account and region."""
    merged: list[Any] = []
    for part in parts:
        if merged and isinstance(part, str) and isinstance(merged[-1], str):
            merged[-1] += separator + part
        else:
            merged.append(part)
    return merged[0] if len(merged) == 1 else {"Fn::Join": [separator, merged]}


def body_of(stack_set: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stack_set["TemplateBody"])
    return found


def without_exclusions(body: Mapping[str, Any]) -> dict[str, Any]:
    """What changes neither with each function of the pipeline nor with the events chosen."""
    copied: dict[str, Any] = json.loads(json.dumps(body["Resources"]))
    for resource in copied.values():
        resource["Properties"].pop("SelectionCriteria", None)
        resource["Properties"].pop("EventPattern", None)
    return copied


def test_a_listed_account_gets_what_it_always_got(sandbox: Deployment) -> None:
    found = sandbox.stack("member-222222222222-us-east-1").body

    assert without_exclusions(found) == json.loads(PINNED.read_text(encoding="utf-8"))
    assert "organisation" not in sandbox.templates


def test_an_account_of_a_unit_gets_what_a_listed_one_gets(
    organisation: Deployment, sandbox: Deployment
) -> None:
    listed = sandbox.stack("member-222222222222-us-east-1").body["Resources"]

    assert placed(body_of(organisation.stack("organisation").one(KIND))["Resources"]) == listed


def test_the_template_holds_in_any_account_and_needs_no_bootstrapping(
    stack_set: dict[str, Any],
) -> None:
    body = body_of(stack_set)
    (policy,) = (
        r["Properties"]
        for r in body["Resources"].values()
        if r["Type"] == "AWS::Logs::AccountPolicy"
    )

    assert set(body) == {"Resources"}
    assert policy["PolicyName"] == {"Fn::Join": ["", ["central-logs-", {"Ref": "AWS::Region"}]]}
    assert "222222222222" not in stack_set["TemplateBody"]
    assert "cdk-" not in stack_set["TemplateBody"]


def test_the_pipelines_own_log_groups_are_left_out_in_every_unit(
    organisation: Deployment, stack_set: dict[str, Any]
) -> None:
    (criteria,) = (
        r["Properties"]["SelectionCriteria"]
        for r in body_of(stack_set)["Resources"].values()
        if r["Type"] == "AWS::Logs::AccountPolicy"
    )

    own = [n for n in organisation.app.node.find_all() if isinstance(n, logs.CfnLogGroup)]
    assert criteria == f"LogGroupName NOT IN {json.dumps(own_log_groups(organisation.app))}"
    assert len(own) == criteria.count("/central-logs/")


def test_the_central_account_runs_it_as_delegated_administrator(stack_set: dict[str, Any]) -> None:
    assert stack_set["StackSetName"] == "central-logs-members"
    assert stack_set["PermissionModel"] == "SERVICE_MANAGED"
    assert stack_set["CallAs"] == "DELEGATED_ADMIN"
    assert stack_set["Capabilities"] == ["CAPABILITY_IAM"]
    assert stack_set["ManagedExecution"] == {"Active": True}


def test_the_stack_set_keeps_its_identity(organisation: Deployment) -> None:
    assert list(organisation.stack("organisation").body["Resources"]) == ["MembersStackSetD3FF5206"]


def test_accounts_that_join_are_onboarded_and_those_that_leave_are_not_kept(
    stack_set: dict[str, Any],
) -> None:
    assert stack_set["AutoDeployment"] == {"Enabled": True, "RetainStacksOnAccountRemoval": False}


def test_every_region_of_the_units_is_meant_and_the_central_account_is_not(
    stack_set: dict[str, Any],
) -> None:
    assert stack_set["StackInstancesGroup"] == [
        {
            "Regions": REGIONS,
            "DeploymentTargets": {
                "AccountFilterType": "DIFFERENCE",
                "Accounts": [HOME],
                "OrganizationalUnitIds": UNITS,
            },
        }
    ]


def test_the_central_and_the_management_account_have_stacks_of_their_own(
    organisation: Deployment,
) -> None:
    members = {name for name in organisation.templates if name.startswith("member-")}

    assert members == {f"member-{a}-{r}" for a in (HOME, MANAGEMENT) for r in REGIONS}


def test_units_come_after_every_door(organisation: Deployment) -> None:
    found = {stack.stack_name for stack in organisation.construct("organisation").dependencies}

    assert found == {f"CentralLogs-sandbox-door-{region}" for region in REGIONS}


def test_by_default_half_of_the_accounts_may_fail_before_a_deployment_does(
    stack_set: dict[str, Any],
) -> None:
    assert stack_set["OperationPreferences"] == {
        "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE",
        "FailureTolerancePercentage": 50,
        "MaxConcurrentPercentage": 100,
        "RegionConcurrencyType": "PARALLEL",
    }


def test_a_careful_rollout_goes_region_by_region() -> None:
    found = made(
        {
            "rollout": {
                "concurrency_mode": "strict",
                "failure_tolerance_count": 2,
                "max_concurrent_count": 3,
                "region_concurrency": "sequential",
                "region_order": REGIONS[::-1],
            }
        }
    )

    assert found["OperationPreferences"] == {
        "ConcurrencyMode": "STRICT_FAILURE_TOLERANCE",
        "FailureToleranceCount": 2,
        "MaxConcurrentCount": 3,
        "RegionConcurrencyType": "SEQUENTIAL",
        "RegionOrder": REGIONS[::-1],
    }


@pytest.mark.parametrize(
    ("mode", "accounts"),
    [("difference", [HOME, "222222222222"]), ("intersection", ["222222222222"])],
)
def test_single_accounts_can_be_left_out_or_alone_be_meant(mode: str, accounts: list[str]) -> None:
    chosen = {"mode": mode, "accounts": ["222222222222"]}
    found = made({"account_filter": chosen, "automatic": mode == "difference"})

    targets = found["StackInstancesGroup"][0]["DeploymentTargets"]
    assert (targets["AccountFilterType"], targets["Accounts"]) == (mode.upper(), accounts)


def test_what_an_account_keeps_when_it_leaves_is_configured() -> None:
    assert made({"retain_on_removal": True})["AutoDeployment"] == {
        "Enabled": True,
        "RetainStacksOnAccountRemoval": True,
    }
    assert made({"automatic": False})["AutoDeployment"] == {"Enabled": False}


def test_a_template_of_51_200_bytes_is_taken_and_one_byte_more_refused() -> None:
    assert len(made({}, body="x" * LARGEST_BODY)["TemplateBody"]) == 51_200
    with pytest.raises(TemplateSizeError, match="51201 bytes, a StackSet holds 51200"):
        made({}, body="x" * (LARGEST_BODY + 1))


def test_fifty_units_are_taken_and_one_more_refused(refuse: Refuse) -> None:
    units = [f"ou-ex4m-{number:08}" for number in range(MOST_UNITS + 1)]

    taken = made({"units": units[:50]})["StackInstancesGroup"][0]["DeploymentTargets"]
    assert len(taken["OrganizationalUnitIds"]) == 50
    message = refuse({"members": {"accounts": None, "units": units}})
    assert "members.units: " in message
    assert "at most 50 items" in message


def test_nag_finds_nothing_in_the_organisation(organisation: Deployment) -> None:
    report = AwsSolutionsChecks(organisation.app).validate_scope(organisation.app)

    assert [f"{v.rule_name}: {v.violating_resources}" for v in report.violations] == []


def test_nag_finds_nothing_in_the_template_of_the_units(organisation: Deployment) -> None:
    stack = MemberStack(
        cdk.App(context=FLAGS), "Member", config=organisation.config, left_out=["/central-logs/x"]
    )

    report = AwsSolutionsChecks(stack).validate_scope(stack)

    assert [f"{v.rule_name}: {v.violating_resources}" for v in report.violations] == []


def test_cfn_lint_finds_nothing_in_the_stack_nor_in_its_template(
    organisation: Deployment, stack_set: dict[str, Any], tmp_path: Path
) -> None:
    inner = tmp_path / "member.json"
    inner.write_text(stack_set["TemplateBody"], encoding="utf-8")
    outer = organisation.stack("organisation").file

    found = [
        f"{match.rule.id} {match.message}"
        for path in (outer, inner)
        for match in lint_file(path, ManualArgs(regions=REGIONS, ignore_checks=LINT_IGNORED))
    ]

    assert found == []


def test_the_same_choices_give_the_same_text(
    organisation: Deployment, stack_set: dict[str, Any]
) -> None:
    again = member_template(organisation.config, own_log_groups(organisation.app), FLAGS)

    assert again == stack_set["TemplateBody"]
