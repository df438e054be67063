"""How people sign in to Dashboards: what the domain is told, and what a directory is made of."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cdk_nag import AwsSolutionsChecks
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

from infra.bundle import code_only
from tests.infra.deployment import Deployment, Template, flat, synthesise
from tests.infra.policy_rules import Finding
from tests.infra.test_app import LINT_IGNORED
from tests.infra.test_policy import unaccepted
from tests.unit.test_config import write
from tests.unit.test_config_access import GROUP_ID, INSTANCE, METADATA, POOLS, cognito, login, saml

DOMAIN = "arn:aws:es:us-east-1:111111111111:domain/central-logs"
ROLES = ("LoginRolesAnalysts", "LoginRolesAuthors", "LoginRolesGuest")


@contextmanager
def signing_in(folder: Path, changes: dict[str, Any]) -> Iterator[Deployment]:
    """The sandbox, with a way to sign in; members left out."""
    (folder / "idp.xml").write_text(METADATA, encoding="utf-8")
    alone: dict[str, Any] = {"members": {"accounts": []}}
    path = write(folder, "sandbox", {**alone, **changes})
    with synthesise(str(path), code_only(folder)) as deployment:
        yield deployment


@pytest.fixture
def deploy(tmp_path: Path) -> Iterator[Callable[[dict[str, Any]], Deployment]]:
    opened = []

    def deployed(changes: dict[str, Any]) -> Deployment:
        context = signing_in(tmp_path, changes)
        opened.append(context)
        return context.__enter__()

    yield deployed
    for context in opened:
        context.__exit__(None, None, None)


def domain(deployment: Deployment) -> dict[str, Any]:
    return deployment.stack("search").one("AWS::OpenSearchService::Domain")


def settings(deployment: Deployment) -> dict[str, Any]:
    found = deployment.stack("pipeline").one("Custom::SearchSetup")["Settings"]
    return {key: flat(value) for key, value in found.items()}


def test_by_default_nobody_signs_in(deployment: Deployment) -> None:
    found = domain(deployment)

    assert "SAMLOptions" not in found["AdvancedSecurityOptions"]
    assert not {"CognitoOptions", "IdentityCenterOptions"} & set(found)
    assert len(found["AccessPolicies"]["Statement"]) == 1


def test_saml_tells_the_domain_of_the_provider(
    deploy: Callable[[dict[str, Any]], Deployment],
) -> None:
    changes = saml(session_minutes=480, roles_key="groups", subject_key="email")
    changes["search"]["login"]["analysts"] = ["log-analysts"]
    changes["search"]["login"]["authors"] = ["log-authors"]

    deployed = deploy(changes)

    assert domain(deployed)["AdvancedSecurityOptions"]["SAMLOptions"] == {
        "Enabled": True,
        "Idp": {"EntityId": "https://idp.example.com/metadata", "MetadataContent": METADATA},
        "RolesKey": "groups",
        "SessionTimeoutMinutes": 480,
        "SubjectKey": "email",
    }
    told = settings(deployed)
    assert json.loads(told["ANALYSTS"]) == ["log-analysts"]
    assert json.loads(told["AUTHORS"]) == ["log-authors"]


def test_browsers_knock_at_dashboards_only_and_only_with_saml(
    deploy: Callable[[dict[str, Any]], Deployment],
) -> None:
    deployed = deploy(saml())

    *_, browsers = domain(deployed)["AccessPolicies"]["Statement"]
    assert browsers["Principal"] == {"AWS": "*"}
    assert browsers["Resource"] == [f"{DOMAIN}/_dashboards", f"{DOMAIN}/_dashboards/*"]
    wider = unaccepted(deployed.stack("search").body)
    assert wider == {Finding("anybody", "SearchDomain", "BrowsersMayKnockAtDashboards")}


def test_a_group_may_be_the_master_in_dashboards(
    deploy: Callable[[dict[str, Any]], Deployment],
) -> None:
    deployed = deploy(saml(master_group="log-owners"))

    options = domain(deployed)["AdvancedSecurityOptions"]["SAMLOptions"]
    assert options["MasterBackendRole"] == "log-owners"


def test_identity_center_tells_the_domain_of_its_instance(
    deploy: Callable[[dict[str, Any]], Deployment],
) -> None:
    changes = login(kind="identity_center", identity_center=INSTANCE, analysts=[GROUP_ID])

    deployed = deploy(changes)

    assert domain(deployed)["IdentityCenterOptions"] == {
        "EnabledAPIAccess": True,
        "IdentityCenterInstanceARN": INSTANCE["instance_arn"],
        "RolesKey": "GroupId",
        "SubjectKey": "UserName",
    }
    assert json.loads(settings(deployed)["ANALYSTS"]) == [GROUP_ID]


def test_pools_that_are_given_are_used_and_none_is_made(
    deploy: Callable[[dict[str, Any]], Deployment],
) -> None:
    deployed = deploy(cognito(**POOLS))
    search = deployed.stack("search")

    options = domain(deployed)["CognitoOptions"]
    assert (options["UserPoolId"], options["IdentityPoolId"]) == tuple(POOLS.values())
    assert not search.all("AWS::Cognito::UserPool")
    assert ("cognito-idp:DescribeUserPool", people_arn()) in search.allowed("LoginRole")
    assert settings(deployed)["IDENTITY_POOL"] == ""
    assert AwsSolutionsChecks(deployed.app).validate_scope(deployed.app).violations == []


def people_arn() -> str:
    return f"arn:aws:cognito-idp:eu-west-1:111111111111:userpool/{POOLS['user_pool_id']}"


@pytest.fixture
def search(options: Deployment) -> Template:
    """Production with a directory of its own."""
    return options.stack("search")


def test_people_are_invited_and_show_a_second_factor(search: Template) -> None:
    pool = search.one("AWS::Cognito::UserPool")

    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("ON", ["SOFTWARE_TOKEN_MFA"])
    assert pool["UserPoolAddOns"] == {"AdvancedSecurityMode": "ENFORCED"}
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] == 14
    assert pool["DeletionProtection"] == "ACTIVE"


def test_nobody_is_somebody_without_signing_in(search: Template) -> None:
    assert search.one("AWS::Cognito::IdentityPool")["AllowUnauthenticatedIdentities"] is False


def test_each_group_has_a_role_and_authors_come_first(search: Template) -> None:
    groups = {
        group["Properties"]["GroupName"]: group["Properties"]
        for group in search.all("AWS::Cognito::UserPoolGroup").values()
    }

    assert {name: group["Precedence"] for name, group in groups.items()} == {
        "authors": 0,
        "analysts": 1,
    }
    assert flat(groups["authors"]["RoleArn"]).startswith("<LoginRolesAuthors")
    assert flat(groups["analysts"]["RoleArn"]).startswith("<LoginRolesAnalysts")


def test_who_is_in_no_group_may_do_nothing(search: Template) -> None:
    attached = search.one("AWS::Cognito::IdentityPoolRoleAttachment")["Roles"]
    with_rights = [id_ for id_ in search.all("AWS::IAM::Policy") if "Guest" in id_]

    assert list(attached) == ["authenticated"]
    assert flat(attached["authenticated"]).startswith("<LoginRolesGuest")
    assert with_rights == []


@pytest.mark.parametrize("role", ROLES)
def test_only_who_signed_in_to_this_pool_gets_a_role(role: str, search: Template) -> None:
    found = search.one("AWS::IAM::Role", below=role)
    (statement,) = found["AssumeRolePolicyDocument"]["Statement"]
    (pool,) = search.all("AWS::Cognito::IdentityPool")

    assert statement["Principal"] == {"Federated": "cognito-identity.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"cognito-identity.amazonaws.com:aud": {"Ref": pool}},
        "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"},
    }


def test_the_service_takes_its_role_for_this_domain_only(search: Template) -> None:
    (found,) = (
        role["Properties"]
        for id_, role in search.all("AWS::IAM::Role").items()
        if id_.startswith("LoginRole") and not id_.startswith(ROLES)
    )
    (statement,) = found["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Principal"] == {"Service": "opensearchservice.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111111111111"},
        "ArnEquals": {"aws:SourceArn": f"{DOMAIN}-private"},
    }


def test_the_domain_comes_after_the_directory_and_goes_before_it(search: Template) -> None:
    (found,) = (
        domain
        for id_, domain in search.all("AWS::OpenSearchService::Domain").items()
        if id_.startswith("SearchPrivate")
    )
    waits = {search.body["Resources"][id_]["Type"] for id_ in found["DependsOn"]}

    assert {
        "AWS::Cognito::UserPoolDomain",
        "AWS::Cognito::IdentityPoolRoleAttachment",
        "AWS::Cognito::UserPoolGroup",
        "AWS::IAM::Policy",
    } <= waits


def test_the_setup_lets_groups_choose_and_hands_over_the_guest_only(options: Deployment) -> None:
    allowed = options.stack("pipeline").allowed("SearchSetupFunctionRole")
    told = settings(options)

    handed = {resource for action, resource in allowed if action == "iam:PassRole"}
    assert handed == {told["GUEST_ROLE_ARN"]}
    assert "LoginDirectoryIdentities" in told["IDENTITY_POOL"]
    assert "LoginRolesAnalysts" in told["ANALYSTS"]
    assert "LoginRolesAuthors" in told["AUTHORS"]


def test_nag_and_lint_find_nothing_with_every_option(options: Deployment) -> None:
    report = AwsSolutionsChecks(options.app).validate_scope(options.app)
    found = [f"{v.rule_name}: {v.violating_resources}" for v in report.violations]
    linted = [
        f"{match.rule.id} {match.message}"
        for name in ("search", "pipeline")
        for match in lint_file(
            options.stack(name).file,
            ManualArgs(regions=["us-east-1"], ignore_checks=LINT_IGNORED),
        )
    ]

    assert found == []
    assert linted == []
