"""The organisation's trail: whole, encrypted, written by nobody else, and never about itself."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cdk_nag import AwsSolutionsChecks

from infra.bundle import code_only
from infra.config.organisation_sources import OrganisationSources
from infra.names import TRAIL_LOGS
from infra.recursion import own_log_groups
from logcore.record import Origin
from logcore.registry import SOURCES
from logcore.routing import Routing
from tests.infra.deployment import Deployment, Template, flat, synthesise
from tests.infra.test_policy import unaccepted

ARN = "arn:aws:cloudtrail:us-east-1:999999999999:trail/central-logs"
NAMED = {"AWS::Lambda::Function": "FunctionName", "AWS::SQS::Queue": "QueueName"}
"""Types whose data events can be logged, and the property that fixes a name."""

TRAIL: dict[str, Any] = {
    "enabled": True,
    "bucket": "example-org-trail",
    "data_events": ["AWS::S3::Object", "AWS::Lambda::Function"],
}


def sources(**trail: Any) -> OrganisationSources:
    return OrganisationSources.model_validate(
        {"management_account": "999999999999", "trail": {**TRAIL, **trail}}
    )


@pytest.fixture(scope="module")
def by_events(functions: Path) -> Iterator[Deployment]:
    chosen = sources(excluded_sources=["kms.amazonaws.com"], expire_after_days=400)
    with synthesise("sandbox", code_only(functions), organisation_sources=chosen) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def by_files(functions: Path) -> Iterator[Deployment]:
    chosen = sources(ingest="s3")
    with synthesise("sandbox", code_only(functions), organisation_sources=chosen) as deployment:
        yield deployment


@pytest.fixture(params=["by_events", "by_files"])
def either(request: pytest.FixtureRequest) -> Deployment:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Deployment)
    return found


def choices(template: Template) -> dict[str, Any]:
    properties = template.one("Custom::OrganisationEnrolment", below="Trail")
    found: dict[str, Any] = json.loads(flat(properties["Choices"]))
    return found


def deliveries(template: Template) -> dict[str, dict[str, Any]]:
    policy = template.one("AWS::S3::BucketPolicy", below="TrailStore")
    statements = policy["PolicyDocument"]["Statement"]
    return {s["Sid"]: s for s in statements if s["Effect"] == "Allow"}


def test_cloudtrail_may_write_to_the_bucket_as_aws_documents_it(either: Deployment) -> None:
    found = deliveries(either.stack("sources"))

    source = {"aws:SourceArn": ARN}
    written = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", **source}}
    bucket = "<TrailStoreBucket970364AA.Arn>"
    assert {
        why: (s["Principal"], s["Action"], flat(s["Resource"]), s["Condition"])
        for why, s in found.items()
    } == {
        why: ({"Service": "cloudtrail.amazonaws.com"}, action, resource, condition)
        for why, action, resource, condition in (
            ("TrailLooksAtTheBucket", "s3:GetBucketAcl", bucket, {"StringEquals": source}),
            (
                "TrailWritesForTheOwner",
                "s3:PutObject",
                f"{bucket}/AWSLogs/999999999999/*",
                written,
            ),
            (
                "TrailWritesForTheOrganisation",
                "s3:PutObject",
                f"{bucket}/AWSLogs/o-exampleorgid/*",
                written,
            ),
        )
    }


def test_the_bucket_is_private_encrypted_and_keeps_versions(either: Deployment) -> None:
    bucket = either.stack("sources").one("AWS::S3::Bucket")

    [encryption] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["BucketName"] == "example-org-trail"


def test_files_expire_as_configured_or_never(by_events: Deployment, by_files: Deployment) -> None:
    def days(deployment: Deployment) -> int | None:
        bucket = deployment.stack("sources").one("AWS::S3::Bucket")
        [rule] = bucket["LifecycleConfiguration"]["Rules"]
        found: int | None = rule.get("ExpirationInDays")
        return found

    assert (days(by_events), days(by_files)) == (400, None)


def test_cloudtrail_uses_the_key_for_this_trail_alone(either: Deployment) -> None:
    key = either.stack("search").one("AWS::KMS::Key")["KeyPolicy"]["Statement"]

    found = {s["Sid"]: (s["Action"], s["Condition"]) for s in key if s["Sid"].startswith("Trail")}
    source = {"StringEquals": {"aws:SourceArn": ARN}}
    owner = "arn:aws:cloudtrail:*:999999999999:trail/*"
    context = {"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": owner}}
    assert found == {
        "TrailEncryptsLogFiles": ("kms:GenerateDataKey*", {**source, **context}),
        "TrailLooksAtTheKey": ("kms:DescribeKey", source),
    }


def test_a_trail_comes_in_by_its_log_group_or_by_its_bucket_never_by_both(
    by_events: Deployment, by_files: Deployment
) -> None:
    def ways(deployment: Deployment) -> tuple[bool, bool, bool, bool]:
        template, made = deployment.stack("sources"), choices(deployment.stack("sources"))
        bucket = template.one("AWS::S3::Bucket")
        logs = template.body["Resources"].keys() & {"TrailLogsA02D2524"}
        queue = deployment.stack("pipeline").all("AWS::SQS::Queue").keys()
        return (
            bool(logs),
            bool(made["log_group"] and made["log_role"]),
            "NotificationConfiguration" in bucket,
            any(name.startswith("ObjectQueue") for name in queue),
        )

    assert ways(by_events) == (True, True, False, False)
    assert ways(by_files) == (False, False, True, True)


def test_whoever_reads_the_files_may_decrypt_them(by_files: Deployment) -> None:
    allowed = by_files.stack("pipeline").allowed("ObjectReaderFunctionRole")

    assert ("s3:GetObject", "arn:aws:s3:::example-org-trail/AWSLogs/*") in allowed
    policy = by_files.stack("pipeline").one(
        "AWS::IAM::Policy", below="ObjectReaderFunctionRoleDefaultPolicy"
    )
    [decrypt] = [
        statement
        for statement in policy["PolicyDocument"]["Statement"]
        if "kms:Decrypt" in statement["Action"]
        and statement["Condition"]
        == {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    ]
    assert "Key9BCD29C7" in flat(decrypt["Resource"])


def test_the_log_group_is_subscribed_like_any_other_and_known_by_its_name(
    by_events: Deployment,
) -> None:
    subscription = by_events.stack("member-111111111111-us-east-1").one("AWS::Logs::AccountPolicy")
    routed = Routing(SOURCES).claim(
        Origin(transport="cloudwatch_logs", log_group=TRAIL_LOGS, account="111111111111")
    )

    assert TRAIL_LOGS not in subscription["SelectionCriteria"]
    assert TRAIL_LOGS not in own_log_groups(by_events.app)
    assert routed is not None
    assert routed.source.name == "cloudtrail"


def test_the_role_of_the_log_group_writes_this_trails_streams_alone(by_events: Deployment) -> None:
    template = by_events.stack("sources")
    group = f"arn:aws:logs:us-east-1:111111111111:log-group:{TRAIL_LOGS}"

    assert template.allowed("TrailLogsRole") == {
        (action, f"{group}:log-stream:{begins}*")
        for action in ("logs:CreateLogStream", "logs:PutLogEvents")
        for begins in ("999999999999_CloudTrail_us-east-1", "o-exampleorgid_")
    }
    [trust] = template.one("AWS::IAM::Role", below="TrailLogsRole")["AssumeRolePolicyDocument"][
        "Statement"
    ]
    assert trust["Condition"] == {"StringEquals": {"aws:SourceArn": ARN}}


@pytest.mark.parametrize("kind", TRAIL["data_events"])
def test_no_data_event_of_the_pipelines_own_is_logged(either: Deployment, kind: str) -> None:
    selectors = {
        s["Name"]: s["FieldSelectors"] for s in choices(either.stack("sources"))["selectors"]
    }

    fields = {f["Field"]: f for f in selectors[f"Data events of {kind}"]}
    left_out = fields["resources.ARN"]["NotStartsWith"]
    assert "arn:aws:s3:::example-org-trail/" in left_out
    assert any("ArchiveBucket49F1AC64" in arn and arn.endswith("/") for arn in left_out)
    assert "arn:aws:kinesis:us-east-1:111111111111:stream/central-logs" in left_out
    assert "arn:aws:lambda:us-east-1:111111111111:function:CentralLogs-sandbox-" in left_out
    assert "arn:aws:sqs:us-east-1:111111111111:CentralLogs-sandbox-" in left_out
    assert fields["resources.type"]["Equals"] == [kind]


def test_no_function_of_the_app_has_a_name_that_the_trail_would_log(either: Deployment) -> None:
    """Without a name of ours, CloudFormation begins it with the stack's."""
    named = [
        (stack, logical_id)
        for stack, template in either.templates.items()
        for kind, name in (
            ("AWS::Lambda::Function", "FunctionName"),
            ("AWS::SQS::Queue", "QueueName"),
        )
        for logical_id, resource in template.all(kind).items()
        if resource["Properties"].get(name) not in {None, "central-logs-objects"}
    ]

    assert named == []


