"""What ``[self_service]`` names in the central account; other accounts get it by StackSets."""

from collections.abc import Iterator
from typing import Final

from infra.config import DeploymentConfig
from infra.names import (
    CHECK_LOG_GROUPS,
    LAUNCH_APPLICATION_ROLE,
    LAUNCH_BASELINE_ROLE,
    READ_LOG_GROUPS_ROLE,
    check_role,
    log_group_rule,
)
from ops.checks.claims.claim import Claim, Kind
from ops.checks.claims.kinds import role
from ops.refusal import unless
from ops.view import View

ROLES: Final = "self-service-roles"
"""The stack of the roles that every account has."""

FINDINGS: Final = ("encryption", "pipeline", "retention")
"""What the Config rules are about."""


def self_service_claims(config: DeploymentConfig) -> Iterator[tuple[str, Claim]]:
    """The roles of launches and, where rules are on, the check and the rules of each region."""
    section, home = config.self_service, config.central.region
    if not section.units:
        return
    yield "launch role of the baseline", Claim(role(LAUNCH_BASELINE_ROLE, ROLES), home)
    yield "launch role of applications", Claim(role(LAUNCH_APPLICATION_ROLE, ROLES), home)
    if not section.rules.enabled:
        return
    yield "role that reads log groups", Claim(role(READ_LOG_GROUPS_ROLE, ROLES), home)
    for region in config.regions:
        check = f"log-group-check-{region}"
        yield "role of the check", Claim(role(check_role(region), check), region)
        yield "check of log groups", Claim(FUNCTION._replace(stack=check), region)
        for finding in FINDINGS:
            rule = _rule(log_group_rule(finding), f"log-group-rules-{region}")
            yield f"Config rule of {finding}", Claim(rule, region)


def _function(view: View, region: str) -> str:
    """https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html."""
    functions = view.client("lambda", region)
    found = unless(
        {"ResourceNotFoundException"},
        lambda: functions.get_function_configuration(FunctionName=CHECK_LOG_GROUPS),
    )
    return str(found["FunctionArn"]) if found else ""


def _rule(name: str, stack: str) -> Kind:
    def look(view: View, region: str) -> str:
        """https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigRules.html."""
        config = view.client("config", region)
        found = unless(
            {"NoSuchConfigRuleException"},
            lambda: config.describe_config_rules(ConfigRuleNames=[name]),
        )
        return str(found["ConfigRules"][0]["ConfigRuleArn"]) if found else ""

    delete = (
        "aws configservice delete-config-rule --config-rule-name {name} --region {region}, "
        "after its remediation"
    )
    return Kind(name, "AWS::Config::ConfigRule", stack, look, delete)


FUNCTION = Kind(
    CHECK_LOG_GROUPS,
    "AWS::Lambda::Function",
    "log-group-check",
    _function,
    "aws lambda delete-function --function-name {name} --region {region}",
)
