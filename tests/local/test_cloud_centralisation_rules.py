"""Promises of the local cloud about centralisation rules themselves: who makes which."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws.centralisation.control import MOST_RULES
from local.aws.delegation import CLOUDWATCH
from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT
from tests.local import landscape as made
from tests.local.centralised import (
    HOME,
    IRELAND,
    MANAGEMENT,
    create,
    delete_rules,
    messages,
    prepare,
    rule,
    settings,
)
from tests.local.landscape import MEMBER, OUTSIDER, Json
from tests.local.stacks import Stack, resource


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    log = tmp_path_factory.mktemp("cloud") / "cloud.log"
    with LocalCloud(log, settings()) as running:
        prepare(running)
        yield running


@pytest.fixture
def api(cloud: LocalCloud) -> Iterator[Any]:
    """The central account's client; the rules that a test makes end with it."""
    yield cloud.client("observabilityadmin")
    delete_rules(cloud)


KIND = "AWS::ObservabilityAdmin::OrganizationCentralizationRule"


def test_without_trusted_access_a_rule_is_unhealthy_and_copies_nothing(
    cloud: LocalCloud, api: Any
) -> None:
    create(api, rule())
    manager, group = cloud.client("organizations", MANAGEMENT), made.log_group(cloud, MEMBER)
    manager.disable_aws_service_access(ServicePrincipal=CLOUDWATCH)
    made.log(cloud, MEMBER, group, "hello")
    told = api.get_centralization_rule_for_organization(RuleIdentifier="central-logs")
    manager.enable_aws_service_access(ServicePrincipal=CLOUDWATCH)

    assert (told["RuleHealth"], told["FailureReason"]) == (
        "Unhealthy",
        "TRUSTED_ACCESS_NOT_ENABLED",
    )
    assert messages(cloud, group) == []


def test_a_rule_can_be_read_listed_changed_and_deleted(cloud: LocalCloud, api: Any) -> None:
    arn = create(api, rule())
    api.update_centralization_rule_for_organization(
        RuleIdentifier=arn, Rule=rule(regions=(IRELAND,))
    )
    told = api.get_centralization_rule_for_organization(RuleIdentifier="central-logs")
    [summary] = api.list_centralization_rules_for_organization()["CentralizationRuleSummaries"]
    abroad = cloud.client("observabilityadmin", CENTRAL_ACCOUNT, IRELAND)
    elsewhere = abroad.list_centralization_rules_for_organization(RuleNamePrefix="central")
    everywhere = abroad.list_centralization_rules_for_organization(AllRegions=True)
    api.delete_centralization_rule_for_organization(RuleIdentifier="central-logs")
    group = made.log_group(cloud, MEMBER, IRELAND)
    made.log(cloud, MEMBER, group, "too late", region=IRELAND)

    assert told["CentralizationRule"]["Source"]["Regions"] == [IRELAND]
    assert (told["RuleHealth"], told["CreatorAccountId"]) == ("Healthy", CENTRAL_ACCOUNT)
    assert (summary["RuleArn"], summary["DestinationRegion"]) == (arn, HOME)
    assert elsewhere["CentralizationRuleSummaries"] == []
    assert [s["RuleArn"] for s in everywhere["CentralizationRuleSummaries"]] == [arn]
    assert messages(cloud, group) == []
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        api.get_centralization_rule_for_organization(RuleIdentifier="central-logs")


@pytest.mark.parametrize("account", [MEMBER, OUTSIDER])
def test_only_the_management_account_and_its_delegate_make_rules(
    cloud: LocalCloud, account: str
) -> None:
    with pytest.raises(ClientError, match="AccessDeniedException"):
        create(cloud.client("observabilityadmin", account), rule())


def test_a_role_needs_the_right_to_make_a_rule(cloud: LocalCloud) -> None:
    arn = made.role(cloud, CENTRAL_ACCOUNT, made.allow("logs:PutAccountPolicy"))

    with pytest.raises(ClientError, match="CreateCentralizationRuleForOrganization"):
        create(made.session(cloud, arn, "observabilityadmin"), rule())


@pytest.mark.parametrize(
    ("properties", "complaint"),
    [
        (rule(scope="AccountId != '222222222222'"), "expected one of =, IN, found '!='"),
        (rule(scope="AccountId = '1' AND AccountId NOT IN ('2')"), "found 'NOT IN'"),
        (rule(scope="Account = '1'"), "found 'Account'"),
        (rule(scope="AccountId IN (" + ", ".join(["'222222222222'"] * 125) + ")"), "2000 are"),
        (rule(groups="LogGroupName LIKE"), "expected one value"),
        (rule(groups="LogGroupName IN '/a'"), "expected a list"),
        (rule(groups="LogGroupName = '/a"), "not understood"),
        (rule(LogGroupNameConfiguration={"LogGroupNamePattern": "a b"}), "LogGroupNamePattern"),
        (rule(LogGroupNameConfiguration={"LogGroupNamePattern": "x" * 513}), "LogGroupName"),
        (rule(LogsEncryptionConfiguration={"EncryptionStrategy": "CUSTOMER_MANAGED"}), "KmsKey"),
        (
            rule(
                LogsEncryptionConfiguration={
                    "EncryptionStrategy": "AWS_OWNED",
                    "EncryptionScope": "ENCRYPTED_SOURCE_ONLY",
                }
            ),
            "not valid with AWS_OWNED",
        ),
        (rule(BackupConfiguration={"Region": HOME}), "backup region"),
    ],
)
def test_what_the_api_does_not_take_is_refused(api: Any, properties: Json, complaint: str) -> None:
    with pytest.raises(ClientError, match="ValidationException") as refused:
        create(api, properties)

    assert complaint in str(refused.value)


def test_a_name_is_taken_once_and_fifty_rules_are_all(api: Any) -> None:
    for number in range(MOST_RULES):
        create(api, rule(), f"rule-{number}")

    with pytest.raises(ClientError, match="ConflictException"):
        create(api, rule(), "rule-0")
    with pytest.raises(ClientError, match="ServiceQuotaExceededException"):
        create(api, rule(), "one-more")


def test_a_stack_makes_changes_and_removes_a_rule(cloud: LocalCloud, api: Any) -> None:
    stack = Stack(cloud)
    created = stack.create(Rule=resource(KIND, RuleName="central-logs", Rule=rule()))
    changed = rule(scope="AccountId = '222222222222'")
    updated = stack.update(Rule=resource(KIND, RuleName="central-logs", Rule=changed))
    told = api.get_centralization_rule_for_organization(RuleIdentifier="central-logs")
    stack.delete()

    assert created == updated == {"Rule": told["RuleArn"]}
    assert told["CentralizationRule"] == changed
    assert api.list_centralization_rules_for_organization()["CentralizationRuleSummaries"] == []


def test_a_stack_fails_at_a_rule_that_aws_does_not_take(cloud: LocalCloud) -> None:
    stack = Stack(cloud)
    api = cloud.client("cloudformation")
    with pytest.raises(Exception, match="Waiter"):
        stack.create(Rule=resource(KIND, RuleName="central-logs", Rule=rule(scope="Account = 1")))

    assert "found 'Account'" in stack.reasons()
    api.delete_stack(StackName=stack.name)
