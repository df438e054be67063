"""An event of the Lambda platform as an ECS document.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
"""

import re
from typing import Any

from logcore.formats.web import size
from logcore.record import Document, LogRecord
from logcore.shape import LONG, compact, integer, obj, text, time

TYPES = {
    "platform.initStart": "start",
    "platform.initReport": "info",
    "platform.start": "start",
    "platform.runtimeDone": "end",
    "platform.report": "end",
    "platform.restoreStart": "start",
    "platform.fault": "end",
}
"""ECS ``event.type``; every other event only informs."""

OUTCOMES = {"success": "success", "failure": "failure", "error": "failure", "timeout": "failure"}
"""``event.outcome`` by AWS's status."""

LEVELS = {"platform.fault": "error", "platform.logsDropped": "warn"}
"""``log.level`` of what is never good; of the rest the outcome decides."""

_GROUP = "/aws/lambda/"
_STREAM = re.compile(r"\d{4}/\d\d/\d\d/(?P<name>[\w-]*)\[(?P<version>[^\]]+)\]")
_ARN = re.compile(
    r"arn:[\w-]+:lambda:(?P<region>[\w-]+):(?P<account>\d{12}):function:(?P<name>[\w-]+)"
    r"(?::(?P<alias>[\w$-]+))?"
)
_ROOT = re.compile(r"(?:Root=)?(?P<trace>1-[0-9a-f]{8}-[0-9a-f]{24})")
_FAULT = re.compile(r"RequestId: (?P<id>\S+) (?P<said>.+)", re.DOTALL)
_NANOSECONDS = 1_000_000  # in a millisecond
_MB_PER_GB = 1_024
_MS_PER_S = 1_000


def document_of(raw: dict[str, Any], record: LogRecord) -> Document:
    """The document of an event with ``type``, ``record`` and, in JSON, ``time``."""
    malformed: list[str] = []
    kind = raw["type"]
    said = _said(raw)
    metrics = obj(said.get("metrics"))
    tracing = obj(said.get("tracing"))
    arn = _ARN.fullmatch(text(said.get("functionArn")) or "")
    status = text(said.get("status"))
    outcome = OUTCOMES.get(status or "", "unknown") if status else None
    document = compact(
        {
            "@timestamp": time(raw.get("time"), "time", malformed),
            "message": _sentence(raw, said, record),
            "event": {
                "kind": "event",
                "category": ["process"],
                "type": [TYPES.get(kind, "info")],
                "action": kind.removeprefix("platform."),
                "outcome": outcome,
                "reason": text(said.get("reason")),
                "duration": _nanoseconds(metrics.get("durationMs"), "durationMs", malformed),
            },
            "log": {"level": "error" if outcome == "failure" else LEVELS.get(kind)},
            "faas": {**_function(said, record, arn), "coldstart": _is_cold(kind, metrics)},
            "cloud": {
                "account": {"id": arn["account"] if arn else None},
                "region": arn["region"] if arn else None,
                "service": {"name": "lambda"},
            },
            "error": {
                "type": text(said.get("errorType")),
                "message": text(said.get("errorMessage")),
            },
            "trace": {"id": _trace(text(tracing.get("value")))},
            "span": {"id": text(tracing.get("spanId"))},
            "lambda": {
                "status": status,
                "phase": text(said.get("phase")),
                "initialization_type": text(said.get("initializationType")),
                "runtime": text(said.get("runtimeVersion")),
                "extension": text(said.get("name")),
                "dropped_records": size(said.get("droppedRecords"), "droppedRecords", malformed),
                **_measures(metrics, malformed),
            },
            "pipeline": {"malformed": malformed},
        }
    )
    document["aws"] = {"lambda_logs": raw}
    return document


