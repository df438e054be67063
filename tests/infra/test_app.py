"""What holds for the whole app, in both deployments."""

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from cdk_nag import AwsSolutionsChecks
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

from infra.constructs.search.search_domain import SearchDomain
from infra.names import CENTRAL_LOGS
from tests.infra.deployment import Deployment, empty_stack

STATEFUL = {
    "AWS::Events::EventBus",
    "AWS::KMS::Key",
    "AWS::Kinesis::Stream",
    "AWS::Logs::Destination",
    "AWS::OpenSearchService::Domain",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
}
IDENTITIES = {
    "search": {
        "ArchiveBucket49F1AC64": "AWS::S3::Bucket",
        "Key9BCD29C7": "AWS::KMS::Key",
        "SearchDomainAB6007CD": "AWS::OpenSearchService::Domain",
    },
    "pipeline": {
        "EventsBus45DE4339": "AWS::Events::EventBus",
        "IngestStream404D06C0": "AWS::Kinesis::Stream",
        "NormaliseSetAside98779F55": "AWS::SQS::Queue",
    },
    "door-us-east-1": {"DoorDestination5621EA8A": "AWS::Logs::Destination"},
    "door-eu-west-1": {"DoorDestination5621EA8A": "AWS::Logs::Destination"},
}

LINT_IGNORED = [
    "W3005"
]  # CDK names a role next to its policy; that repeats a reference, harmlessly


def test_every_account_has_a_member_stack_in_every_region(sandbox: Deployment) -> None:
    members = {
        f"member-{account}-{region}"
        for account in sandbox.config.accounts
        for region in sandbox.config.regions
    }
    central = {"search", "pipeline", "door-us-east-1", "door-eu-west-1"}

    assert len(members) == 8
    assert set(sandbox.templates) == central | members


def test_stateful_resources_keep_their_identity(deployment: Deployment) -> None:
    found = {
        name: {
            logical_id: resource["Type"]
            for logical_id, resource in template.body["Resources"].items()
            if resource["Type"] in STATEFUL
        }
        for name, template in deployment.templates.items()
    }

    assert {name: ids for name, ids in found.items() if ids} == IDENTITIES


@pytest.mark.parametrize(("stage", "policy"), [("sandbox", "Delete"), ("production", "Retain")])
def test_what_becomes_of_stored_logs_is_configured(
    stage: str, policy: str, request: pytest.FixtureRequest
) -> None:
    deployment: Deployment = request.getfixturevalue(stage)
    kept = {"AWS::S3::Bucket", "AWS::OpenSearchService::Domain", "AWS::KMS::Key"}

    found = [r for kind in kept for r in deployment.stack("search").all(kind).values()]
    found += deployment.stack("pipeline").all("AWS::Kinesis::Stream").values()

    assert {(r["DeletionPolicy"], r["UpdateReplacePolicy"]) for r in found} == {(policy, policy)}


def test_production_stores_cannot_be_deleted_by_mistake(
    sandbox: Deployment, production: Deployment
) -> None:
    assert production.construct("search").termination_protection
    assert not sandbox.construct("search").termination_protection


def test_doors_open_after_the_stream_and_members_come_after_doors(sandbox: Deployment) -> None:
    def waits_for(name: str) -> set[str]:
        return {stack.stack_name for stack in sandbox.construct(name).dependencies}

    assert "CentralLogs-sandbox-search" in waits_for("pipeline")
    assert "CentralLogs-sandbox-pipeline" in waits_for("door-eu-west-1")
    assert "CentralLogs-sandbox-door-eu-west-1" in waits_for("member-222222222222-eu-west-1")


def test_nothing_crosses_an_account_or_region_by_export(deployment: Deployment) -> None:
    outside = [t for name, t in deployment.templates.items() if name.startswith(("door", "member"))]

    assert outside
    assert not [t.file for t in outside if "Fn::ImportValue" in json.dumps(t.body)]


def test_nag_finds_nothing(deployment: Deployment) -> None:
    report = AwsSolutionsChecks(deployment.app).validate_scope(deployment.app)

    found = [f"{v.rule_name}: {v.violating_resources}" for v in report.violations]

    assert found == []


def test_only_a_small_domain_may_do_without_masters_and_zones(sandbox: Deployment) -> None:
    stack = empty_stack()
    SearchDomain(
        stack,
        "Search",
        config=sandbox.config.search.model_copy(update={"data_nodes": 3}),
        key=kms.Key(stack, "Key", enable_key_rotation=True),
        log_retention_days=7,
        removal=cdk.RemovalPolicy.DESTROY,
    )

    report = AwsSolutionsChecks(stack).validate_scope(stack)

    assert {v.rule_name for v in report.violations} == {"AwsSolutions-OS4", "AwsSolutions-OS7"}


def test_cfn_lint_finds_nothing(deployment: Deployment) -> None:
    # Members of one region differ in an account id only, so one account's are enough.
    some = [
        t for name, t in deployment.templates.items() if "333" not in name and "444" not in name
    ]

    found = [
        f"{match.rule.id} {match.message}"
        for template in some
        for match in lint_file(
            template.file,
            ManualArgs(regions=["us-east-1"], ignore_checks=LINT_IGNORED),
        )
    ]

    assert len(some) == 8
    assert found == []


def test_no_function_has_a_managed_policy(deployment: Deployment) -> None:
    managed = [
        (template.file.name, logical_id)
        for template in deployment.templates.values()
        for logical_id, role in template.all("AWS::IAM::Role").items()
        if "ManagedPolicyArns" in role["Properties"]
    ]

    assert managed == []


def test_names_that_others_type_are_fixed(sandbox: Deployment) -> None:
    pipeline, search = sandbox.stack("pipeline"), sandbox.stack("search")

    assert pipeline.one("AWS::Kinesis::Stream")["Name"] == CENTRAL_LOGS
    assert pipeline.one("AWS::Events::EventBus")["Name"] == CENTRAL_LOGS
    assert search.one("AWS::OpenSearchService::Domain")["DomainName"] == CENTRAL_LOGS
    assert sandbox.stack("door-eu-west-1").one("AWS::Logs::Destination")["DestinationName"] == (
        CENTRAL_LOGS
    )
