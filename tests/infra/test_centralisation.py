"""How log groups are copied into the central account, and what is left of subscriptions then."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import aws_kms as kms
from cdk_nag import AwsSolutionsChecks
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

from infra.bundle import code_only
from infra.config import DeploymentConfig
from infra.config.centralise import LARGEST_SCOPE, Centralise, scope
from infra.config.members import Members
from infra.config.stream import Central
from infra.constructs.members.centralisation import SELECTION, Centralisation
from infra.recursion import own_log_groups
from lambdas.normalise.settings import Settings
from local.aws.selection import EVERY_OPERATOR, compile_selection
from logcore.transports.copied_groups import PATTERN
from tests.infra.deployment import Deployment, empty_stack, flat, synthesise, template_of
from tests.infra.test_app import LINT_IGNORED
from tests.unit.test_config import write

HOME, MEMBER, OTHER = "111111111111", "222222222222", "999999999999"
WORKLOADS, SECURITY = "ou-ex4m-workloads", "ou-ex4m-security"
REGIONS = ["us-east-1", "eu-west-1"]
KIND = "AWS::ObservabilityAdmin::OrganizationCentralizationRule"
POLICY = "AWS::Logs::AccountPolicy"

VARIABLES_OF_CLOUDWATCH = "E1029"
"""cfn-lint takes ``${source.region}`` of the pattern for one of Fn::Sub."""


@contextmanager
def chosen(folder: Path, **members: Any) -> Iterator[Deployment]:
    """The sandbox with other members."""
    path = write(folder, "sandbox", {"members": members})
    with synthesise(str(path), code_only(folder)) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with chosen(tmp_path_factory.mktemp("listed"), mode="centralise") as deployment:
        yield deployment


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("units")
    with chosen(folder, mode="centralise", accounts=None, units=["r-ex4m"]) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def parallel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with chosen(tmp_path_factory.mktemp("parallel"), parallel=True) as deployment:
        yield deployment


@pytest.fixture(params=["listed", "units", "parallel"])
def centralised(request: pytest.FixtureRequest) -> Deployment:
    """Each of the three, for what must hold however members are listed."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Deployment)
    return found


def rule_of(deployment: Deployment) -> dict[str, Any]:
    found: dict[str, Any] = deployment.stack("centralisation").one(KIND)["Rule"]
    return found


def made(**centralise: Any) -> dict[str, Any]:
    """The rule that is made with these choices."""
    stack = empty_stack()
    Centralisation(
        stack,
        "Members",
        sources="*",
        regions=REGIONS,
        chosen=Centralise.model_validate(centralise),
        key=kms.Key(stack, "Key"),
    )
    found: dict[str, Any] = template_of(stack).one(KIND)["Rule"]
    return found


def test_by_default_nothing_is_copied(deployment: Deployment) -> None:
    assert "centralisation" not in deployment.templates
    assert len([name for name in deployment.templates if name.startswith("door-")]) == 2


def test_members_groups_are_copied_into_the_central_account_and_region(
    centralised: Deployment,
) -> None:
    rule = rule_of(centralised)

    assert (rule["Destination"]["Account"], rule["Destination"]["Region"]) == (HOME, "us-east-1")
    assert rule["Source"]["Regions"] == REGIONS
    assert centralised.stack("centralisation").one(KIND)["RuleName"] == "central-logs"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("listed", f"AccountId IN ('{MEMBER}', '333333333333', '444444444444', '{HOME}')"),
        ("units", "OrganizationId = 'o-exampleorgid'"),
    ],
)
def test_the_scope_is_what_the_configuration_lists(
    request: pytest.FixtureRequest, name: str, said: str
) -> None:
    assert rule_of(request.getfixturevalue(name))["Source"]["Scope"] == said


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"accounts": [MEMBER, HOME]}, f"AccountId IN ('{MEMBER}', '{HOME}')"),
        ({"accounts": [MEMBER], "regions": ["us-east-1"]}, f"AccountId IN ('{MEMBER}')"),
        ({"accounts": []}, f"AccountId IN ('{HOME}')"),
        (
            {"units": [WORKLOADS, SECURITY]},
            f"OrganizationUnitId IN ('{WORKLOADS}', '{SECURITY}') OR AccountId IN ('{HOME}')",
        ),
        (
            {"units": [WORKLOADS], "regions": ["us-east-1"], "management_account": OTHER},
            f"OrganizationUnitId IN ('{WORKLOADS}') OR AccountId IN ('{OTHER}')",
        ),
    ],
)
def test_the_scope_is_the_members_and_what_the_central_account_has_elsewhere(
    members: dict[str, Any], said: str
) -> None:
    chosen = Members.model_validate({"regions": REGIONS, "mode": "centralise", **members})

    assert scope(chosen, "o-exampleorgid", Central(account=HOME, region="us-east-1")) == said