def _said(raw: dict[str, Any]) -> dict[str, Any]:
    """The event's ``record``; a fault has only a sentence."""
    said = raw.get("record")
    if not isinstance(said, str):
        return obj(said)
    found = _FAULT.fullmatch(said)
    identity = {"requestId": found["id"], "errorMessage": found["said"]} if found else {}
    return {"status": "error", "errorMessage": said, **identity}


def _function(said: dict[str, Any], record: LogRecord, arn: re.Match[str] | None) -> dict[str, Any]:
    """Which function, from the event or from where the line stands."""
    origin = record.origin
    stream = _STREAM.match(origin.log_stream)
    group = origin.log_group.removeprefix(_GROUP) if origin.log_group.startswith(_GROUP) else None
    named = text(said.get("functionName")) or (arn["name"] if arn else None)
    version = text(said.get("functionVersion")) or text(said.get("version"))
    return {
        "name": named or group or (stream["name"] or None if stream else None),
        "id": arn[0] if arn else None,
        "version": version or (stream["version"] if stream else None),
        "execution": text(said.get("requestId")),
    }


def _is_cold(kind: str, metrics: dict[str, Any]) -> bool | None:
    """Whether the invocation that is reported waited for an environment to be made or restored."""
    if kind != "platform.report":
        return None
    return "initDurationMs" in metrics or "restoreDurationMs" in metrics


def _measures(metrics: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """What was used and is paid for."""
    billed = size(_whole(metrics.get("billedDurationMs")), "billedDurationMs", malformed)
    memory = size(metrics.get("memorySizeMB"), "memorySizeMB", malformed)
    used = size(metrics.get("maxMemoryUsedMB"), "maxMemoryUsedMB", malformed)
    return {
        "billed_duration_ms": billed,
        "billed_gb_seconds": _gb_seconds(billed, memory),
        "init_duration_ms": _milliseconds(
            metrics.get("initDurationMs"), "initDurationMs", malformed
        ),
        "restore_duration_ms": _milliseconds(
            metrics.get("restoreDurationMs"), "restoreDurationMs", malformed
        ),
        "memory_size_mb": memory,
        "max_memory_used_mb": used,
        "memory_used_percent": round(100 * used / memory, 1) if memory and used else None,
    }


def _gb_seconds(billed_ms: int | None, memory_mb: int | None) -> float | None:
    if billed_ms is None or memory_mb is None:
        return None
    return round(billed_ms / _MS_PER_S * memory_mb / _MB_PER_GB, 6)


def _whole(value: Any) -> Any:  # noqa: ANN401  any JSON
    """A fraction without its part after the point, which JSON may write for a whole number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _milliseconds(value: Any, name: str, malformed: list[str]) -> float | None:  # noqa: ANN401
    """A time that is not negative; ``None`` stays ``None``."""
    if value is None:
        return None
    if type(value) not in (int, float) or not 0 <= value < LONG / _NANOSECONDS:
        malformed.append(name)
        return None
    return float(value)


def _nanoseconds(value: Any, name: str, malformed: list[str]) -> int | None:  # noqa: ANN401
    found = _milliseconds(value, name, malformed)
    return None if found is None else integer(round(found * _NANOSECONDS), name, malformed)


def _trace(value: str | None) -> str | None:
    """The trace of X-Ray's header, ``Root=1-…;Parent=…;Sampled=1``, or the bare id of a line."""
    found = _ROOT.match(value or "")
    return found["trace"] if found else None


def _sentence(raw: dict[str, Any], said: dict[str, Any], record: LogRecord) -> str:
    """The line itself; for JSON ``report af9d5aa4-…: timeout``."""
    if record.body is None and not record.message.startswith("{"):
        return record.message.strip()
    words = raw["type"].removeprefix("platform."), text(said.get("requestId"))
    why = text(said.get("errorMessage")) or text(said.get("errorType")) or text(said.get("reason"))
    ends = text(said.get("status")), why
    head, tail = " ".join(filter(None, words)), ", ".join(filter(None, ends))
    return f"{head}: {tail}" if tail else head
