"""The platform's lines of text, in the shape of the JSON events that say the same.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html
"""

import re
from collections.abc import Callable
from typing import Any

from logcore.codec import parse_json
from logcore.errors import MalformedError

KINDS = {
    "INIT_START": "platform.initStart",
    "INIT_REPORT": "platform.initReport",
    "START": "platform.start",
    "END": "platform.runtimeDone",
    "REPORT": "platform.report",
    "RESTORE_START": "platform.restoreStart",
    "RESTORE_REPORT": "platform.restoreReport",
    "EXTENSION": "platform.extension",
    "TELEMETRY": "platform.telemetrySubscription",
    "LOGS": "platform.logsSubscription",
    "XRAY": "platform.tracing",
}
"""Type of the JSON event by the first word of the line. ``END`` says nothing of how it ended, and
for ``XRAY``, which mostly is a part of ``REPORT``, the name is ours."""


def _number(value: str) -> float | int | str:
    """``15.74 ms`` or ``128 MB`` without its unit; other text as it is."""
    try:
        found = parse_json(value.partition(" ")[0])
    except ValueError:
        return value
    return found if type(found) in (int, float) else value


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.strip("[]").split(",") if part.strip()]


def _same(value: str) -> str:
    return value


COLUMNS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "RequestId": ("requestId", _same),
    "Version": ("version", _same),
    "Runtime Version": ("runtimeVersion", _same),
    "Runtime Version ARN": ("runtimeVersionArn", _same),
    "Duration": ("metrics.durationMs", _number),
    "Billed Duration": ("metrics.billedDurationMs", _number),
    "Memory Size": ("metrics.memorySizeMB", _number),
    "Max Memory Used": ("metrics.maxMemoryUsedMB", _number),
    "Init Duration": ("metrics.initDurationMs", _number),
    "Restore Duration": ("metrics.restoreDurationMs", _number),
    "Billed Restore Duration": ("metrics.billedRestoreDurationMs", _number),
    "Phase": ("phase", _same),
    "Status": ("status", _same),
    "Error Type": ("errorType", _same),
    "Name": ("name", _same),
    "State": ("state", _same),
    "Events": ("events", _listed),
    "Types": ("types", _listed),
    "XRAY TraceId": ("tracing.value", _same),
    "TraceId": ("tracing.value", _same),
    "SegmentId": ("tracing.spanId", _same),
    "Sampled": ("tracing.sampled", _same),
}
"""Place in the JSON event's ``record`` and reader of the value, by the label before it."""

_LABELS = "|".join(sorted(COLUMNS, key=len, reverse=True))
_COLUMN = re.compile(rf"({_LABELS}): (.*?)(?=\s+(?:{_LABELS}): |\s*\Z)", re.DOTALL)
_OF_ONE_THING = {"platform.initReport", "platform.restoreReport"}  # JSON calls it a duration

# A first word and how the line goes on, so that prose which begins with the word is none.
_HEADS = tuple(
    f"{word}{gap}{label}: "
    for words, gap, labels in (
        (("START", "END", "REPORT"), " ", ("RequestId",)),
        (("INIT_START", "RESTORE_START"), " ", ("Runtime Version",)),
        (("INIT_REPORT",), " ", ("Init Duration",)),
        (("RESTORE_REPORT",), " ", ("Restore Duration",)),
        (("EXTENSION", "TELEMETRY", "LOGS"), "\t", ("Name",)),
        (("XRAY",), " ", ("TraceId",)),
    )
    for word in words
    for label in labels
)
_FAULT_HEAD = "RequestId: "
_FAULT = re.compile(
    r"RequestId: (?P<id>\S+) (?:Error: )?"
    r"(?P<said>Process exited before completing request|Runtime exited.*?|.+?(?=\n[A-Z]\w+\.\w+))"
    r"(?:\n(?P<type>[A-Z]\w+\.\w+))?\s*",
    re.DOTALL,
)
_TIMED_OUT = "Task timed out after "
_TIMEOUT_AT = len("2026-03-01T12:00:00.000Z 00000000-0000-0000-0000-000000000000 ")
_TIMEOUT = re.compile(r"(?P<time>\S+) (?P<id>\S+) (?P<said>Task timed out after (?P<s>[\d.]+).*)")


def is_line(message: str) -> bool:
    """Whether text begins as one of the platform's lines does."""
    return (
        message.startswith(_HEADS)
        or message.startswith(_TIMED_OUT, _TIMEOUT_AT)
        or (message.startswith(_FAULT_HEAD) and _FAULT.fullmatch(message) is not None)
    )


def platform_event(message: str) -> dict[str, Any]:
    """The event with ``type`` and ``record``, and ``time`` where the line has one.

    Raises:
        MalformedError: the line is none of the platform's (``not_platform``).
    """
    if message.startswith(_HEADS):
        return _from_columns(message)
    if timeout := _TIMEOUT.match(message):
        return {
            "time": timeout["time"],
            "type": "platform.fault",
            "record": {
                "requestId": timeout["id"],
                "status": "timeout",
                "errorMessage": timeout["said"].strip(),
            },
        }
    if fault := _FAULT.fullmatch(message):
        return {
            "type": "platform.fault",
            "record": {
                "requestId": fault["id"],
                "status": "error",
                "errorType": fault["type"] or "Runtime.ExitError",
                "errorMessage": fault["said"].strip(),
            },
        }
    raise MalformedError("not_platform", f"expected a line of the platform, found {message[:60]!r}")


def _columns(text: str) -> list[tuple[str, str]]:
    """Labels and values, apart by tabs; what copied a line may have made blanks of them."""
    if "\t" not in text:
        return _COLUMN.findall(text)
    pairs = (part.strip().partition(": ") for part in text.replace("\n", "\t").split("\t"))
    return [(label, value) for label, _, value in pairs if label in COLUMNS]


def _from_columns(message: str) -> dict[str, Any]:
    word, rest = message.split(None, 1)
    kind = KINDS[word]
    record: dict[str, Any] = {}
    for label, value in _columns(rest):
        place, read = COLUMNS[label]
        *parents, leaf = place.split(".")
        section = record.setdefault(parents[0], {}) if parents else record
        section[leaf] = read(value)
    if kind == "platform.report":
        record.setdefault("status", "success")  # the line names only another one
    if kind in _OF_ONE_THING and "metrics" in record:
        record["metrics"] = {"durationMs": next(iter(record["metrics"].values()))}
    return {"type": kind, "record": record}
