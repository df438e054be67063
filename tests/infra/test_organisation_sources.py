"""What is switched on for the organisation's accounts, and in which regions."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from cdk_nag import AwsSolutionsChecks
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

from infra.bundle import code_only
from infra.config import DeploymentConfig, config_path
from infra.config.organisation_sources import OrganisationSources
from infra.config.telemetry import Kind, Telemetry
from infra.constructs.sources.enrolment import in_one_word
from infra.constructs.sources.telemetry_rules import RULES
from infra.permissions_table import OPTIONS
from infra.stacks.search import SearchStack
from infra.stacks.sources import SourcesStack
from logcore.record import Origin
from logcore.registry import SOURCES
from logcore.routing import Routing
from tests.infra.deployment import (
    CENTRAL,
    FLAGS,
    Deployment,
    Template,
    flat,
    synthesise,
    template_of,
)
from tests.infra.test_app import LINT_IGNORED

HOME, IRELAND = "us-east-1", "eu-west-1"
RULE = "AWS::ObservabilityAdmin::OrganizationTelemetryRule"


@pytest.fixture(scope="module")
def everything(functions: Path) -> Iterator[Deployment]:
    """The sandbox's two regions, with every switch on."""
    chosen = OPTIONS["organisation_sources"]
    with synthesise("sandbox", code_only(functions), organisation_sources=chosen) as deployment:
        yield deployment


@pytest.fixture
def template(everything: Deployment) -> Template:
    return everything.stack("sources")


def alone(functions: Path, **chosen: Any) -> Template:
    """The stack with these switches, without the rest of the sandbox but its store."""
    sources = OrganisationSources.model_validate(chosen)
    sandbox = DeploymentConfig.load(config_path("sandbox"))
    config = sandbox.model_copy(update={"organisation_sources": sources})
    app = cdk.App(context=FLAGS)
    store = SearchStack(app, "search", config=config, env=CENTRAL)
    stack = SourcesStack(
        app, "sources", config=config, bundle=code_only(functions), store=store, env=CENTRAL
    )
    return template_of(stack)


def enrolled(template: Template, service: str) -> dict[str, Any]:
    """What is chosen for a service, by region."""
    found = (r["Properties"] for r in template.all("Custom::OrganisationEnrolment").values())
    return {p["Region"]: json.loads(flat(p["Choices"])) for p in found if p["Service"] == service}


@pytest.mark.parametrize("stage", ["sandbox", "production"])
def test_without_a_switch_there_is_no_stack(stage: str, request: pytest.FixtureRequest) -> None:
    deployment: Deployment = request.getfixturevalue(stage)

    assert "sources" not in deployment.templates


@pytest.mark.parametrize(
    ("chosen", "kinds"),
    [
        ({"guardduty": {"enabled": True}}, {"guardduty"}),
        ({"inspector": {"enabled": True}}, {"inspector"}),
        ({"security_hub": {"enabled": True, "targets": ["r-ab12"]}}, {"security_hub"}),
        ({"telemetry": {"kinds": ["waf"]}}, {"telemetry"}),
        ({"config": {"enabled": True}}, set()),
    ],
)
def test_each_switch_is_its_own(chosen: dict[str, Any], kinds: set[str], functions: Path) -> None:
    template = alone(functions, **chosen)
    resources = template.all("Custom::OrganisationEnrolment").values()
    allowed = template.allowed("EnrolmentFunctionRole")

    assert {r["Properties"]["Service"] for r in resources} == kinds
    assert len(template.all("AWS::S3::Bucket")) == 0
    of_services = {a.partition(":")[0] for a, _ in allowed} - {"logs", "iam", "organizations"}
    names = {"guardduty": "guardduty", "inspector": "inspector2", "security_hub": "securityhub"}
    assert of_services == {names.get(kind, "observabilityadmin") for kind in kinds}


def test_guardduty_is_switched_on_in_every_region_and_nothing_unspoken_of(
    template: Template,
) -> None:
    found = enrolled(template, "guardduty")

    assert set(found) == {HOME, IRELAND}
    assert found[IRELAND] == {
        "members": "ALL",
        "features": {
            "S3_DATA_EVENTS": "ALL",
            "EKS_AUDIT_LOGS": "NONE",
            "EBS_MALWARE_PROTECTION": "NONE",
            "RDS_LOGIN_EVENTS": "NONE",
            "LAMBDA_NETWORK_LOGS": "NONE",
            "RUNTIME_MONITORING": "NEW",
        },
        "agents": ["EC2_AGENT_MANAGEMENT"],
        "frequency": "FIFTEEN_MINUTES",
    }


def test_a_plan_that_a_region_has_not_is_not_spoken_of_there(functions: Path) -> None:
    absent = {IRELAND: ["RDS_LOGIN_EVENTS"]}
    template = alone(functions, guardduty={"enabled": True, "unavailable": absent})
    found = enrolled(template, "guardduty")

    assert "RDS_LOGIN_EVENTS" in found[HOME]["features"]
    assert "RDS_LOGIN_EVENTS" not in found[IRELAND]["features"]


def test_inspector_is_switched_on_in_every_region(template: Template) -> None:
    chosen = {"scans": ["EC2", "ECR"], "existing_members": True}

    assert enrolled(template, "inspector") == {HOME: chosen, IRELAND: chosen}