def test_a_scope_is_written_as_aws_reads_it(centralised: Deployment) -> None:
    keys, operators = {"OrganizationId", "OrganizationUnitId", "AccountId"}, {"=", "IN"}
    selects = compile_selection(rule_of(centralised)["Source"]["Scope"], keys, operators)

    assert selects({"AccountId": [MEMBER], "OrganizationId": ["o-exampleorgid"]})
    assert not selects({"AccountId": [OTHER], "OrganizationId": ["o-someoneelse"]})


def test_neither_the_pipelines_own_groups_nor_copies_are_copied(centralised: Deployment) -> None:
    criteria = rule_of(centralised)["Source"]["SourceLogsConfiguration"]
    selects = compile_selection(
        criteria["LogGroupSelectionCriteria"], {"LogGroupName"}, EVERY_OPERATOR
    )
    own = own_log_groups(centralised.app)
    copy = PATTERN.replace("${source.logGroup}", "/apps/web")

    assert len(own) > 5
    assert [name for name in (*own, copy) if selects({"LogGroupName": [name]})] == []
    assert selects({"LogGroupName": ["/apps/web"]})
    assert selects({"LogGroupName": ["/central-logs"]})
    assert len(SELECTION) <= 2_000


def test_a_copys_name_says_its_source_in_a_pattern_that_aws_takes() -> None:
    named = made()["Destination"]["DestinationLogsConfiguration"]["LogGroupNameConfiguration"]

    assert named == {"LogGroupNamePattern": PATTERN}
    assert re.fullmatch(r"(?:[\._\-/#A-Za-z0-9]+|\$\{[A-Za-z]+(?:\.[A-Za-z]+){1,2}\})+", PATTERN)
    variables = ("accountId", "region", "logGroup")
    assert re.findall(r"\$\{source\.(\w+)\}", PATTERN) == list(variables)


def test_every_copy_is_encrypted_with_our_key_and_none_is_dropped_for_want_of_it() -> None:
    found = made()["Destination"]["DestinationLogsConfiguration"]["LogsEncryptionConfiguration"]

    assert flat(found.pop("KmsKeyArn")).startswith("<Key")
    assert found == {
        "EncryptionStrategy": "CUSTOMER_MANAGED",
        "EncryptionScope": "NEW_DESTINATION_LOG_GROUPS",
        "EncryptionConflictResolutionStrategy": "ALLOW",
    }


@pytest.mark.parametrize(("chosen", "strategy"), [("copy", "ALLOW"), ("skip", "SKIP")])
def test_groups_that_their_owner_encrypts_are_copied_or_skipped(chosen: str, strategy: str) -> None:
    found = made(encrypted=chosen)["Source"]["SourceLogsConfiguration"]

    assert found["EncryptedLogGroupStrategy"] == strategy


def test_a_backup_is_made_only_where_it_is_asked_for() -> None:
    key_arn = f"arn:aws:kms:eu-west-1:{HOME}:key/11111111-2222-3333-4444-555555555555"
    backup = {"region": "eu-west-1", "key_arn": key_arn}

    asked = made(backup=backup)["Destination"]["DestinationLogsConfiguration"]
    assert asked["BackupConfiguration"] == {"Region": "eu-west-1", "KmsKeyArn": key_arn}
    assert "BackupConfiguration" not in made()["Destination"]["DestinationLogsConfiguration"]


