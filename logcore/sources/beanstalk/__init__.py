"""Elastic Beanstalk: the health of environments, and what its programs do on instances.

Reference: https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/AWSHowTo.cloudwatchlogs.envhealth.html
"""

from typing import Any

from logcore.errors import MalformedError
from logcore.formats.machine import environment, instance
from logcore.record import Document, LogRecord
from logcore.shape import compact, integer, json_object, listed, text, time, unique, utc
from logcore.source import Source
from logcore.sources.beanstalk.lines import read

REFERENCE = (
    "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/AWSHowTo.cloudwatchlogs.envhealth.html"
)

HEALTH = {
    "Ok": ("info", "success"),
    "Info": ("info", "success"),
    "Warning": ("warn", "failure"),
    "Degraded": ("error", "failure"),
    "Severe": ("critical", "failure"),
    "Pending": ("info", "unknown"),
    "Unknown": ("notice", "unknown"),
    "NoData": ("notice", "unknown"),
    "No Data": ("notice", "unknown"),
    "Suspended": ("notice", "unknown"),
}
"""``log.level`` and ``event.outcome`` by status:
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/health-enhanced-status.html"""

LEVELS = {"ERROR": "error", "FATAL": "fatal", "INFO": "info", "WARN": "warn", "DEBUG": "debug"}


def parse(record: LogRecord) -> Document:
    """Turn one change of an environment's health, or one line, into an ECS event.

    Raises:
        MalformedError: the line is blank (``blank``); what begins like an object is none
            (``not_json``), or names no status (``no_status``).
    """
    if record.body is not None or record.message.lstrip()[:1] == "{":
        body = json_object(record)
        document, raw = _health(body), body
    else:
        document, raw = _line(record)
    place = environment(record.origin.log_group)
    document |= compact(
        {
            "cloud": {
                "instance": {"id": instance(record.origin.log_stream)},
                "service": {"name": "elasticbeanstalk"},
            },
            "service": {"environment": place, "type": "elasticbeanstalk"},
        }
    )
    document["aws"] = {"beanstalk": raw}
    return document


def _health(body: dict[str, Any]) -> Document:
    status = text(body.get("status"))
    if status is None:
        raise MalformedError("no_status", "expected a status, found none")
    malformed: list[str] = []
    causes = unique(*(text(cause) for cause in listed(body.get("causes"))))
    level, outcome = HEALTH.get(status, ("notice", "unknown"))
    return compact(
        {
            "@timestamp": time(body.get("timestamp"), "timestamp", malformed),
            "message": f"{status}: {' '.join(causes)}" if causes else status,
            "event": {
                "id": text(body.get("id")),
                "kind": "state",
                "category": ["host"],
                "type": ["change"],
                "action": text(body.get("type")),
                "outcome": outcome,
                "reason": causes[0] if causes else None,
            },
            "log": {"level": level},
            "beanstalk": {
                "health": {"status": status, "color": text(body.get("color")), "causes": causes}
            },
            "pipeline": {"malformed": malformed},
        }
    )


def _line(record: LogRecord) -> tuple[Document, dict[str, str]]:
    stripped = record.message.strip()
    if not stripped:
        raise MalformedError("blank", "expected a line, found nothing but blanks")
    said, time_ms, action, outcome = read(stripped)
    malformed: list[str] = []
    document = compact(
        {
            "@timestamp": None if time_ms is None else utc(time_ms),
            "message": said.get("text"),
            "event": {
                "kind": "event",
                "action": action or None,
                "outcome": outcome or None,
                "reason": said.get("reason"),
            },
            "log": {"level": LEVELS.get(said.get("level", ""))},
            "process": {
                "pid": integer(said.get("pid"), "pid", malformed),
                "command_line": said.get("command_line"),
            },
            "beanstalk": {
                "command": said.get("command"),
                "instruction": said.get("instruction") or said.get("activity"),
            },
            "pipeline": {"malformed": malformed},
        }
    )
    return document, said


SOURCE = Source(
    name="beanstalk",
    dataset="aws.beanstalk",
    reference=REFERENCE,
    log_groups=(
        "/aws/elasticbeanstalk/*/environment-health.log*",
        "/aws/elasticbeanstalk/*/eb-*.log*",
    ),
    parse=parse,
)