def test_security_hub_has_one_home_and_a_policy_for_whoever_is_meant(template: Template) -> None:
    organisation = template.one("AWS::SecurityHub::OrganizationConfiguration")
    policy = template.one("AWS::SecurityHub::ConfigurationPolicy")["ConfigurationPolicy"]

    assert enrolled(template, "security_hub") == {HOME: {"linked_regions": [IRELAND]}}
    assert organisation["ConfigurationType"] == "CENTRAL"
    assert policy["SecurityHub"]["EnabledStandardIdentifiers"] == [
        "arn:aws:securityhub:us-east-1::standards/aws-foundational-security-best-practices/v/1.0.0"
    ]
    associated = template.one("AWS::SecurityHub::PolicyAssociation")
    assert (associated["TargetId"], associated["TargetType"]) == ("r-ab12", "ROOT")


def test_a_policy_comes_after_central_configuration_and_that_after_the_hub(
    template: Template,
) -> None:
    def of(kind: str, service: str = "") -> tuple[str, list[str]]:
        [(logical_id, resource)] = [
            (logical_id, resource)
            for logical_id, resource in template.all(kind).items()
            if resource["Properties"].get("Service", "") == service
        ]
        return logical_id, resource["DependsOn"]

    hub, _ = of("Custom::OrganisationEnrolment", "security_hub")
    central, after_hub = of("AWS::SecurityHub::OrganizationConfiguration")
    _, after_central = of("AWS::SecurityHub::ConfigurationPolicy")

    assert hub in after_hub
    assert central in after_central


@pytest.mark.parametrize(
    ("chosen", "where"),
    [
        ({}, {"AwsRegions": [HOME, IRELAND]}),
        ({"all_regions": True}, {"AllAwsRegions": True}),
    ],
)
def test_the_aggregator_collects_from_the_organisation(
    chosen: dict[str, Any], where: dict[str, Any], functions: Path
) -> None:
    template = alone(functions, config={"enabled": True, **chosen})
    found = template.one("AWS::Config::ConfigurationAggregator")

    source = found["OrganizationAggregationSource"]
    assert {k: v for k, v in source.items() if k != "RoleArn"} == where


def test_rules_are_made_at_home_and_repeated_by_aws(template: Template) -> None:
    rules = [r["Properties"] for r in template.all(RULE).values()]

    assert {tuple(r["Rule"]["Regions"]) for r in rules} == {(IRELAND,)}
    assert {r["Rule"]["TelemetryType"] for r in rules} == {"Logs"}
    assert {r["Rule"]["DestinationConfiguration"]["RetentionInDays"] for r in rules} == {30}
    assert len({r["RuleName"] for r in rules}) == len(RULES)
    assert enrolled(template, "telemetry") == {HOME: {"regions": [IRELAND]}}


def test_no_rule_is_made_before_the_look_at_resources_has_begun(template: Template) -> None:
    for rule in template.all(RULE).values():
        assert any(name.startswith("TelemetryEvaluation") for name in rule["DependsOn"])


def test_two_rules_of_one_type_of_resource_differ_in_their_source() -> None:
    """AWS refuses rules that are alike in resource type, telemetry type and destination."""
    chosen = Telemetry()
    pairs = [(rule.resource, tuple(rule.sources(chosen))) for rule in RULES.values()]

    assert len(set(pairs)) == len(pairs)


SOURCES_OF: dict[Kind, str] = {
    "eks": "eks",
    "nlb": "elb",
    "resolver_queries": "route53_resolver",
    "vpc_flow": "vpc_flow",
    "waf": "waf",
}


@pytest.mark.parametrize("kind", sorted(RULES))
def test_the_core_knows_the_log_group_by_its_name(kind: Kind) -> None:
    name = RULES[kind].log_group or "/aws/eks/<resourceId>/cluster"
    group = name.replace("<resourceId>", "resource-0a1b2c3d")

    found = Routing(SOURCES).claim(Origin(transport="cloudwatch_logs", log_group=group))

    assert found is not None
    assert (found.source.name, found.why) == (SOURCES_OF[kind], "pattern")


def test_flow_logs_are_as_chosen(functions: Path) -> None:
    telemetry = {"kinds": ["vpc_flow"], "traffic": "REJECT", "aggregation_seconds": 60}
    rule = alone(functions, telemetry=telemetry).one(RULE)["Rule"]

    parameters = rule["DestinationConfiguration"]["VPCFlowLogParameters"]
    assert parameters == {"TrafficType": "REJECT", "MaxAggregationInterval": 60}


def test_no_right_of_the_function_is_for_the_accounts_of_members(template: Template) -> None:
    places = {
        r.split(":")[4] for _, r in template.allowed("EnrolmentFunctionRole") if r[:3] == "arn"
    }

    assert places <= {"111111111111", "999999999999"}


def test_what_is_told_to_the_function_is_what_happens_on_removal(functions: Path) -> None:
    template = alone(functions, inspector={"enabled": True}, when_removed="switch_off")
    function = template.one("AWS::Lambda::Function", below="EnrolmentFunc")

    assert function["Environment"]["Variables"] == {
        "ACCOUNT": "111111111111",
        "WHEN_REMOVED": "switch_off",
    }


def test_a_service_is_a_word_in_a_reason() -> None:
    assert in_one_word("malware-protection.guardduty.amazonaws.com") == "MalwareProtectionGuardduty"


def test_nag_finds_nothing_with_everything_on(everything: Deployment) -> None:
    report = AwsSolutionsChecks(everything.app).validate_scope(everything.app)

    assert [f"{v.rule_name}: {v.violating_resources}" for v in report.violations] == []


def test_cfn_lint_finds_nothing_with_everything_on(everything: Deployment) -> None:
    found = [
        f"{match.rule.id} {match.message}"
        for name in ("sources", "search", "pipeline")
        for match in lint_file(
            everything.stack(name).file, ManualArgs(regions=[HOME], ignore_checks=LINT_IGNORED)
        )
    ]

    assert found == []
