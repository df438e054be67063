"""The buckets that services deliver to, who may, and how other regions announce what they got."""

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
from infra.config.objects import CentralBuckets, LogBucket, LogService, Objects
from infra.constructs.objects.central_bucket import CentralBucket
from infra.senders import Senders
from tests.infra.deployment import (
    IRELAND,
    Deployment,
    Template,
    empty_stack,
    flat,
    listed,
    synthesise,
    template_of,
)
from tests.infra.test_app import LINT_IGNORED

ORGANISATION = "o-exampleorgid"
NEAR = LogBucket(name="example-near-logs", prefix="AWSLogs/", region="eu-west-1")
FAR = LogBucket(name="example-far-logs", account="999999999999", region="eu-west-1")
FAR_AWAY = LogBucket(name="example-other-logs", region="ap-south-1")
BUS = "arn:aws:events:us-east-1:111111111111:event-bus/central-logs-objects"
DELIVERY = "arn:aws:logs:{}:111111111111:delivery-destination:central-logs"
ALL = Objects(central=CentralBuckets(enabled=True), buckets=(NEAR, FAR, FAR_AWAY))


@pytest.fixture(scope="module")
def whole(functions: Path) -> Iterator[Deployment]:
    """The sandbox with buckets of its own, and with some that were there in other regions."""
    with synthesise("sandbox", code_only(functions), objects=ALL) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def ireland(whole: Deployment) -> Template:
    return whole.stack("files-eu-west-1")


def alone(**chosen: Any) -> Template:
    """A bucket in a stack that has nothing else."""
    stack = empty_stack(IRELAND)
    CentralBucket(
        stack,
        "Files",
        config=CentralBuckets(enabled=True, **chosen),
        senders=Senders(ORGANISATION),
        removal=cdk.RemovalPolicy.DESTROY,
    )
    return template_of(stack)


