"""The normalise function at its wire: a Kinesis event in, a partial-batch response out."""

import base64
import gzip
import importlib
import json
from types import ModuleType
from typing import Any

import pytest
from aws_lambda_powertools.utilities.batch.exceptions import BatchProcessingError

from lambdas import observability as names
from lambdas.normalise.pipeline import Pipeline
from lambdas.normalise.quiet import Quiet
from lambdas.normalise.settings import Settings
from logcore.normalise import Normaliser
from logcore.own_logs import OwnLogs
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.rules import Rules
from tests.unit.test_enrichment_objects import World
from tests.unit.test_pipeline import FLOW, FakeS3, ListSink, delivery

HOME, MEMBER = "111111111111", "222222222222"

SETTINGS = Settings(
    delivery_stream="documents",
    endpoint="https://search.example.com",
    index="logs-inbox",
    sinks={"*": "firehose"},
    reject_bucket="rejects",
    reject_prefix="rejects/",
    keep_original=(),
    overrides={},
    source_options={},
    rules_file="",
    redaction_key="",
    account=HOME,
    own_logs="/central-logs/",
)


class Context:
    """What Lambda tells a function about itself."""

    function_name = "normalise"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:111111111111:function:normalise"
    aws_request_id = "request-1"


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    aws = {
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example",
    }
    for name, value in (SETTINGS.to_env() | aws).items():
        monkeypatch.setenv(name, value)
    return importlib.import_module("lambdas.normalise.handler")


RULES = Rules(
    {
        "aws.vpcflow": [
            {"name": "quiet", "action": "drop", "when": {"source.ip": ["192.0.2.97"]}},
            {"name": "new", "action": "drop", "when": "always", "dry_run": True},
            {"name": "ports", "action": "redact", "mode": "remove", "fields": ["source.port"]},
        ]
    }
)


def through(handler: ModuleType, monkeypatch: pytest.MonkeyPatch, sink: ListSink) -> None:
    """Put a list in the place of the sink and a dictionary in that of S3."""
    carrier = Pipeline(
        Normaliser(Routing(SOURCES), rules=RULES), delivery({"*": sink}, FakeS3(), RULES)
    )
    monkeypatch.setattr(handler, "pipeline", carrier)


def event(*payloads: list[str]) -> dict[str, Any]:
    return {"Records": [record(str(n), messages) for n, messages in enumerate(payloads)]}


def record(
    sequence: str, messages: list[str], *, owner: str = MEMBER, group: str = "/aws/vpc/flow"
) -> dict[str, Any]:
    envelope = {
        "messageType": "DATA_MESSAGE",
        "owner": owner,
        "logGroup": group,
        "logStream": "eni-1-all",
        "subscriptionFilters": ["central-logs-us-east-1"],
        "logEvents": [
            {"id": f"{sequence}-{n}", "timestamp": 1_566_848_933_000, "message": message}
            for n, message in enumerate(messages)
        ],
    }
    data = base64.b64encode(gzip.compress(json.dumps(envelope).encode())).decode()
    return {
        "eventSource": "aws:kinesis",
        "eventID": f"shardId-000000000000:{sequence}",
        "kinesis": {
            "sequenceNumber": sequence,
            "approximateArrivalTimestamp": 1_566_848_990.5,
            "data": data,
        },
    }


