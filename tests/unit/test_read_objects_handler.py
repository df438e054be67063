"""The read_objects function at its wire: SQS messages in, a partial-batch response out."""

import importlib
import json
from dataclasses import fields
from types import ModuleType
from typing import Any
from urllib.parse import quote_plus

import pytest
from aws_lambda_powertools.utilities.batch.exceptions import BatchProcessingError
from hypothesis import given
from hypothesis import strategies as st

from lambdas import observability as names
from lambdas.delivery.settings import DeliverySettings
from lambdas.read_objects.notices import Notice, NoticeError, notices
from lambdas.read_objects.settings import Settings
from tests.unit.test_normalise_handler import SETTINGS as DELIVERY
from tests.unit.test_normalise_handler import Context as NormaliseContext
from tests.unit.test_pipeline import ListSink
from tests.unit.test_read_objects import Bucket, Function

SETTINGS = Settings(
    **{field.name: getattr(DELIVERY, field.name) for field in fields(DeliverySettings)},
    queue_url="https://sqs.us-east-1.amazonaws.com/111111111111/objects",
    reserve_seconds=60,
)
KEY = "AWSLogs/222222222222/app logs/ü+1=2.log"
BY_S3 = {
    "Records": [
        {
            "eventSource": "aws:s3",
            "eventName": "ObjectCreated:Put",
            "s3": {
                "bucket": {"name": "logs"},
                "object": {"key": quote_plus(KEY, safe="/"), "eTag": "e1", "versionId": "v1"},
            },
        }
    ]
}
BY_EVENTBRIDGE = {
    "source": "aws.s3",
    "detail-type": "Object Created",
    "detail": {
        "bucket": {"name": "logs"},
        "object": {"key": KEY, "etag": "e1", "version-id": "v1"},
    },
}
TEST_EVENT = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "logs"}


class Context(NormaliseContext):
    """What Lambda tells the function about itself."""

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


def tried(key: str) -> dict[str, Any]:
    """What a load balancer puts to see whether it may."""
    return BY_EVENTBRIDGE | {"detail": {"bucket": {"name": "logs"}, "object": {"key": key}}}


def by_sns(message: dict[str, Any]) -> dict[str, Any]:
    return {"Type": "Notification", "TopicArn": "t", "Message": json.dumps(message)}


@pytest.mark.parametrize("message", [BY_S3, BY_EVENTBRIDGE, by_sns(BY_S3), by_sns(BY_EVENTBRIDGE)])
def test_an_object_is_announced_in_each_form(message: dict[str, Any]) -> None:
    assert notices(json.dumps(message)) == [Notice("logs", KEY, "v1", "e1")]


def test_a_message_of_our_own_says_where_to_go_on() -> None:
    notice = Notice("logs", KEY, "v1", "e1", 2_001)

    assert notices(notice.message()) == [notice]


def test_a_bucket_without_versions_announces_none() -> None:
    message = json.dumps(BY_EVENTBRIDGE).replace(', "version-id": "v1"', "")

    assert notices(message) == [Notice("logs", KEY, "", "e1")]


@pytest.mark.parametrize(
    "message",
    [
        TEST_EVENT,
        by_sns(TEST_EVENT),
        {"Records": []},
        {"Records": [BY_S3["Records"][0] | {"eventName": "ObjectRemoved:Delete"}]},
        BY_EVENTBRIDGE | {"detail-type": "Object Deleted"},
        tried("AWSLogs/222222222222/ELBAccessLogTestFile"),
        tried("AWSLogs/222222222222/ELBConnectionLogTestFile"),
    ],
)
def test_tests_and_removals_announce_nothing(message: dict[str, Any]) -> None:
    assert notices(json.dumps(message)) == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "hello",
        "[]",
        "7",
        "{}",
        '{"source": "aws.ec2", "detail-type": "Object Created", "detail": {}}',
        '{"Records": [{"eventName": "ObjectCreated:Put"}]}',
        '{"central-logs-object": {"unknown": 1}}',
        "[" * 100_000,
    ],
    ids=lambda body: body[:20],
)
def test_a_message_in_no_known_form_is_refused(body: str) -> None:
    with pytest.raises(NoticeError, match="expected a message about S3 objects"):
        notices(body)


