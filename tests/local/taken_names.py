"""Names that options take in the central account, taken by somebody else."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from infra.names import (
    CHECK_LOG_GROUPS,
    HOSTS,
    LAUNCH_APPLICATION_ROLE,
    LAUNCH_BASELINE_ROLE,
    LOG_GROUP_RULES,
    MEMBER_STACK_SET,
    READ_LOG_GROUPS_ROLE,
    SELF_SERVICE_ROLES,
    TRAIL_LOGS,
    agent_parameter,
    check_role,
    function_log_group,
    host_policy_name,
    hybrid_role_name,
    log_group_rule,
    slow_logs_policy,
    telemetry_rule,
)
from tests.local import landscape as made
from tests.local.deployment import stubs
from tests.local.ground import REGIONS, Ground, Json, stack_of
from tests.local.stacks import resource

HOME, IRELAND = REGIONS

RULE: Json = {
    "ResourceType": "AWS::EC2::VPC",
    "TelemetryType": "Logs",
    "TelemetrySourceTypes": ["VPC_FLOW_LOGS"],
}


class Taken(NamedTuple):
    """One name.

    Attributes:
        plant: Takes it.
        subject: What preflight calls it.
        fix: How the command begins that frees it.
    """

    plant: Callable[[Ground], Any]
    subject: str
    fix: str


def document(ground: Ground) -> None:
    """By a stack, because nothing else makes documents here."""
    stack_of(ground, "Elsewhere", IRELAND, {"Document": DOCUMENT})


def association(ground: Ground) -> None:
    stack_of(
        ground, "Elsewhere", IRELAND, {"Other": {**DOCUMENT, "Properties": OTHERS}, "It": MEANING}
    )


STEP = {"documentType": "SSMDocument", "documentPath": "AWS-ConfigureAWSPackage"}
CONTENT = {
    "schemaVersion": "2.2",
    "mainSteps": [{"action": "aws:runDocument", "name": "one", "inputs": STEP}],
}
OTHERS = {"Name": "others", "Content": CONTENT, "UpdateMethod": "NewVersion"}
DOCUMENT = resource("AWS::SSM::Document", **{**OTHERS, "Name": HOSTS})
MEANING = {
    **resource(
        "AWS::SSM::Association",
        Name="others",
        AssociationName=HOSTS,
        Targets=[{"Key": "tag:a", "Values": ["b"]}],
    ),
    "DependsOn": "Other",
}


def role(name: str) -> Callable[[Ground], Any]:
    return lambda g: g.client("iam").create_role(
        RoleName=name, AssumeRolePolicyDocument=made.policy()
    )


def group(name: str, region: str = HOME) -> Callable[[Ground], Any]:
    return lambda g: g.client("logs", region).create_log_group(logGroupName=name)


def stack_set(name: str) -> Callable[[Ground], Any]:
    return lambda g: g.client("cloudformation").create_stack_set(
        StackSetName=name,
        TemplateBody=json.dumps({"Resources": {}}),
        PermissionModel="SERVICE_MANAGED",
        AutoDeployment={"Enabled": True, "RetainStacksOnAccountRemoval": False},
        CallAs="DELEGATED_ADMIN",
    )


def parameter(platform: str) -> Callable[[Ground], Any]:
    return lambda g: g.client("ssm", IRELAND).put_parameter(
        Name=agent_parameter(platform), Value="{}", Type="String"
    )


def config_rule(finding: str) -> Callable[[Ground], Any]:
    source = {"Owner": "AWS", "SourceIdentifier": "CLOUDWATCH_LOG_GROUP_ENCRYPTED"}
    return lambda g: g.client("config", IRELAND).put_config_rule(
        ConfigRule={"ConfigRuleName": log_group_rule(finding), "Source": source}
    )


def host_policy(ground: Ground) -> None:
    document = made.policy(made.allow("logs:PutLogEvents", "*"))
    ground.client("iam").create_policy(
        PolicyName=host_policy_name(IRELAND), PolicyDocument=document
    )


def function(ground: Ground) -> None:
    arn = made.role(ground.cloud, "lambda.amazonaws.com", account=ground.account)
    ground.client("lambda", IRELAND).create_function(
        FunctionName=CHECK_LOG_GROUPS,
        Role=arn,
        Runtime="python3.13",
        Handler="handler.handler",
        Code={"ZipFile": stubs()},
    )


def slow_logs(ground: Ground) -> None:
    ground.client("logs").put_resource_policy(
        policyName=slow_logs_policy("central-logs"), policyDocument=made.policy()
    )


TAKEN = [
    Taken(document, f"hosts' document · {IRELAND}", "aws ssm delete-document"),
    Taken(association, f"hosts' association · {IRELAND}", "aws ssm delete-association"),
    *(
        Taken(parameter(p), f"agent's parameter of {p} · {IRELAND}", "aws ssm delete-parameter")
        for p in ("linux", "windows")
    ),
    Taken(host_policy, f"hosts' policy · {IRELAND}", "aws iam delete-policy"),
    *(
        Taken(role(name), subject, "aws iam delete-role")
        for name, subject in (
            (hybrid_role_name(IRELAND), f"hybrid role · {IRELAND}"),
            (LAUNCH_BASELINE_ROLE, f"launch role of the baseline · {HOME}"),
            (LAUNCH_APPLICATION_ROLE, f"launch role of applications · {HOME}"),
            (READ_LOG_GROUPS_ROLE, f"role that reads log groups · {HOME}"),
            (check_role(IRELAND), f"role of the check · {IRELAND}"),
        )
    ),
    Taken(function, f"check of log groups · {IRELAND}", "aws lambda delete-function"),
    *(
        Taken(config_rule(f), f"Config rule of {f} · {IRELAND}", "aws configservice delete-config-")
        for f in ("encryption", "pipeline", "retention")
    ),
    *(
        Taken(stack_set(name), f"{subject} · {HOME}", "aws cloudformation delete-stack-set")
        for name, subject in (
            (MEMBER_STACK_SET, "StackSet of members"),
            (SELF_SERVICE_ROLES, "StackSet of self-service-roles"),
            (LOG_GROUP_RULES, "StackSet of log-group-rules"),
        )
    ),
    Taken(
        lambda g: g.client("observabilityadmin").create_telemetry_rule_for_organization(
            RuleName=telemetry_rule("vpc_flow"), Rule=RULE
        ),
        f"telemetry rule of vpc_flow · {HOME}",
        "what it switched on stays: aws observabilityadmin delete-telemetry-rule-for-organization",
    ),
    Taken(slow_logs, f"slow logs of the domain · {HOME}", "aws logs delete-resource-policy"),
    *(
        Taken(planted, subject, "when nobody needs what it holds: aws logs delete-log-group")
        for planted, subject in (
            (group(TRAIL_LOGS), f"trail's log group · {HOME}"),
            (group(function_log_group("normalise")), f"log group normalise · {HOME}"),
            (
                group(function_log_group("check_log_groups"), IRELAND),
                f"log group check_log_groups · {IRELAND}",
            ),
        )
    ),
]
