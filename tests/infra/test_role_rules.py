"""What an organisation demands of roles holds for every role of every stack."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from infra.bundle import code_only
from infra.names import SETUP_ROLE
from tests.infra.deployment import Deployment, flat, synthesise
from tests.unit.test_config import write

RULED = {"permission_boundary": "teams/developer", "role_path": "/platform/"}
ROLE = "AWS::IAM::Role"


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The sandbox with both, onboarding by units, with a way to sign in and break glass."""
    folder = tmp_path_factory.mktemp("ruled")
    chosen: dict[str, Any] = {
        "access": {
            **RULED,
            "break_glass": {
                "principals": ["arn:aws:iam::111111111111:user/on-call"],
                "notify": ["security@example.com"],
            },
        },
        "members": {"accounts": None, "units": ["ou-ab12-1a2b3c4d"]},
        "objects": {"buckets": [{"name": "example-org-logs"}]},
        "search": {"login": {"kind": "cognito", "cognito": {"domain_prefix": "logs"}}},
    }
    with synthesise(str(write(folder, "sandbox", chosen)), code_only(folder)) as deployment:
        yield deployment


def roles(template: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [r["Properties"] for r in template["Resources"].values() if r["Type"] == ROLE]


def units_template(ruled: Deployment) -> Mapping[str, Any]:
    stack_set = ruled.stack("organisation").one("AWS::CloudFormation::StackSet")
    found: Mapping[str, Any] = json.loads(stack_set["TemplateBody"])
    return found


def test_every_role_of_every_stack_has_its_boundary_and_path(ruled: Deployment) -> None:
    found = [
        (name, flat(role.get("PermissionsBoundary")), role.get("Path"))
        for name, template in ruled.templates.items()
        for role in roles(template.body)
    ]

    arn = "arn:aws:iam::111111111111:policy/teams/developer"
    assert len(found) > 15
    assert [each for each in found if each[1:] != (arn, "/platform/")] == []


def test_roles_of_the_units_have_the_policy_of_their_own_account(ruled: Deployment) -> None:
    found = roles(units_template(ruled))

    arn = "arn:<AWS::Partition>:iam::<AWS::AccountId>:policy/teams/developer"
    assert {(flat(r["PermissionsBoundary"]), r["Path"]) for r in found} == {(arn, "/platform/")}


def test_the_setups_role_is_named_with_its_path(ruled: Deployment) -> None:
    arn = f"arn:aws:iam::111111111111:role/platform/{SETUP_ROLE}"
    master = ruled.stack("search").one(ROLE, below="SearchMaster")
    (statement,) = master["AssumeRolePolicyDocument"]["Statement"]
    settings = ruled.stack("pipeline").one("Custom::SearchSetup")["Settings"]

    assert statement["Condition"] == {"ArnEquals": {"aws:PrincipalArn": arn}}
    assert flat(settings["SETUP_ROLE_ARN"]) == arn


def test_by_default_no_role_is_bounded(any_deployment: Deployment) -> None:
    found = [
        role
        for template in any_deployment.templates.values()
        for role in roles(template.body)
        if {"PermissionsBoundary", "Path"} & set(role)
    ]

    assert found == []
