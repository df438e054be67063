"""An event of an execution says which state machine it belongs to and how it ended."""

import json
from typing import Any

import pytest

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord, Origin
from logcore.sources.step_functions import parse, recognises

ARN = "arn:aws:states:eu-west-1:222222222222:{}:orders:order-7{}"


def record(raw: dict[str, Any]) -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", log_group="/aws/vendedlogs/states/orders")
    message = json.dumps(raw, separators=(",", ":"))
    return LogRecord("0", 1_772_366_470_000, message, origin)


def raw(kind: str, arn: str = ARN.format("execution", ""), **details: Any) -> dict[str, Any]:
    return {"id": "7", "type": kind, "details": details, "execution_arn": arn}


def parsed(kind: str, **fields: Any) -> Document:
    return parse(record(raw(kind, **fields)))


@pytest.mark.parametrize(
    ("kind", "phase", "outcome"),
    [
        *(("ExecutionStarted", "start", None), ("ExecutionSucceeded", "end", "success")),
        *(("TaskTimedOut", "end", "failure"), ("LambdaFunctionScheduleFailed", "end", "failure")),
        *(("MapStateAborted", "end", "failure"), ("ChoiceStateExited", "end", None)),
        *(("TaskScheduled", "info", None), ("ExecutionRedriven", "info", None)),
    ],
)
def test_the_end_of_a_type_says_what_became_of_it(
    kind: str, phase: str, outcome: str | None
) -> None:
    event = parsed(kind)["event"]

    assert (event["type"], event.get("outcome")) == ([phase], outcome)


@pytest.mark.parametrize(
    ("form", "more", "execution"),
    [("execution", "", "order-7"), ("express", ":0a1b", "order-7:0a1b")],
)
def test_the_arn_names_machine_and_execution_of_both_kinds(
    form: str, more: str, execution: str
) -> None:
    document = parsed("ExecutionStarted", arn=ARN.format(form, more))

    assert document["service"]["name"] == "orders"
    assert document["step_functions"]["execution"] == execution


def test_an_event_is_recognised_anywhere_and_other_json_is_not() -> None:
    assert recognises(record(raw("TaskFailed")))
    assert not recognises(record({"id": "7", "type": "order"}))
    assert not recognises(record({"saw": raw("TaskFailed")}))


def test_an_event_of_no_execution_is_rejected() -> None:
    with pytest.raises(MalformedError) as caught:
        parse(record({"id": "7", "type": "ExecutionStarted"}))

    assert caught.value.reason == "not_an_execution"