@given(
    st.recursive(
        st.none() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "Records",
                        "s3",
                        "source",
                        "detail",
                        "Type",
                        "Message",
                        "Event",
                        "eventName",
                        "object",
                    ]
                ),
                x,
            )
        ),
    )
)
def test_any_message_is_read_or_refused(message: Any) -> None:
    try:
        found = notices(json.dumps(message))
    except NoticeError:
        return
    assert all(isinstance(notice, Notice) for notice in found)


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    aws = {
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example",
    }
    for name, value in (SETTINGS.to_env() | aws).items():
        monkeypatch.setenv(name, value)
    return importlib.import_module("lambdas.read_objects.handler")


def event(*messages: Any) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": str(number),
                "body": json.dumps(message),
                "attributes": {"SentTimestamp": "1772366520000"},
                "eventSource": "aws:sqs",
            }
            for number, message in enumerate(messages)
        ]
    }


def totals(capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (line,) = [line for line in lines if names.OBJECTS_RECEIVED in line]
    kinds = ("Events", "Documents", "Objects", "Messages")
    return {name: int(line[name][0]) for name in line if name.startswith(kinds)}


def test_a_batch_that_was_read_has_no_failures(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    function = Function(Bucket(b"one\ntwo\n"))
    monkeypatch.setattr(handler, "reader", function.reader)

    response = handler.handler(event(BY_S3, TEST_EVENT), Context())

    assert response == {"batchItemFailures": []}
    assert function.messages() == ["one", "two"]


def test_only_messages_that_failed_are_named(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler, "reader", Function(Bucket(b"one")).reader)

    response = handler.handler(event(BY_S3, {"who": "knows"}), Context())

    assert response == {"batchItemFailures": [{"itemIdentifier": "1"}]}


def test_a_failure_that_someone_must_mend_is_an_error_that_names_the_object(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bucket = Bucket()
    bucket.error = "AccessDenied"
    monkeypatch.setattr(handler, "reader", Function(bucket).reader)

    with pytest.raises(BatchProcessingError):
        handler.handler(event(BY_EVENTBRIDGE), Context())

    (said,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "AccessDenied" in str(said.exc_info)
    assert json.loads(vars(said)["announced"]) == BY_EVENTBRIDGE


def test_published_metrics_balance_whatever_becomes_of_the_objects(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sink = ListSink(leave=b"late", refuse=b"never")
    function = Function(Bucket(b"one\nlate\nnever\n{\n"), sink)
    monkeypatch.setattr(handler, "reader", function.reader)

    with pytest.raises(BatchProcessingError):
        handler.handler(event(BY_S3), Context())

    found = totals(capsys)
    assert found[names.MESSAGES_RECEIVED] == 1
    assert (
        found[names.OBJECTS_RECEIVED]
        == 1
        == sum(
            found[name]
            for name in (
                names.OBJECTS_READ,
                names.OBJECTS_CONTINUED,
                names.OBJECTS_GONE,
                names.OBJECTS_FAILED,
            )
        )
    )
    assert found[names.EVENTS_RECEIVED] == 4
    assert found[names.EVENTS_RECEIVED] == (
        found[names.EVENTS_ACCEPTED] + found[names.EVENTS_REJECTED]
    )
    assert found[names.EVENTS_ACCEPTED] == (
        found[names.DOCUMENTS_DELIVERED]
        + found[names.DOCUMENTS_REFUSED]
        + found[names.DOCUMENTS_UNDELIVERED]
    )


def test_messages_that_announce_nothing_are_counted(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(handler, "reader", Function(Bucket()).reader)

    handler.handler(event(TEST_EVENT, BY_S3), Context())

    found = totals(capsys)
    assert (found[names.MESSAGES_RECEIVED], found[names.MESSAGES_IGNORED]) == (2, 1)
    assert found[names.OBJECTS_READ] == 1
