"""Every record of every payload has one outcome; what is accepted is complete."""

import gzip
import json
from base64 import b64decode
from typing import Any

import pytest

from logcore.errors import MalformedError
from logcore.identity import event_id
from logcore.normalise import UNKNOWN, Normaliser
from logcore.record import Accepted, Document, LogRecord, Origin, Outcome, Rejected
from logcore.routing import Routing
from logcore.source import Source
from logcore.trim import LONGEST_TERM, MARK

ORIGIN = Origin(
    transport="cloudwatch_logs",
    account="222222222222",
    region="eu-west-1",
    owner="111111111111",
    log_group="/apps/web",
    log_stream="a",
)


def _parse(record: LogRecord) -> Document:
    """Take JSON messages as the document itself; refuse the rest."""
    try:
        document: Document = json.loads(record.message)
    except ValueError as error:
        raise MalformedError("not_json", str(error)) from error
    return document


PLAIN = Source(name="plain", dataset="aws.plain", reference="https://example.com", parse=_parse)
NORMALISE = Normaliser(Routing((PLAIN,)))


def record(document: Any, **changes: Any) -> LogRecord:
    message = document if isinstance(document, str) else json.dumps(document)
    return LogRecord("37", 1_772_366_400_000, message, ORIGIN)._replace(**changes)


def accepted(found: Outcome) -> Document:
    assert isinstance(found, Accepted)
    return found.document


def envelope(*messages: str) -> bytes:
    content = {
        "messageType": "DATA_MESSAGE",
        "owner": "222222222222",
        "logGroup": "/apps/web",
        "logStream": "a",
        "subscriptionFilters": ["central-logs-eu-west-1"],
        "logEvents": [
            {"id": str(number), "timestamp": 1_772_366_400_000, "message": message}
            for number, message in enumerate(messages)
        ],
    }
    return gzip.compress(json.dumps(content).encode())


def test_received_is_accepted_plus_rejected_and_in_order() -> None:
    outcomes = NORMALISE.payload(envelope('{"a":1}', "no json", '{"b":2}', "[", "{}"))

    assert [type(outcome) for outcome in outcomes] == [
        *(Accepted, Rejected, Accepted, Rejected, Accepted)
    ]
    assert [outcome.record.id for outcome in outcomes] == ["0", "1", "2", "3", "4"]


def test_a_payload_that_cannot_be_opened_is_one_reject_that_keeps_its_bytes() -> None:
    data = b"\x1f\x8b broken"
    (outcome,) = NORMALISE.payload(data)

    assert isinstance(outcome, Rejected)
    assert (outcome.source, outcome.reason) == (UNKNOWN, "payload_unreadable")
    assert b64decode(outcome.record.message) == data


def test_an_outcome_keeps_the_record_as_it_came() -> None:
    given = record({"message": "hello"})

    assert [NORMALISE(each).record for each in (given, record("no json"))] == [
        given,
        record("no json"),
    ]


def test_a_reject_names_its_source_and_reason() -> None:
    outcome = NORMALISE(record("no json"))

    assert isinstance(outcome, Rejected)
    assert (outcome.source, outcome.reason) == ("plain", "not_json")


def test_a_document_says_what_it_is_and_where_it_comes_from() -> None:
    assert accepted(NORMALISE(record({}))) == {
        "@timestamp": "2026-03-01T12:00:00.000Z",
        "event": {"id": event_id(record({})), "dataset": "aws.plain", "module": "aws"},
        "cloud": {"provider": "aws", "account": {"id": "222222222222"}, "region": "eu-west-1"},
        "aws": {
            "cloudwatch": {"log_group": "/apps/web", "log_stream": "a", "owner": "111111111111"}
        },
        "ecs": {"version": "9.0.0"},
    }


def test_what_the_source_knows_better_stays() -> None:
    own: dict[str, Any] = {
        "@timestamp": "2026-02-28T00:00:00.000Z",
        "event": {"id": "own"},
        "cloud": {"account": {"id": "333333333333"}, "region": "us-east-1"},
    }
    document = accepted(NORMALISE(record(own)))

    assert document["@timestamp"] == own["@timestamp"]
    assert document["event"]["id"] == "own"
    assert document["cloud"] == {"provider": "aws", **own["cloud"]}


def test_an_event_says_which_rule_would_match_it() -> None:
    origin = Origin(
        transport="eventbridge",
        account="222222222222",
        region="eu-west-1",
        event_source="aws.ec2",
        detail_type="State Change",
    )
    document = accepted(NORMALISE(record({}, origin=origin)))

    assert document["aws"] == {"eventbridge": {"source": "aws.ec2", "detail_type": "State Change"}}


def test_an_unknown_account_and_region_are_left_out() -> None:
    document = accepted(NORMALISE(record({}, origin=Origin(transport="unknown"))))

    assert document["cloud"] == {"provider": "aws"}


@pytest.mark.parametrize("native", [None, 7, {}, ""])
def test_an_unusable_id_of_the_source_is_replaced(native: object) -> None:
    found = record({"event": {"id": native}})

    assert accepted(NORMALISE(found))["event"]["id"] == event_id(found)


def test_the_untouched_line_is_kept_for_the_datasets_that_ask() -> None:
    keeping = Normaliser(Routing((PLAIN,)), keep_original=frozenset({"aws.plain"}))

    assert accepted(keeping(record({"a": 1})))["event"]["original"] == '{"a": 1}'
    assert "original" not in accepted(NORMALISE(record({"a": 1})))["event"]


def test_a_value_too_long_for_the_index_is_cut_named_and_tagged() -> None:
    document = accepted(NORMALISE(record({"aws": {"plain": {"text": "x" * 40_000}}})))

    assert document["aws"]["plain"]["text"].endswith(MARK)
    assert len(document["aws"]["plain"]["text"]) < LONGEST_TERM
    assert document["pipeline"]["truncated"] == ["aws.plain.text"]
    assert document["tags"] == ["truncated"]


def test_at_most_twenty_cuts_are_named() -> None:
    many = {f"key{number:02d}": "x" * 33_000 for number in range(30)}
    document = accepted(NORMALISE(record({"aws": {"plain": many}})))

    assert len(document["pipeline"]["truncated"]) == 20


def test_malformed_fields_are_tagged_beside_the_tags_of_the_source() -> None:
    own = {"tags": ["own"], "pipeline": {"malformed": ["port"]}}

    assert accepted(NORMALISE(record(own)))["tags"] == ["own", "malformed"]


def test_a_document_without_findings_has_no_tags() -> None:
    assert "tags" not in accepted(NORMALISE(record({})))
