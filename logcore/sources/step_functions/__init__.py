"""Step Functions: what happened in each execution of a state machine, event by event.

Reference: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
"""

import re
from typing import Any

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord
from logcore.shape import EARLIEST_MS, LATEST_MS, compact, integer, json_object, obj, text, utc
from logcore.source import Source

REFERENCE = "https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html"

OUTCOMES = {
    "Succeeded": "success",
    "Failed": "failure",
    "TimedOut": "failure",
    "Aborted": "failure",
}
"""``event.outcome`` by the last words of an event's type: ``TaskFailed``, ``ScheduleFailed``."""

PHASES = {"Started": "start", "Entered": "start", "Exited": "end", **dict.fromkeys(OUTCOMES, "end")}
"""ECS ``event.type`` likewise; every other event only informs."""

_HEAD = '{"id":"'
_ARN = re.compile(
    r"arn:[\w-]+:states:(?P<region>[\w-]+):(?P<account>\d{12}):(?:execution|express):"
    r"(?P<machine>[^:]+):(?P<execution>.+)"
)


def parse(record: LogRecord) -> Document:
    """Turn one event of an execution's history into an ECS process event.

    Raises:
        MalformedError: the message is no JSON object, or one without an execution and a type
            (``not_an_execution``).
    """
    raw = json_object(record)
    kind, arn = text(raw.get("type")), text(raw.get("execution_arn"))
    if kind is None or arn is None:
        raise MalformedError("not_an_execution", "expected a type and an execution_arn")
    malformed: list[str] = []
    named = _ARN.fullmatch(arn)
    if named is None:
        malformed.append("execution_arn")
    parts = named.groupdict() if named else {}
    details = obj(raw.get("details"))
    outcome = _by_end(kind, OUTCOMES)
    document = compact(
        {
            "@timestamp": _time(raw, malformed),
            "message": _sentence(kind, parts.get("machine"), details),
            "event": {
                "kind": "event",
                "category": ["process"],
                "type": [_by_end(kind, PHASES) or "info"],
                "action": kind,
                "outcome": outcome,
                "sequence": integer(raw.get("id"), "id", malformed),
            },
            "log": {"level": "error" if outcome == "failure" else None},
            "cloud": {
                "account": {"id": parts.get("account")},
                "region": parts.get("region"),
                "service": {"name": "states"},
            },
            "service": {"name": parts.get("machine")},
            "transaction": {"id": arn},
            "error": {"type": text(details.get("error")), "message": text(details.get("cause"))},
            "step_functions": {
                "execution": parts.get("execution"),
                "state": text(details.get("name")),
                "resource_type": text(details.get("resourceType")),
                "resource": text(details.get("resource")),
                "redrives": integer(raw.get("redrive_count"), "redrive_count", malformed),
            },
            "pipeline": {"malformed": malformed},
        }
    )
    document["aws"] = {"step_functions": raw}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether a line from anywhere is an event of an execution, as Step Functions writes it."""
    message = record.message
    return message.startswith(_HEAD) and '"execution_arn":"arn:' in message


def _by_end(kind: str, table: dict[str, str]) -> str | None:
    return next((value for end, value in table.items() if kind.endswith(end)), None)


def _time(raw: dict[str, Any], malformed: list[str]) -> str | None:
    """``event_timestamp`` is milliseconds since the epoch, as text."""
    found = integer(raw.get("event_timestamp"), "event_timestamp", malformed)
    if found is None:
        return None
    if not EARLIEST_MS <= found < LATEST_MS:
        malformed.append("event_timestamp")
        return None
    return utc(found)


def _sentence(kind: str, machine: str | None, details: dict[str, Any]) -> str:
    """``orders TaskStateEntered Charge`` or ``orders ExecutionFailed: States.Timeout``."""
    words = " ".join(filter(None, (machine, kind, text(details.get("name")))))
    error = text(details.get("error"))
    return f"{words}: {error}" if error else words


SOURCE = Source(
    name="step_functions",
    dataset="aws.step_functions",
    reference=REFERENCE,
    log_groups=("/aws/vendedlogs/states/*", "/aws/states/*"),
    keys=("id",),  # which it writes first
    recognises=recognises,
    parse=parse,
)