def statements(template: Template) -> dict[str, dict[str, Any]]:
    policy = template.one("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    return {statement["Sid"]: statement for statement in policy}


def below(template: Template, path: str) -> str:
    (bucket,) = template.all("AWS::S3::Bucket")
    return f"<{bucket}.Arn>/{path}"


def test_without_the_option_there_is_nothing_of_it(deployment: Deployment) -> None:
    assert not [name for name in deployment.templates if name.startswith("files")]


def test_each_region_has_a_bucket_with_a_name_that_can_be_typed(whole: Deployment) -> None:
    found = {
        name: bucket["Properties"]["BucketName"]
        for name, template in whole.templates.items()
        if name.startswith("files")
        for bucket in template.all("AWS::S3::Bucket").values()
    }

    assert found == {
        "files-us-east-1": "central-logs-111111111111-us-east-1",
        "files-eu-west-1": "central-logs-111111111111-eu-west-1",
    }


def test_buckets_and_destinations_keep_their_identity(ireland: Template) -> None:
    assert set(ireland.all("AWS::S3::Bucket")) == {"FilesBucket7C17EE2E"}
    assert set(ireland.all("AWS::Logs::DeliveryDestination")) == {"DeliveryDestination9C396D1D"}


def test_a_bucket_is_private_and_encrypted_as_load_balancers_write(ireland: Template) -> None:
    bucket = ireland.one("AWS::S3::Bucket")
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert statements(ireland)["RefuseWithoutTls"]["Effect"] == "Deny"


def test_a_bucket_tells_eventbridge_and_writes_no_access_log(ireland: Template) -> None:
    bucket = ireland.one("AWS::S3::Bucket")

    assert bucket["NotificationConfiguration"] == {
        "EventBridgeConfiguration": {"EventBridgeEnabled": True}
    }
    assert "LoggingConfiguration" not in bucket


@pytest.mark.parametrize(("days", "expires"), [(30, {30}), (0, set())])
def test_objects_stay_as_long_as_configured(days: int, expires: set[int]) -> None:
    bucket = alone(expire_after_days=days).one("AWS::S3::Bucket")
    rules = bucket["LifecycleConfiguration"]["Rules"]

    assert {r["ExpirationInDays"] for r in rules if "ExpirationInDays" in r} == expires
    assert [r["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] for r in rules] == [7]


@pytest.mark.parametrize(("stage", "policy"), [("sandbox", "Delete"), ("production", "Retain")])
def test_what_becomes_of_a_bucket_is_configured(stage: str, policy: str, functions: Path) -> None:
    objects = Objects(central=CentralBuckets(enabled=True))
    with synthesise(stage, code_only(functions), objects=objects) as deployment:
        (bucket,) = deployment.stack("files-us-east-1").all("AWS::S3::Bucket").values()
        protected = deployment.construct("files-us-east-1").termination_protection

    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == (policy, policy)
    assert protected == (policy == "Retain")


def test_load_balancers_of_the_organisation_and_region_may_write(ireland: Template) -> None:
    writes = statements(ireland)["LoadBalancersWrite"]

    assert writes["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    assert writes["Action"] == "s3:PutObject"
    assert flat(writes["Resource"]) == below(ireland, "AWSLogs/*")
    assert writes["Condition"] == {
        "StringEquals": {"aws:SourceOrgID": ORGANISATION},
        "ArnLike": {"aws:SourceArn": "arn:aws:elasticloadbalancing:eu-west-1:*:loadbalancer/*"},
    }


@pytest.mark.parametrize(
    ("which", "sources"),
    [
        ("Regional", "arn:aws:logs:eu-west-1:*:*"),
        ("Edge", "arn:aws:logs:us-east-1:*:delivery-source:*"),
    ],
)
def test_vended_logs_of_the_organisation_may_look_and_write(
    which: str, sources: str, ireland: Template
) -> None:
    looks, writes = (statements(ireland)[f"{which}Deliveries{verb}"] for verb in ("Look", "Write"))
    on_behalf = {"aws:SourceOrgID": ORGANISATION}

    assert looks["Action"] == ["s3:GetBucketAcl", "s3:ListBucket"]
    assert looks["Condition"]["StringEquals"] == on_behalf
    assert writes["Action"] == "s3:PutObject"
    assert flat(writes["Resource"]) == below(ireland, "AWSLogs/*")
    assert writes["Condition"]["StringEquals"] == {
        **on_behalf,
        "s3:x-amz-acl": "bucket-owner-full-control",
    }
    assert {s["Condition"]["ArnLike"]["aws:SourceArn"] for s in (looks, writes)} == {sources}
    assert {s["Principal"]["Service"] for s in (looks, writes)} == {"delivery.logs.amazonaws.com"}


def test_access_logs_of_this_account_may_be_written_but_never_the_buckets_own(
    ireland: Template,
) -> None:
    writes, refused = (
        statements(ireland)[why] for why in ("AccessLogsWrite", "RefuseItsOwnAccessLog")
    )

    assert writes["Principal"] == {"Service": "logging.s3.amazonaws.com"} == refused["Principal"]
    assert flat(writes["Resource"]) == below(ireland, "s3access/*")
    assert writes["Condition"] == {"StringEquals": {"aws:SourceAccount": "111111111111"}}
    assert (refused["Effect"], refused["Action"]) == ("Deny", "s3:PutObject")
    assert flat(refused["Resource"]) == below(ireland, "*")
    assert f"{flat(refused['Condition']['ArnEquals']['aws:SourceArn'])}/*" == below(ireland, "*")


@pytest.mark.parametrize(
    ("service", "allowed"),
    [
        ("elb", {"LoadBalancersWrite", "RegionalDeliveriesLook", "RegionalDeliveriesWrite"}),
        ("cloudfront", {"EdgeDeliveriesLook", "EdgeDeliveriesWrite"}),
        ("s3access", {"AccessLogsWrite"}),
    ],
)
def test_only_the_chosen_services_may_deliver(service: LogService, allowed: set[str]) -> None:
    found = statements(alone(services=(service,)))

    assert {why for why, s in found.items() if s["Effect"] == "Allow"} == allowed
    assert "RefuseItsOwnAccessLog" in found


@pytest.mark.parametrize(
    ("region", "bucket"),
    [
        ("us-east-1", "central-logs-111111111111-us-east-1"),
        ("eu-west-1", "central-logs-111111111111-eu-west-1"),
        ("ap-south-1", "central-logs-111111111111-us-east-1"),
    ],
)
def test_any_account_of_the_organisation_may_make_a_delivery(
    region: str, bucket: str, whole: Deployment
) -> None:
    destination = whole.stack(f"files-{region}").one("AWS::Logs::DeliveryDestination")
    held = destination["DeliveryDestinationPolicy"]
    (statement,) = held["DeliveryDestinationPolicy"]["Statement"]

    assert (destination["Name"], destination["OutputFormat"]) == ("central-logs", "json")
    assert destination["DestinationResourceArn"] == f"arn:aws:s3:::{bucket}"
    assert held["DeliveryDestinationName"] == "central-logs"
    assert statement == {
        "Sid": "OrganisationDelivers",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "logs:CreateDelivery",
        "Resource": DELIVERY.format(region),
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": ORGANISATION}},
    }


def test_cloudfront_has_its_destination_where_it_takes_one(functions: Path) -> None:
    ireland = {"account": "111111111111", "region": "eu-west-1"}
    with synthesise("sandbox", code_only(functions)) as plain:
        home = plain.config.central.model_copy(update=ireland)
        members = plain.config.members.model_copy(update={"regions": ("eu-west-1",)})
    objects = Objects(central=CentralBuckets(enabled=True, services=("cloudfront",)))
    chosen = {"central": home, "members": members, "objects": objects}
    with synthesise("sandbox", code_only(functions), **chosen) as deployment:
        edge = deployment.stack("files-us-east-1")

    assert set(edge.all("AWS::S3::Bucket")) == set()
    assert edge.one("AWS::Logs::DeliveryDestination")["DestinationResourceArn"] == (
        "arn:aws:s3:::central-logs-111111111111-eu-west-1"
    )
    assert "AWS::Events::Rule" not in json.dumps(edge.body)


def test_new_objects_of_another_region_are_forwarded_to_the_bus_of_announcements(
    ireland: Template,
) -> None:
    rules = [r["Properties"] for r in ireland.all("AWS::Events::Rule").values()]
    (role,) = ireland.all("AWS::IAM::Role")

    assert [r["EventPattern"]["detail"] for r in rules] == [
        {
            "bucket": {"name": ["example-near-logs"]},
            "object": {"key": [{"prefix": "AWSLogs/"}]},
        },
        {"bucket": {"name": ["central-logs-111111111111-eu-west-1"]}},
    ]
    assert [(t["Arn"], flat(t["RoleArn"])) for r in rules for t in r["Targets"]] == [
        (BUS, f"<{role}.Arn>")
    ] * 2
    assert not [r for r in rules if "EventBusName" in r]
    assert ireland.allowed("ForwardingRole") == {("events:PutEvents", BUS)}


def test_the_role_is_taken_for_this_account_only(ireland: Template) -> None:
    (trust,) = ireland.one("AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]

    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "111111111111"}}


def test_nobody_forwards_within_the_central_region(whole: Deployment) -> None:
    assert whole.stack("files-us-east-1").all("AWS::Events::Rule") == {}


def test_announcements_of_other_regions_come_to_a_bus_of_their_own(whole: Deployment) -> None:
    pipeline = whole.stack("pipeline")
    (bus,) = [n for n in pipeline.all("AWS::Events::EventBus") if n.startswith("ObjectBus")]
    crossing = [
        rule["Properties"]
        for name, rule in pipeline.all("AWS::Events::Rule").items()
        if name.startswith("ObjectQueueCross")
    ]

    assert pipeline.all("AWS::Events::EventBus")[bus]["Properties"]["Name"] == (
        "central-logs-objects"
    )
    assert {flat(rule["EventBusName"]) for rule in crossing} == {f"<{bus}>"}
    assert [
        (r["EventPattern"]["detail"]["bucket"]["name"][0], r["EventPattern"]["account"][0])
        for r in crossing
    ] == [
        ("example-near-logs", "111111111111"),
        ("example-far-logs", "999999999999"),
        ("example-other-logs", "111111111111"),
        ("central-logs-111111111111-eu-west-1", "111111111111"),
    ]
    assert {r["EventPattern"]["region"][0] for r in crossing} == {"eu-west-1", "ap-south-1"}


def test_the_bus_takes_events_of_the_accounts_with_such_buckets_only(whole: Deployment) -> None:
    policy = whole.stack("pipeline").one("AWS::Events::EventBusPolicy", below="ObjectBus")

    assert policy["Statement"]["Principal"] == {"AWS": "arn:aws:iam::999999999999:root"}
    assert policy["Statement"]["Action"] == "events:PutEvents"
    assert policy["Statement"]["Condition"] == {
        "StringEquals": {"aws:PrincipalOrgID": ORGANISATION}
    }


def test_announcements_do_not_go_onto_the_stream(whole: Deployment) -> None:
    pipeline = whole.stack("pipeline")
    rules = {
        name: rule["Properties"]
        for name, rule in pipeline.all("AWS::Events::Rule").items()
        if "stream/" in json.dumps(rule) or "IngestStream" in json.dumps(rule)
    }
    member = whole.stack("member-111111111111-eu-west-1").one("AWS::Events::Rule")

    assert [flat(rule["EventBusName"]) for rule in rules.values()] == ["<EventsBus45DE4339>"]
    assert "aws.s3" not in member["EventPattern"]["source"]


def test_the_queue_admits_exactly_these_rules(whole: Deployment) -> None:
    pipeline = whole.stack("pipeline")
    rules = {
        f"<{name}.Arn>"
        for name in pipeline.all("AWS::Events::Rule")
        if name.startswith("ObjectQueue")
    }

    for queue in ("ObjectQueueAnnouncements", "ObjectQueueSetAside"):
        policy = pipeline.one("AWS::SQS::QueuePolicy", below=queue)["PolicyDocument"]["Statement"]
        (allowed,) = [s for s in policy if s["Effect"] == "Allow"]
        admitted = listed(allowed["Condition"]["ArnEquals"]["aws:SourceArn"])
        assert allowed["Principal"] == {"Service": "events.amazonaws.com"}
        assert {flat(arn) for arn in admitted} == rules
        assert len(rules) == 5


def test_the_function_reads_every_bucket_in_whatever_region(whole: Deployment) -> None:
    allowed = whole.stack("pipeline").allowed("ObjectReaderFunctionRole")

    assert {arn for action, arn in allowed if action == "s3:GetObjectVersion"} == {
        "arn:aws:s3:::example-near-logs/AWSLogs/*",
        "arn:aws:s3:::example-far-logs/*",
        "arn:aws:s3:::example-other-logs/*",
        "arn:aws:s3:::central-logs-111111111111-us-east-1/*",
        "arn:aws:s3:::central-logs-111111111111-eu-west-1/*",
    }


def test_a_rule_finds_its_bus_deployed(whole: Deployment) -> None:
    waits_for = {stack.stack_name for stack in whole.construct("files-eu-west-1").dependencies}

    assert waits_for == {"CentralLogs-sandbox-pipeline"}
    assert "Fn::ImportValue" not in json.dumps(whole.stack("files-eu-west-1").body)


def test_nag_and_cfn_lint_find_nothing(whole: Deployment) -> None:
    report = AwsSolutionsChecks(whole.app).validate_scope(whole.app)
    linted = [
        f"{match.rule.id} {match.message}"
        for name, template in whole.templates.items()
        if name.startswith(("files", "pipeline"))
        for match in lint_file(
            template.file, ManualArgs(regions=["us-east-1"], ignore_checks=LINT_IGNORED)
        )
    ]

    assert [f"{v.rule_name}: {v.violating_resources}" for v in report.violations] == []
    assert linted == []
