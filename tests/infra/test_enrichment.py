"""What enrichment may read, who writes the organisation's snapshot, and when."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cdk_nag import AwsSolutionsChecks

from infra.bundle import code_only
from infra.config.enrichment import Enrichment
from infra.enrichment import enrichers
from lambdas.normalise.settings import Settings as NormaliseSettings
from tests.infra.deployment import Deployment, Template, flat, synthesise
from tests.infra.test_function_settings import variables
from tests.infra.test_roles import ENCRYPT, SNAPSHOT, writes_log
from tests.unit.test_config import write

OWN = {"bucket": "", "keys": ["enrichment/GeoLite2-City.mmdb"]}
BROUGHT = {
    "bucket": "security-lists",
    "keys": ["feeds/example.txt"],
    "key_arn": "arn:aws:kms:us-east-1:111111111111:key/00000000-0000-4000-a000-000000000000",
}


@contextmanager
def changed(folder: Path, changes: Mapping[str, Any]) -> Iterator[Deployment]:
    """The sandbox of the central account alone, with other enrichment."""
    alone = {"members": {"accounts": [], "regions": ["us-east-1"]}, "enrichment": changes}
    with synthesise(str(write(folder, "sandbox", alone)), code_only(folder)) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def enriched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("enriched")
    with changed(folder, {"geo": OWN, "indicators": BROUGHT}) as deployment:
        yield deployment


def schedule(template: Template) -> dict[str, Any]:
    return template.one("AWS::Scheduler::Schedule")


def test_the_snapshot_function_reads_the_organisation_and_writes_one_object(
    pipeline: Template,
) -> None:
    reads = (
        *("DescribeOrganization", "ListAccounts", "ListAccountsForParent"),
        *("ListOrganizationalUnitsForParent", "ListRoots", "ListTagsForResource"),
    )
    written = "<ExportsOutputFnGetAttArchiveBucket49F1AC64Arn3FBD647E>/enrichment/organisation.json"
    (logs,) = [name for name in pipeline.all("AWS::Logs::LogGroup") if "Organisation" in name]

    assert pipeline.allowed("OrganisationFunctionRole") == (
        {(f"organizations:{action}", "*") for action in reads}
        | {("s3:PutObject", written)}
        | ENCRYPT
        | writes_log(logs)
    )


def test_only_the_schedule_of_this_account_calls_it(deployment: Deployment) -> None:
    template = deployment.stack("pipeline")
    role = template.one("AWS::IAM::Role", below="OrganisationRole")
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    (allowed,) = template.allowed("OrganisationRole")

    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "111111111111"}}
    assert allowed[0] == "lambda:InvokeFunction"
    assert flat(schedule(template)["Target"]["Arn"]) == allowed[1]


def test_a_snapshot_is_taken_as_often_as_configured(deployment: Deployment) -> None:
    found = schedule(deployment.stack("pipeline"))

    assert found["ScheduleExpression"] == "rate(60 minutes)"
    assert found["FlexibleTimeWindow"] == {"Mode": "OFF"}


def test_normalise_reads_what_the_snapshot_function_writes(deployment: Deployment) -> None:
    told = NormaliseSettings.from_env(variables(deployment, "Normalise"))
    writer = variables(deployment, "Organisation")

    assert told.enrichment_objects == {
        "organisation": [f"s3://{writer['BUCKET']}/{writer['KEY']}"],
    }
    assert SNAPSHOT.endswith(writer["KEY"])


def test_what_is_asked_for_nothing_is_not_an_enricher() -> None:
    assert enrichers(Enrichment()) == ("organisation", "user_agent", "related")


def test_values_are_complete_before_they_are_matched() -> None:
    chosen = Enrichment.model_validate({"geo": OWN, "indicators": BROUGHT})

    assert enrichers(chosen) == ("organisation", "user_agent", "geo", "related", "indicators")


def test_normalise_reads_exactly_the_objects_that_are_named(enriched: Deployment) -> None:
    allowed = enriched.stack("pipeline").allowed("NormaliseFunctionRole")
    archive = SNAPSHOT.removesuffix("/enrichment/organisation.json")
    brought = "arn:<AWS::Partition>:s3:::security-lists/feeds/example.txt"

    assert {resource for action, resource in allowed if action == "s3:GetObject"} == {
        SNAPSHOT,
        f"{archive}/enrichment/GeoLite2-City.mmdb",
        brought,
    }
    assert ("kms:Decrypt", BROUGHT["key_arn"]) in allowed
    assert json.dumps(variables(enriched, "Normalise")).count("s3://security-lists/feeds/") == 1


def test_nag_accepts_what_is_read(enriched: Deployment) -> None:
    report = AwsSolutionsChecks(enriched.app).validate_scope(enriched.app)

    assert [f"{v.rule_name}: {v.violating_resources}" for v in report.violations] == []


def test_without_the_organisation_nobody_reads_it(tmp_path: Path) -> None:
    with changed(tmp_path, {"organisation": {"enabled": False}}) as deployment:
        template = deployment.stack("pipeline")

        assert template.all("AWS::Scheduler::Schedule") == {}
        assert "organizations:" not in json.dumps(template.body)