def test_cloudwatch_may_use_the_key_for_copies_where_there_are_some(
    centralised: Deployment, sandbox: Deployment
) -> None:
    key, other = (d.stack("search").one("AWS::KMS::Key") for d in (centralised, sandbox))
    [statement] = [s for s in key["KeyPolicy"]["Statement"] if s["Sid"] == "CopiedLogGroupsAreKept"]

    assert statement["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}
    copies = f"arn:aws:logs:us-east-1:{HOME}:log-group:/central-logs-copies/*"
    assert statement["Condition"] == {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": copies}}
    assert {"Key": "LogsManaged", "Value": "true"} in key["Tags"]
    assert "CopiedLogGroupsAreKept" not in json.dumps(other)
    assert "Tags" not in other


def test_the_central_account_and_region_alone_is_subscribed(listed: Deployment) -> None:
    subscribed = {name for name, t in listed.templates.items() if t.all(POLICY)}
    forwarding = {name for name, t in listed.templates.items() if t.all("AWS::Events::Rule")}

    assert subscribed == {f"member-{HOME}-us-east-1"}
    members = {
        f"member-{account}-{region}" for account in listed.config.accounts for region in REGIONS
    }
    assert forwarding == members | {"pipeline"}
    assert [name for name in listed.templates if name.startswith("door-")] == ["door-us-east-1"]


def test_the_central_subscription_is_the_same_in_both_modes(
    centralised: Deployment, sandbox: Deployment
) -> None:
    name = f"member-{HOME}-us-east-1"

    assert centralised.stack(name).body == sandbox.stack(name).body
    assert centralised.stack("door-us-east-1").body == sandbox.stack("door-us-east-1").body


def test_members_of_units_forward_their_events_and_nothing_else(
    units: Deployment,
) -> None:
    stack_set = units.stack("organisation").one("AWS::CloudFormation::StackSet")
    kinds = {r["Type"] for r in json.loads(stack_set["TemplateBody"])["Resources"].values()}

    assert kinds == {"AWS::Events::Rule", "AWS::IAM::Role", "AWS::IAM::Policy"}


def test_in_parallel_members_are_as_they_were_and_copied_as_well(
    parallel: Deployment, sandbox: Deployment
) -> None:
    assert set(parallel.templates) == {*sandbox.templates, "centralisation"}
    for name in sandbox.templates:
        if name.startswith(("door-", "member-")):
            assert parallel.stack(name).body == sandbox.stack(name).body


def test_nothing_is_copied_before_copies_are_subscribed_and_understood(
    centralised: Deployment,
) -> None:
    prefix = "CentralLogs-sandbox-"
    before = {s.stack_name for s in centralised.construct("centralisation").dependencies}
    subscription = centralised.construct(f"member-{HOME}-us-east-1").dependencies
    door = centralised.construct("door-us-east-1").dependencies

    assert f"{prefix}member-{HOME}-us-east-1" in before
    assert f"{prefix}door-us-east-1" in {stack.stack_name for stack in subscription}
    assert f"{prefix}pipeline" in {stack.stack_name for stack in door}


@pytest.mark.parametrize(
    ("name", "account", "both"),
    [("sandbox", "", False), ("listed", HOME, False), ("parallel", HOME, True)],
)
def test_the_function_believes_copies_of_the_central_account_alone(
    request: pytest.FixtureRequest, name: str, account: str, *, both: bool
) -> None:
    deployment = request.getfixturevalue(name)
    function = deployment.stack("pipeline").one("AWS::Lambda::Function", below="NormaliseFunction")
    variables = {k: flat(v) for k, v in function["Environment"]["Variables"].items()}

    read = Settings.from_env(variables)

    assert (read.copies_account, read.copies_parallel) == (account, both)


def test_the_rule_keeps_its_identity(listed: Deployment) -> None:
    assert list(listed.stack("centralisation").all(KIND)) == ["MembersRule90BA5E0C"]


def test_as_many_accounts_as_a_scope_holds_are_taken(tmp_path: Path) -> None:
    accounts = [f"{number:012}" for number in range(200_000_000_000, 200_000_000_123)]
    changes = {"members": {"mode": "centralise", "accounts": accounts}}

    config = DeploymentConfig.load(write(tmp_path, "sandbox", changes))

    text = scope(config.members, config.the_organisation, config.central)
    assert len(text) == 1_997 < LARGEST_SCOPE == 2_000


def test_nag_finds_nothing(units: Deployment) -> None:
    report = AwsSolutionsChecks(units.app).validate_scope(units.app)

    assert [f"{v.rule_name}: {v.violating_resources}" for v in report.violations] == []


def test_cfn_lint_finds_nothing(units: Deployment) -> None:
    ignored = [*LINT_IGNORED, VARIABLES_OF_CLOUDWATCH]
    found = [
        f"{match.rule.id} {match.message}"
        for name in ("centralisation", "search")
        for match in lint_file(
            units.stack(name).file, ManualArgs(regions=["us-east-1"], ignore_checks=ignored)
        )
    ]

    assert found == []
