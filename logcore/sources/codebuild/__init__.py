"""CodeBuild: the phases and commands of builds, how they ended, and what the commands print.

Reference: https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details.html
"""

import re

from logcore.record import Document, LogRecord, Origin
from logcore.shape import compact, time
from logcore.source import Source
from logcore.sources.codebuild.said import Said, level_in, understood

REFERENCE = "https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details.html"

PARTITIONS = {"cn": "aws-cn", "us-gov": "aws-us-gov"}
"""Partition by the beginning of a region; every other region is in ``aws``."""

_HEAD = "[Container] "
_LINE = re.compile(
    r"\[Container\] (?P<time>\d+/\d+/\d+ \d+:\d+:\d+(?:\.\d+)?) (?P<said>.*)",
    re.DOTALL,
)
_GROUP = "/aws/codebuild/"
_BUILD = re.compile(r"(?:.*/)?(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


def parse(record: LogRecord) -> Document:
    """Turn one line of a build log into an ECS process event.

    CodeBuild's own lines begin with ``[Container]`` and a time. Every other line is what a command
    printed: text with a level where one stands out. It never rejects.
    """
    malformed: list[str] = []
    match = _LINE.match(record.message)
    said = understood(match["said"].strip()) if match else Said(action="output")
    project, build = _build(record.origin)
    failed = said.outcome == "failure"
    document = compact(
        {
            "@timestamp": _time(match["time"], malformed) if match else None,
            "message": (match["said"] if match else record.message).strip() or None,
            "event": {
                "kind": "event",
                "category": ["process"],
                "type": [said.kind],
                "action": said.action,
                "outcome": said.outcome,
            },
            "log": {"level": "error" if failed else None if match else level_in(record.message)},
            "cloud": {"service": {"name": "codebuild"}},
            "service": {"name": project},
            "transaction": {"id": build},
            "process": {"command_line": said.command, "exit_code": said.exit_code},
            "error": {"code": said.code, "message": said.error},
            "codebuild": {"phase": said.phase, "state": said.state},
            "pipeline": {"malformed": malformed},
        }
    )
    if match:
        document["aws"] = {"codebuild": match.groupdict()}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether a line of a group with another name is one of CodeBuild's own."""
    return record.message.startswith(_HEAD) and _LINE.match(record.message) is not None


def _time(value: str, malformed: list[str]) -> str | None:
    return time(value.replace("/", "-"), "time", malformed)


def _build(origin: Origin) -> tuple[str | None, str | None]:
    """The project, and the build's ARN, which CodeBuild's events have as well."""
    if not origin.log_group.startswith(_GROUP):
        return None, None
    project = origin.log_group.removeprefix(_GROUP) or None
    found = _BUILD.fullmatch(origin.log_stream)
    if found is None or not project:
        return project, None
    partition = next((p for head, p in PARTITIONS.items() if origin.region.startswith(head)), "aws")
    arn = f"arn:{partition}:codebuild:{origin.region}:{origin.account}:build/{project}"
    return project, f"{arn}:{found['id']}"


SOURCE = Source(
    name="codebuild",
    dataset="aws.codebuild",
    reference=REFERENCE,
    log_groups=("/aws/codebuild/*",),
    marks=(_HEAD,),
    recognises=recognises,
    parse=parse,
)