def test_a_batch_that_was_delivered_has_no_failures(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = ListSink()
    through(handler, monkeypatch, sink)

    response = handler.handler(event([FLOW], [FLOW, "bad"]), Context())

    assert response == {"batchItemFailures": []}
    assert len(sink.taken) == 3


def test_only_records_with_undelivered_documents_are_named(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    through(handler, monkeypatch, ListSink(leave=b"192.0.2.99"))
    late = FLOW.replace("192.0.2.10", "192.0.2.99")

    response = handler.handler(event([FLOW], [late], [FLOW]), Context())

    assert response == {"batchItemFailures": [{"itemIdentifier": "1"}]}


def test_a_batch_of_which_nothing_was_delivered_fails_as_a_whole(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    through(handler, monkeypatch, ListSink(leave=b"aws.vpcflow"))

    with pytest.raises(BatchProcessingError):
        handler.handler(event([FLOW], [FLOW]), Context())


def test_published_metrics_balance(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sink = ListSink(leave=b"192.0.2.99", refuse=b"192.0.2.98")
    through(handler, monkeypatch, sink)
    flows = [FLOW, *(FLOW.replace("2.10", f"2.{last}") for last in (99, 98, 97)), "bad"]

    handler.handler(event(flows, [FLOW]), Context())

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (total,) = [line for line in lines if names.EVENTS_RECEIVED in line]
    value = {name: total[name][0] for name in total if name.startswith(("Events", "Documents"))}
    assert (value[names.EVENTS_RECEIVED], value[names.EVENTS_DROPPED]) == (6, 1)
    assert value[names.EVENTS_RECEIVED] == (
        value[names.EVENTS_ACCEPTED] + value[names.EVENTS_REJECTED] + value[names.EVENTS_DROPPED]
    )
    assert value[names.EVENTS_ACCEPTED] == (
        value[names.DOCUMENTS_DELIVERED]
        + value[names.DOCUMENTS_REFUSED]
        + value[names.DOCUMENTS_UNDELIVERED]
    )


def test_rejects_are_counted_by_source(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    through(handler, monkeypatch, ListSink())

    handler.handler(event(["bad", "worse"]), Context())

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    by_source = {line["source"]: line for line in lines if "source" in line}
    assert by_source["vpc_flow"][names.EVENTS_REJECTED] == [2]


def test_malformed_fields_are_counted_by_source_and_field_and_named_in_the_log(
    handler: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    through(handler, monkeypatch, ListSink())
    smudged = FLOW.replace(" 43416 443 ", " 434x6 443 ")

    handler.handler(event([FLOW, smudged, smudged]), Context())

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (total,) = [line for line in lines if names.EVENTS_RECEIVED in line]
    (apart,) = [line for line in lines if "field" in line]
    assert total[names.FIELDS_MALFORMED] == [2]
    assert (apart["source"], apart["field"]) == ("vpc_flow", "srcport")
    assert apart[names.FIELDS_MALFORMED] == [2]
    (said,) = [vars(line) for line in caplog.records if line.message == "batch delivered"]
    assert said["malformed"] == {"vpc_flow/srcport": 2}


def test_what_rules_did_and_would_do_is_counted_by_rule_and_said_in_the_log(
    handler: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    through(handler, monkeypatch, ListSink())

    handler.handler(event([FLOW, FLOW.replace("2.10", "2.97")]), Context())

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    by_rule = {
        (line["rule"], name): line[name][0]
        for line in lines
        for name in line
        if "rule" in line and name.startswith("Events")
    }
    assert by_rule == {
        ("quiet", names.EVENTS_DROPPED): 1,
        ("new", names.EVENTS_WOULD_DROP): 1,
        ("ports", names.EVENTS_REDACTED): 1,
    }
    (said,) = [vars(line) for line in caplog.records if line.message == "batch delivered"]
    assert (said["dropped"], said["would_drop"]) == ({"quiet": 1}, {"new": 1})


def test_each_enricher_adds_to_or_skips_each_accepted_event(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    enrichment = World("organisation", "related").open()
    normaliser = Normaliser(Routing(SOURCES), enrichers=enrichment.enrichers)
    carrier = Pipeline(normaliser, delivery({"*": ListSink()}, FakeS3()))
    monkeypatch.setattr(handler, "enrichment", enrichment)
    monkeypatch.setattr(handler, "pipeline", carrier)

    handler.handler(event([FLOW, FLOW, "bad"]), Context())

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    numbers = {
        (line["enricher"], name): line[name][0]
        for line in lines
        if "enricher" in line
        for name in (names.ENRICHMENTS_ADDED, names.ENRICHMENTS_SKIPPED)
        if name in line
    }
    for enricher in ("organisation", "related"):
        added, skipped = (
            numbers[enricher, name] for name in (names.ENRICHMENTS_ADDED, names.ENRICHMENTS_SKIPPED)
        )
        assert added + skipped == 2


def test_own_lines_are_answered_once_and_then_kept_for_the_next_batch_of_others(
    handler: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each of these lines would else be the next batch."""
    sink = ListSink()
    core = Normaliser(Routing(SOURCES), own=OwnLogs(HOME, "/central-logs/"))
    monkeypatch.setattr(handler, "pipeline", Pipeline(core, delivery({"*": sink}, FakeS3())))
    monkeypatch.setattr(handler, "quiet", Quiet())
    own = {"Records": [record("1", ["a line"], owner=HOME, group="/central-logs/normalise")]}

    def said(event: dict[str, Any]) -> list[dict[str, Any]]:
        assert handler.handler(event, Context()) == {"batchItemFailures": []}
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    first, second, third = said(own), said(own), said(event([FLOW]))

    assert first
    assert (second, len(caplog.records)) == ([], 2)
    (by_rule,) = [line for line in third if "rule" in line]
    assert (by_rule["rule"], by_rule[names.EVENTS_DROPPED]) == ("own-logs", [1])
    assert len(sink.taken) == 1
