"""What is brought is used and left alone, and its owner is told what its policies must say."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cdk_nag import AwsSolutionsChecks
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

from infra.brought import as_text, main, needed
from infra.bundle import code_only
from tests.infra.accepted import ACCEPTED
from tests.infra.brought import BUCKET, DOMAIN, KEY, STREAM, brought
from tests.infra.deployment import Deployment, flat, synthesise
from tests.infra.policy_rules import findings
from tests.infra.test_app import LINT_IGNORED, STATEFUL


@pytest.fixture(scope="module")
def given(functions: Path, sandbox: Deployment) -> Iterator[Deployment]:
    with synthesise("sandbox", code_only(functions), **brought(sandbox.config)) as deployment:
        yield deployment


def statements(policy: Any) -> list[Any]:
    """A policy's statements with its references as text, each in one order."""
    return sorted((json.loads(flat_json(s)) for s in policy["Statement"]), key=str)


def flat_json(value: Any) -> str:
    def readable(part: Any) -> Any:
        if isinstance(part, dict) and part.keys() & {"Ref", "Fn::GetAtt", "Fn::Join"}:
            return flat(part)
        if isinstance(part, dict):
            return {key: readable(inner) for key, inner in part.items()}
        return [readable(inner) for inner in part] if isinstance(part, list) else part

    return json.dumps(readable(value), sort_keys=True)


def test_nothing_stateful_is_made_but_what_cannot_be_brought(given: Deployment) -> None:
    made = {
        resource["Type"]
        for template in given.templates.values()
        for resource in template.body["Resources"].values()
    }

    assert made & STATEFUL == {
        "AWS::Events::EventBus",
        "AWS::Logs::Destination",
        "AWS::SQS::Queue",
    }
    assert not made & {"AWS::KMS::Alias", "AWS::S3::BucketPolicy", "AWS::KMS::Key"}


def test_no_policy_is_put_on_what_is_brought(given: Deployment) -> None:
    holders = [
        role
        for template in given.templates.values()
        for policy in template.all("AWS::IAM::Policy").values()
        for role in policy["Properties"]["Roles"]
    ]

    assert holders
    assert [role for role in holders if isinstance(role, str)] == []


def test_a_stack_with_nothing_to_make_is_not_empty_because_that_is_refused(
    given: Deployment,
) -> None:
    search = given.stack("search").body

    assert [r["Type"] for r in search["Resources"].values()] == [
        "AWS::CloudFormation::WaitConditionHandle"
    ]
    assert search["Outputs"]["ArchiveBucket"]["Value"] == BUCKET
    assert search["Outputs"]["SearchEndpoint"]["Value"] == DOMAIN.endpoint


def test_doors_and_functions_use_what_is_brought(given: Deployment) -> None:
    door, pipeline = given.stack("door-eu-west-1"), given.stack("pipeline")

    assert door.one("AWS::Logs::Destination")["TargetArn"] == STREAM
    assert ("kms:GenerateDataKey", KEY) in door.allowed("DoorRole")
    normalise = pipeline.allowed("NormaliseFunctionRole")
    assert ("kinesis:GetRecords", STREAM) in normalise
    assert ("kms:Decrypt", KEY) in normalise
    assert ("s3:PutObject", f"arn:aws:s3:::{BUCKET}/rejects/*") in normalise
    reader = pipeline.one("AWS::Lambda::EventSourceMapping", below="NormaliseReader")
    assert reader["EventSourceArn"] == STREAM
    setup = pipeline.one("Custom::SearchSetup")["Settings"]
    assert setup["ENDPOINT"] == DOMAIN.endpoint
    assert setup["MASTER_ROLE_ARN"] == DOMAIN.master_role
    delivery = pipeline.one("AWS::KinesisFirehose::DeliveryStream", below="DeliveryStream")
    destination = delivery["AmazonopensearchserviceDestinationConfiguration"]
    assert destination["DomainARN"] == DOMAIN.arn
    assert destination["VpcConfiguration"]["SubnetIds"] == ["subnet-0123456789abcdef0"]


def test_a_key_that_is_brought_is_named_by_no_wildcard(given: Deployment) -> None:
    [statement] = [
        s
        for s in given.stack("door-eu-west-1").one("AWS::IAM::Policy")["PolicyDocument"][
            "Statement"
        ]
        if s["Sid"] == "EncryptRecords"
    ]

    assert statement["Condition"] == {
        "StringEquals": {"kms:ViaService": "kinesis.us-east-1.amazonaws.com"}
    }


def test_what_owners_are_told_is_what_the_deployments_own_resources_get(
    sandbox: Deployment, given: Deployment
) -> None:
    """The same functions make both; this is what CDK and CloudFormation get of them."""
    search = sandbox.stack("search")
    domain = search.one("AWS::OpenSearchService::Domain")
    made = {
        "key policy": search.one("AWS::KMS::Key")["KeyPolicy"],
        "bucket policy": search.one("AWS::S3::BucketPolicy")["PolicyDocument"],
        "access policy": domain["AccessPolicies"],
        "trust policy": search.one("AWS::IAM::Role")["AssumeRolePolicyDocument"],
        "permissions policy": search.one("AWS::IAM::Policy")["PolicyDocument"],
    }

    told = {each.policy: (each.resource, each.statements) for each in needed(given.config)}

    assert told.keys() == made.keys()
    for policy, (_, statements_told) in told.items():
        ours = json.dumps(statements(made[policy]))
        for logical, name in (
            ("<ArchiveBucket49F1AC64.Arn>", f"arn:aws:s3:::{BUCKET}"),
            ("domain/central-logs", "domain/example"),
        ):
            ours = ours.replace(logical, name)
        assert json.loads(ours) == statements({"Statement": list(statements_told)}), policy


def test_the_command_prints_each_policy_with_whose_it_is(given: Deployment) -> None:
    said = "\n".join(as_text(given.config))

    for expected in (KEY, BUCKET, DOMAIN.arn, DOMAIN.master_role, "RulesFillTheQueues"):
        assert expected in said


def test_the_command_says_that_nothing_is_brought(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-c", "sandbox"]) == 0
    assert "Nothing is brought" in capsys.readouterr().out


def test_policies_of_a_deployment_that_is_brought_everything_are_as_narrow(
    given: Deployment,
) -> None:
    found = {f for template in given.templates.values() for f in findings(template.body)}

    assert found - ACCEPTED.keys() == set()


def test_nag_and_cfn_lint_find_nothing(given: Deployment) -> None:
    report = AwsSolutionsChecks(given.app).validate_scope(given.app)
    central = [given.stack(name) for name in ("network", "search", "pipeline", "door-us-east-1")]
    lint = [
        f"{match.rule.id} {match.message}"
        for template in central
        for match in lint_file(
            template.file, ManualArgs(regions=["us-east-1"], ignore_checks=LINT_IGNORED)
        )
    ]

    assert [f"{v.rule_name}: {v.violating_resources}" for v in report.violations] == []
    assert lint == []
