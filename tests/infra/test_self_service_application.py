"""One application's log group: as its launch asks, encrypted, and subscribed once at most."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from cdk_nag import AwsSolutionsChecks
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

from infra.stacks.application import ApplicationStack
from tests.infra.accepted import ACCEPTED
from tests.infra.deployment import FLAGS, Template, flat, template_of
from tests.infra.policy_rules import Finding, findings
from tests.infra.test_app import LINT_IGNORED

RETENTIONS = (1, 30, 60, 90, 365)

LINT_IGNORED_HERE = [
    *LINT_IGNORED,
    "W1030",  # it puts the default of KeyArn, which is empty, where the condition takes the key
]


def stack() -> ApplicationStack:
    return ApplicationStack(
        cdk.App(context=FLAGS), "Application", central="111111111111", retentions=RETENTIONS
    )


@pytest.fixture(scope="module")
def template() -> Template:
    return template_of(stack())


def condition(template: Template, kind: str) -> set[str]:
    return {resource["Condition"] for resource in template.all(kind).values()}


def test_a_new_log_group_is_as_its_launch_asks(template: Template) -> None:
    found = template.one("AWS::Logs::LogGroup")

    assert found["LogGroupName"] == {"Ref": "LogGroupName"}
    assert found["RetentionInDays"] == {"Ref": "RetentionInDays"}
    assert {tag["Key"]: tag["Value"]["Ref"] for tag in found["Tags"]} == {
        "application": "Application",
        "owner": "Owner",
    }
    assert found["KmsKeyId"]["Fn::If"][0] == "MakesKey"
    assert found["KmsKeyId"]["Fn::If"][2] == {"Ref": "KeyArn"}


def test_each_part_is_made_only_when_it_is_wanted(template: Template) -> None:
    assert condition(template, "AWS::Logs::LogGroup") == {"IsNew"}
    assert condition(template, "AWS::KMS::Key") == {"MakesKey"}
    for kind in ("AWS::Logs::SubscriptionFilter", "AWS::IAM::Role", "AWS::IAM::Policy"):
        assert condition(template, kind) == {"HasFilter"}


def test_what_was_logged_stays_when_the_stack_goes(template: Template) -> None:
    for kind in ("AWS::Logs::LogGroup", "AWS::KMS::Key"):
        (found,) = template.all(kind).values()
        assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_the_filter_leads_to_the_regions_door_under_a_name_that_there_is_once(
    template: Template,
) -> None:
    found = template.one("AWS::Logs::SubscriptionFilter")

    assert flat(found["FilterName"]) == "central-logs-<AWS::Region>"
    assert flat(found["DestinationArn"]) == (
        "arn:<AWS::Partition>:logs:<AWS::Region>:111111111111:destination:central-logs"
    )
    assert (found["FilterPattern"], found["Distribution"]) == ("", "Random")


def test_by_default_the_accounts_policy_sends_it_and_no_filter_is_made(
    template: Template,
) -> None:
    parameters = template.body["Parameters"]

    assert parameters["Subscription"]["Default"] == "account-policy"
    assert parameters["LogGroup"]["Default"] == "new"
    assert parameters["KeyArn"]["Default"] == ""


def test_an_application_chooses_among_the_retentions_that_are_allowed(template: Template) -> None:
    found = template.body["Parameters"]["RetentionInDays"]

    assert found["AllowedValues"] == [str(days) for days in RETENTIONS]
    assert found["Default"] == "90"


def test_an_existing_log_group_gets_a_filter_and_nothing_else(template: Template) -> None:
    rule = template.body["Rules"]["ExistingNeedsFilter"]

    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "LogGroup"}, "existing"]}
    assert [assertion["Assert"] for assertion in rule["Assertions"]] == [
        {"Fn::Equals": [{"Ref": "Subscription"}, "filter"]},
        {"Fn::Equals": [{"Ref": "KeyArn"}, ""]},
    ]


def test_the_key_encrypts_this_log_group_alone(template: Template) -> None:
    (statement,) = [
        s
        for s in template.one("AWS::KMS::Key")["KeyPolicy"]["Statement"]
        if s["Sid"] == "EncryptTheLogGroup"
    ]

    assert flat(statement["Principal"]["Service"]) == "logs.<AWS::Region>.amazonaws.com"
    arn: Any = statement["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"]
    assert flat(arn).endswith(":log-group:<LogGroupName>")


def test_the_role_sends_this_log_group_alone(template: Template) -> None:
    assert template.allowed("ApplicationRole") == {
        (
            "logs:PutLogEvents",
            "arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:<LogGroupName>:*",
        )
    }


def test_it_holds_in_any_account_and_has_no_assets(template: Template) -> None:
    resources = json.dumps(template.body["Resources"])

    assert "cdk-" not in resources
    assert resources.count("111111111111") == 1  # the door


def test_what_is_wider_than_the_rules_is_the_keys_own_policy(template: Template) -> None:
    root = {"every_action", "anybody", "bare_key"}

    assert set(findings(template.body)) - ACCEPTED.keys() == {
        *(Finding(rule, "ApplicationKey", "PoliciesOfTheAccountDecide") for rule in root),
        # The encryption context names account and log group, as AWS's page has it:
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
        Finding("confused_deputy", "ApplicationKey", "EncryptTheLogGroup"),
    }


def test_nag_finds_nothing() -> None:
    found = stack()

    report = AwsSolutionsChecks(found).validate_scope(found)

    assert [f"{v.rule_name}: {v.violating_resources}" for v in report.violations] == []


def test_cfn_lint_finds_nothing(template: Template, tmp_path: Path) -> None:
    file = tmp_path / "application.json"
    file.write_text(json.dumps(template.body), encoding="utf-8")

    found = lint_file(file, ManualArgs(regions=["us-east-1"], ignore_checks=LINT_IGNORED_HERE))

    assert [f"{match.rule.id} {match.message}" for match in found] == []
