"""Which rules look after log groups, who may ask, and what puts a finding right."""

import json
from typing import Any

import pytest

from infra.config.self_service import LogGroupRules as Config
from infra.constructs.self_service.log_group_reader import LogGroupReader
from infra.constructs.self_service.log_group_remediation import SCRIPT
from infra.constructs.self_service.log_group_rules import LogGroupRules
from tests.infra.deployment import Deployment, Template, empty_stack, flat, template_of

FUNCTION = "arn:aws:lambda:us-east-1:111111111111:function:central-logs-check-log-groups"
RULE = "AWS::Config::ConfigRule"
REMEDIATION = "AWS::Config::RemediationConfiguration"
ALIAS = "alias/log-groups"


def made(**section: Any) -> Template:
    stack = empty_stack()
    config = Config.model_validate(section)
    LogGroupRules(stack, "Rules", config=config, check_function_arn=FUNCTION)
    return template_of(stack)


def rule(template: Template, name: str) -> Any:
    (found,) = [
        r["Properties"]
        for r in template.all(RULE).values()
        if r["Properties"]["ConfigRuleName"] == f"central-logs-log-group-{name}"
    ]
    return found


def remediations(template: Template) -> dict[str, Any]:
    """By the setting that each is for."""
    found = [r["Properties"] for r in template.all(REMEDIATION).values()]
    return {r["Parameters"]["Setting"]["StaticValue"]["Values"][0]: r for r in found}


def content(template: Template) -> Any:
    return template.one("AWS::SSM::Document")["Content"]


@pytest.mark.parametrize("finding", ["retention", "pipeline"])
def test_the_central_function_is_asked_every_so_often(finding: str) -> None:
    found = rule(made(every_hours=6), finding)

    assert found["InputParameters"] == {"finding": finding}
    assert found["Source"] == {
        "Owner": "CUSTOM_LAMBDA",
        "SourceIdentifier": FUNCTION,
        "SourceDetails": [
            {
                "EventSource": "aws.config",
                "MessageType": "ScheduledNotification",
                "MaximumExecutionFrequency": "Six_Hours",
            }
        ],
    }


def test_encryption_is_found_by_awss_own_rule() -> None:
    found = rule(made(), "encryption")

    assert found["MaximumExecutionFrequency"] == "TwentyFour_Hours"
    assert found["Source"] == {
        "Owner": "AWS",
        "SourceIdentifier": "CLOUDWATCH_LOG_GROUP_ENCRYPTED",
    }


def test_what_is_not_sent_to_the_door_is_only_shown() -> None:
    assert set(remediations(made(key_alias=ALIAS))) == {"retention", "encryption"}


def test_without_a_key_nothing_is_encrypted_by_itself() -> None:
    template = made()

    assert set(remediations(template)) == {"retention"}
    assert "AssociateKmsKey" not in json.dumps(template.one("AWS::IAM::Policy")["PolicyDocument"])


@pytest.mark.parametrize(("mode", "automatic"), [("manual", False), ("automatic", True)])
def test_how_a_finding_is_put_right_is_configured(mode: str, *, automatic: bool) -> None:
    chosen = {
        "mode": mode,
        "attempts": 5,
        "within_seconds": 600,
        "concurrency_percentage": 25,
        "error_percentage": 50,
    }
    found = remediations(made(remediation=chosen))["retention"]

    assert found["Automatic"] is automatic
    assert (found["MaximumAutomaticAttempts"], found["RetryAttemptSeconds"]) == (5, 600)
    assert found["ExecutionControls"] == {
        "SsmControls": {"ConcurrentExecutionRatePercentage": 25, "ErrorPercentage": 50}
    }
    assert found["Parameters"]["LogGroup"] == {"ResourceValue": {"Value": "RESOURCE_ID"}}
    role = found["Parameters"]["AutomationAssumeRole"]["StaticValue"]["Values"]
    assert [flat(arn).startswith("<RulesRemediationRole") for arn in role] == [True]


