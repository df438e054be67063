"""What one of CodeBuild's own lines says.

Reference: https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
"""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The meaning of a line; what it does not say is absent.

    Attributes:
        action: What happens: ``phase_entered``, ``phase_complete``, ``command`` and others.
        kind: ECS ``event.type``.
        outcome: ECS ``event.outcome``.
        phase: Phase of the build, such as ``BUILD``.
        state: How the phase ended, in CodeBuild's word.
        command: Command that runs or failed.
        exit_code: Its exit code, where it failed.
        code: CodeBuild's code of what went wrong.
        error: Its sentence.
    """

    action: str
    kind: str = "info"
    outcome: str | None = None
    phase: str | None = None
    state: str | None = None
    command: str | None = None
    exit_code: int | None = None
    code: str | None = None
    error: str | None = None


STATES = {"SUCCEEDED": "success", "true": "success"}
"""``event.outcome`` by the state of a phase; old agents say ``Success: true``. Others failed."""

LEVELS = {
    "error": "error",
    "err!": "error",
    "fatal": "fatal",
    "warning": "warn",
    "warn": "warn",
}
"""``log.level`` by what tools print at the head of a line."""

_LEVEL = re.compile(
    r"(?:npm |\[|\S+:\d+:(?:\d+:)? )?(?P<word>ERROR|Error|error|ERR!|FATAL|Fatal|fatal"
    r"|WARNING|Warning|warning|WARN|warn)(?=[\s:\]]|$)"
)
_COMPLETE = re.compile(r"Phase complete: (?P<phase>\w+) (?:State|Success): (?P<state>\w+)")
_CONTEXT = re.compile(
    r"Phase context status code: *(?P<code>\w*) *Message: *(?P<message>.*)", re.DOTALL
)
_FAILED = re.compile(
    r"Command did not exit successfully (?P<command>.*) exit status (?P<status>\d{1,9})", re.DOTALL
)


def understood(line: str) -> Said:
    """The meaning of a line behind its time; one of no known kind only informs."""
    for start, read in _READERS:
        if line.startswith(start):
            return read(line)
    return Said(action="agent")


def level_in(line: str) -> str | None:
    """The level of what a command printed, where the line begins with one."""
    match = _LEVEL.match(line)
    return LEVELS[match["word"].lower()] if match else None


def _entered(line: str) -> Said:
    return Said(action="phase_entered", kind="start", phase=line.rpartition(" ")[2] or None)


def _complete(line: str) -> Said:
    match = _COMPLETE.match(line)
    if match is None:
        return Said(action="phase_complete", kind="end", outcome="unknown")
    return Said(
        action="phase_complete",
        kind="end",
        outcome=STATES.get(match["state"], "failure"),
        phase=match["phase"],
        state=match["state"],
    )


def _context(line: str) -> Said:
    match = _CONTEXT.match(line)
    code, message = (match["code"], match["message"].strip()) if match else ("", "")
    return Said(
        action="phase_context",
        outcome="failure" if code else None,
        code=code or None,
        error=message if code and message else None,
    )


def _command(line: str) -> Said:
    return Said(
        action="command", kind="start", command=line.removeprefix("Running command ") or None
    )


def _failed(line: str) -> Said:
    match = _FAILED.match(line)
    return Said(
        action="command_failed",
        kind="end",
        outcome="failure",
        command=match["command"] if match else None,
        exit_code=int(match["status"]) if match else None,
        error=line,
    )


_READERS: tuple[tuple[str, Callable[[str], Said]], ...] = (
    ("Entering phase ", _entered),
    ("Phase complete: ", _complete),
    ("Phase context status code:", _context),
    ("Running command ", _command),
    ("Command did not exit successfully ", _failed),
)
