"""How log files in S3 reach the function that reads them, and what that may do."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cdk_nag import AwsSolutionsChecks
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

from infra.budgets.check import check_budgets
from infra.bundle import code_only
from infra.config.objects import LogBucket, Objects
from lambdas.read_objects.settings import Settings
from tests.infra.deployment import Deployment, Template, flat, listed, synthesise
from tests.infra.test_app import LINT_IGNORED
from tests.infra.test_roles import BUCKET, ENCRYPT, KEY, SNAPSHOT, writes_log

FOREIGN_KEY = "arn:aws:kms:us-east-1:222222222222:key/11111111-2222-3333-4444-555555555555"
OURS = LogBucket(name="example-org-logs", prefix="AWSLogs/")
THEIRS = LogBucket(name="example-edge-logs", key_arn=FOREIGN_KEY, account="222222222222")


@pytest.fixture(scope="module")
def reading(functions: Path) -> Iterator[Deployment]:
    """The sandbox with a bucket of its own and one of another account."""
    objects = Objects(buckets=(OURS, THEIRS))
    with synthesise("sandbox", code_only(functions), objects=objects) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def stack(reading: Deployment) -> Template:
    return reading.stack("pipeline")


def arn_of(template: Template, kind: str, begins: str) -> str:
    (name,) = [name for name in template.all(kind) if name.startswith(begins)]
    return f"<{name}.Arn>"


def statements(template: Template, queue: str) -> list[dict[str, Any]]:
    policy = template.one("AWS::SQS::QueuePolicy", below=queue)
    found: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return found


def test_without_a_bucket_there_is_nothing_of_it(deployment: Deployment) -> None:
    text = json.dumps(deployment.stack("pipeline").body)

    assert "central-logs-objects" not in text
    assert "read_objects" not in text
    assert "s3.amazonaws.com" not in json.dumps(deployment.stack("search").one("AWS::KMS::Key"))


def test_a_message_stays_unseen_for_six_invocations_and_is_set_aside_after_its_tries(
    stack: Template,
) -> None:
    queue = stack.one("AWS::SQS::Queue", below="ObjectQueueAnnouncements")
    function = stack.one("AWS::Lambda::Function", below="ObjectReader")

    assert queue["QueueName"] == "central-logs-objects"
    assert queue["VisibilityTimeout"] == 6 * function["Timeout"] == 5_400
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 5
    assert flat(queue["RedrivePolicy"]["deadLetterTargetArn"]) == arn_of(
        stack, "AWS::SQS::Queue", "ObjectQueueSetAside"
    )
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3_600


@pytest.mark.parametrize("queue", ["ObjectQueueAnnouncements", "ObjectQueueSetAside"])
def test_queues_are_encrypted_with_our_key_and_reached_by_tls_only(
    stack: Template, queue: str
) -> None:
    denied = [s["Condition"] for s in statements(stack, queue) if s["Effect"] == "Deny"]

    assert flat(stack.one("AWS::SQS::Queue", below=queue)["KmsMasterKeyId"]) == KEY
    assert denied == [{"Bool": {"aws:SecureTransport": "false"}}]


def test_the_named_buckets_of_their_accounts_may_announce_and_nobody_else(stack: Template) -> None:
    (allowed,) = [
        s["Condition"]
        for s in statements(stack, "ObjectQueueAnnouncements")
        if s["Effect"] == "Allow" and s["Principal"] == {"Service": "s3.amazonaws.com"}
    ]

    assert [flat(arn) for arn in allowed["ArnEquals"]["aws:SourceArn"]] == [
        "arn:aws:s3:::example-org-logs",
        "arn:aws:s3:::example-edge-logs",
    ]
    assert allowed["StringEquals"] == {"aws:SourceAccount": ["111111111111", "222222222222"]}


def test_a_hundred_buckets_of_thirty_accounts_fit_into_the_queues_policy(functions: Path) -> None:
    buckets = [
        {"name": f"example-logs-{number}", "account": f"2222222222{number % 30:02}"}
        for number in range(100)
    ]
    objects = Objects.model_validate({"buckets": buckets})

    with synthesise("sandbox", code_only(functions), objects=objects) as deployment:
        check_budgets({"pipeline": deployment.stack("pipeline").body})


def test_buckets_of_these_accounts_may_use_the_key_for_it(reading: Deployment) -> None:
    policy = reading.stack("search").one("AWS::KMS::Key")["KeyPolicy"]

    (statement,) = [
        s for s in policy["Statement"] if s["Principal"] == {"Service": "s3.amazonaws.com"}
    ]

    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ["111111111111", "222222222222"]}
    }


def test_new_objects_of_our_own_buckets_are_followed_below_their_prefix(stack: Template) -> None:
    rule = stack.one("AWS::Events::Rule", below="ObjectQueue")
    (target,) = rule["Targets"]

    assert rule["EventPattern"] == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": {"name": ["example-org-logs"]},
            "object": {"key": [{"prefix": "AWSLogs/"}]},
        },
    }
    assert "EventBusName" not in rule
    assert flat(target["Arn"]) == arn_of(stack, "AWS::SQS::Queue", "ObjectQueueAnnouncements")
    assert flat(target["DeadLetterConfig"]["Arn"]) == arn_of(
        stack, "AWS::SQS::Queue", "ObjectQueueSetAside"
    )


@pytest.mark.parametrize("queue", ["ObjectQueueAnnouncements", "ObjectQueueSetAside"])
def test_only_our_rules_of_eventbridge_may_send(stack: Template, queue: str) -> None:
    (allowed,) = [
        s for s in statements(stack, queue) if s["Principal"] == {"Service": "events.amazonaws.com"}
    ]

    assert allowed["Action"] == "sqs:SendMessage"
    assert [flat(arn) for arn in listed(allowed["Condition"]["ArnEquals"]["aws:SourceArn"])] == [
        arn_of(stack, "AWS::Events::Rule", "ObjectQueueFollow0")
    ]


def test_the_function_reads_its_buckets_below_their_prefixes_and_nothing_else(
    stack: Template,
) -> None:
    group = arn_of(stack, "AWS::Logs::LogGroup", "ObjectReader")[1:-5]
    queue = arn_of(stack, "AWS::SQS::Queue", "ObjectQueueAnnouncements")
    s3 = "arn:aws:s3:::"

    assert stack.allowed("ObjectReaderFunctionRole") == (
        writes_log(group)
        | ENCRYPT
        | {
            ("s3:GetObject", f"{s3}example-org-logs/AWSLogs/*"),
            ("s3:GetObjectVersion", f"{s3}example-org-logs/AWSLogs/*"),
            ("s3:ListBucket", f"{s3}example-org-logs"),
            ("s3:GetObject", f"{s3}example-edge-logs/*"),
            ("s3:GetObjectVersion", f"{s3}example-edge-logs/*"),
            ("s3:ListBucket", f"{s3}example-edge-logs"),
            ("kms:Decrypt", FOREIGN_KEY),
            ("sqs:ReceiveMessage", queue),
            ("sqs:DeleteMessage", queue),
            ("sqs:GetQueueAttributes", queue),
            ("sqs:SendMessage", queue),
            ("firehose:PutRecordBatch", "<DeliveryStreamDeliveryA396167E.Arn>"),
            ("s3:PutObject", f"{BUCKET}/rejects/*"),
            ("s3:GetObject", SNAPSHOT),
        }
    )


def test_messages_are_read_in_small_batches_that_may_fail_in_part(stack: Template) -> None:
    found = stack.all("AWS::Lambda::EventSourceMapping")
    (reader,) = [r for name, r in found.items() if name.startswith("ObjectReader")]

    assert reader["Properties"]["BatchSize"] == 5
    assert reader["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert reader["Properties"]["ScalingConfig"] == {"MaximumConcurrency": 10}
    assert any(n.startswith("ObjectReaderFunctionRoleDefaultPolicy") for n in reader["DependsOn"])
    assert any(name.startswith("SearchSetup") for name in reader["DependsOn"])


def test_the_function_gets_exactly_its_settings(stack: Template) -> None:
    function = stack.one("AWS::Lambda::Function", below="ObjectReader")
    environment = {k: flat(v) for k, v in function["Environment"]["Variables"].items()}

    read = Settings.from_env(environment)

    assert read.to_env() == environment
    assert read.reserve_seconds == 60
    assert read.queue_url == arn_of(stack, "AWS::SQS::Queue", "ObjectQueueAnnouncements").replace(
        ".Arn", ""
    )
    assert function["Handler"] == "lambdas.read_objects.handler.handler"


def test_setup_lets_the_function_write_documents(stack: Template) -> None:
    settings = stack.one("Custom::SearchSetup")["Settings"]

    writers = json.loads(flat(settings["WRITER_ROLE_ARNS"]))

    assert arn_of(stack, "AWS::IAM::Role", "ObjectReaderFunctionRole") in writers
    assert len(writers) == 3


def test_its_log_is_left_out_of_every_subscription(reading: Deployment) -> None:
    members = [t for name, t in reading.templates.items() if name.startswith("member")]

    assert members
    assert all(
        "/central-logs/read_objects" in t.one("AWS::Logs::AccountPolicy")["SelectionCriteria"]
        for t in members
    )


def test_nag_and_cfn_lint_find_nothing(reading: Deployment) -> None:
    report = AwsSolutionsChecks(reading.app).validate_scope(reading.app)
    linted = [
        match.message
        for name in ("search", "pipeline")
        for match in lint_file(
            reading.stack(name).file,
            ManualArgs(regions=["us-east-1"], ignore_checks=LINT_IGNORED),
        )
    ]

    assert [f"{v.rule_name}: {v.violating_resources}" for v in report.violations] == []
    assert linted == []


def test_an_invocation_has_two_thirds_of_its_time_for_reading(functions: Path) -> None:
    objects = Objects(buckets=(OURS,), timeout_seconds=60)
    with synthesise("sandbox", code_only(functions), objects=objects) as deployment:
        function = deployment.stack("pipeline").one("AWS::Lambda::Function", below="ObjectReader")

    assert function["Environment"]["Variables"]["RESERVE_SECONDS"] == "20"