def test_remediation_can_be_off() -> None:
    template = made(remediation={"mode": "off"})

    assert len(template.all(RULE)) == 3
    assert {r["Type"] for r in template.body["Resources"].values()} == {RULE}


def test_the_document_runs_our_script_with_what_was_chosen() -> None:
    found = content(made(retention_days=30, key_alias=ALIAS, excluded=["/scratch/*"]))
    (step,) = found["mainSteps"]

    assert step["action"] == "aws:executeScript"
    assert step["inputs"]["Script"] == SCRIPT.read_text(encoding="utf-8")
    assert step["inputs"]["InputPayload"] == {
        "LogGroup": "{{ LogGroup }}",
        "Setting": "{{ Setting }}",
        "RetentionDays": 30,
        "KeyAlias": ALIAS,
        "Excluded": ["/central-logs/*", "/scratch/*"],
    }
    assert found["assumeRole"] == "{{ AutomationAssumeRole }}"
    assert set(found["parameters"]) == {"AutomationAssumeRole", "LogGroup", "Setting"}


def test_automation_takes_its_role_for_this_account_only() -> None:
    trust = made().one("AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"][0]

    assert trust["Principal"] == {"Service": "ssm.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": "111111111111"}
    assert flat(trust["Condition"]["ArnLike"]["aws:SourceArn"]) == (
        "arn:aws:ssm:us-east-1:111111111111:automation-execution/*"
    )


def test_remediation_may_do_what_its_script_does() -> None:
    actions = {action for action, _ in made(key_alias=ALIAS).allowed("RulesRemediationRole")}

    assert actions == {
        "kms:DescribeKey",
        "logs:AssociateKmsKey",
        "logs:DescribeLogGroups",
        "logs:PutRetentionPolicy",
    }


def test_the_key_is_found_by_its_alias_alone() -> None:
    policy = made(key_alias=ALIAS).one("AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    (found,) = [s for s in policy if s["Action"] == "kms:DescribeKey"]

    assert found["Condition"] == {"ForAnyValue:StringEquals": {"kms:ResourceAliases": ALIAS}}


def test_only_the_checks_of_the_regions_read_in_an_account() -> None:
    stack = empty_stack()
    names = ["central-logs-check-log-groups-us-east-1", "central-logs-check-log-groups-eu-west-1"]
    LogGroupReader(stack, "Reader", central="111111111111", function_roles=names)
    trust = template_of(stack).one("AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"][0]

    assert [flat(a) for a in trust["Condition"]["ArnEquals"]["aws:PrincipalArn"]] == [
        f"arn:aws:iam::111111111111:role/{name}" for name in names
    ]


def test_the_reader_reads_no_event() -> None:
    stack = empty_stack()
    LogGroupReader(stack, "Reader", central="111111111111", function_roles=["x"])

    assert {action for action, _ in template_of(stack).allowed("ReaderRole")} == {
        "config:PutEvaluations",
        "logs:DescribeAccountPolicies",
        "logs:DescribeLogGroups",
        "logs:DescribeSubscriptionFilters",
    }


def test_the_check_takes_roles_of_the_organisation_only(options: Deployment) -> None:
    template = options.stack("log-group-check-us-east-1")
    statements = template.one("AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    (taking,) = [s for s in statements if s["Action"] == "sts:AssumeRole"]

    assert taking["Condition"] == {
        "StringEquals": {"aws:ResourceOrgID": options.config.organisation}
    }
    assert flat(taking["Resource"]).endswith(":iam::*:role/central-logs-read-log-groups")


def test_rules_of_every_account_may_call_the_check_by_its_name(options: Deployment) -> None:
    template = options.stack("log-group-check-us-east-1")
    permission = template.one("AWS::Lambda::Permission")

    assert permission["Principal"] == "config.amazonaws.com"
    assert permission["Action"] == "lambda:InvokeFunction"
    assert template.one("AWS::Lambda::Function")["FunctionName"] == FUNCTION.rpartition(":")[2]