def test_busy_services_can_be_left_out_of_management_events(
    by_events: Deployment, by_files: Deployment
) -> None:
    kept, all_of_them = (
        choices(d.stack("sources"))["selectors"][0]["FieldSelectors"] for d in (by_events, by_files)
    )

    assert {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]} in kept
    assert all_of_them == [{"Field": "eventCategory", "Equals": ["Management"]}]


def test_the_function_manages_one_trail_and_hands_out_one_role(
    by_events: Deployment, by_files: Deployment
) -> None:
    with_logs = by_events.stack("sources").allowed("EnrolmentFunctionRole")
    without = by_files.stack("sources").allowed("EnrolmentFunctionRole")

    assert {r for action, r in with_logs if action.startswith("cloudtrail:")} == {
        ARN,
        ARN.replace("999999999999", "111111111111"),
    }
    assert {r for action, r in with_logs if action == "iam:PassRole"} == {
        "<TrailLogsRole183703AA.Arn>"
    }
    assert [r for action, r in without if action == "iam:PassRole"] == []


def test_the_trail_waits_for_its_buckets_policy(either: Deployment) -> None:
    [trail] = [
        resource
        for logical_id, resource in either.stack("sources")
        .all("Custom::OrganisationEnrolment")
        .items()
        if logical_id.startswith("Trail")
    ]

    assert any(name.startswith("TrailStoreBucketPolicy") for name in trail["DependsOn"])
    assert any(name.startswith("EnrolmentFunctionRoleDefaultPolicy") for name in trail["DependsOn"])


def test_policies_are_as_narrow_as_they_can_be_either_way(either: Deployment) -> None:
    assert {
        name: found
        for name, template in either.templates.items()
        if (found := unaccepted(template.body))
    } == {}


def test_nag_finds_nothing_either_way(either: Deployment) -> None:
    report = AwsSolutionsChecks(either.app).validate_scope(either.app)

    assert [f"{v.rule_name}: {v.violating_resources}" for v in report.violations] == []


def test_an_existing_trail_makes_no_stack(functions: Path) -> None:
    brought = OrganisationSources.model_validate({"trail": {"enabled": True, "existing": ARN}})
    with synthesise("sandbox", code_only(functions), organisation_sources=brought) as deployment:
        assert "sources" not in deployment.templates
        assert "cloudtrail" not in json.dumps(deployment.stack("search").body)
