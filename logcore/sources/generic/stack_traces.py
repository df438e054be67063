"""Reads the error out of a record that holds a stack trace: its type, its message, its trace.

A record is one event however many lines it has: the CloudWatch agent joins lines with
``multi_line_start_pattern``, Lambda sends a trace as one event. What is only a part of a trace says
nothing about the error and stays text.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from logcore.codec import parse_json
from logcore.record import Document
from logcore.shape import listed, text

_LINES = 50  # before the first frame, among which the error is looked for
_NEAR = 5_000  # characters: keeps hostile lines from being searched through for each of their parts
_TRACEBACK = "Traceback (most recent call last):"
_LAMBDA_NODE = '\t{"errorType":'

_NAME = r"[A-Za-z_$][\w$.]{0,200}"
_FRAME = re.compile(r"\n[ \t\xa0]+at (?:async |new )?[^\n]*[):\d]")
_BEGINS = re.compile(
    r"(?:Exception in thread \"[^\"]*\" |Unhandled exception\. |Uncaught |Error: Uncaught )?"
    rf"(?P<type>{_NAME})(?: \[[A-Z0-9_]+\])?(?::[ ]?(?P<message>.*)|)$",
    re.MULTILINE,
)
_WITHIN = re.compile(
    r".*[\s:](?P<type>(?:[\w$]+\.)*[A-Z][\w$]{0,100}(?:Error|Exception))(?:: (?P<message>.*)|)$",
    re.MULTILINE,
)
_IS_ERROR = re.compile(r"(?:[\w$]+\.)+[A-Z][\w$]*|[A-Z][\w$]*(?:Error|Exception)|Error")
_PYTHON = re.compile(rf"(?P<type>{_NAME})(?:: (?P<message>.*)|(?:\n.*)?)", re.DOTALL)
_LAMBDA_PYTHON = re.compile(rf"\[ERROR\] (?P<type>{_NAME})(?:: (?P<message>.*))?")
_GO = re.compile(
    r"^(?:(?P<type>panic|fatal error): |.*http: (?P<served>panic) serving \S+: )"
    r"(?P<message>[^\n]*(?:\n(?!goroutine )[^\n]*){0,20}?)\s*\ngoroutine \d+ \[",
    re.MULTILINE,
)
_PHP = re.compile(
    r"(?:PHP )?Fatal error:\s+Uncaught (?P<type>[\w\\]{1,200}): (?P<message>[^\n]*)"
    r" in \S+:\d+\nStack trace:\n#0 "
)
_MONOLOG = re.compile(
    r"\((?P<type>[\w\\]{1,200})\(code: [^)\n]*\): (?P<message>[^\n]*) at \S+:\d+\)\n\[stacktrace\]"
)
_RUBY = re.compile(
    r"^\S+:\d+:in [`'][^'\n]*': (?P<message>[^\n]*) \((?P<type>[A-Z][\w:]{0,200})\)\n\s+from ",
    re.MULTILINE,
)
_RAILS = re.compile(
    r"^(?P<type>[A-Z][\w:]{0,200}) \((?P<message>[^\n]*)\):[ ]*\n(?:[ ]*\n){0,3}"
    r"[ ]*\S+\.rb:\d+:in ",
    re.MULTILINE,
)


class Trace(NamedTuple):
    """An error with the stack it happened on.

    Attributes:
        type: Name of its class, such as ``ValueError`` or ``java.lang.NullPointerException``.
        message: What it says; empty when nothing.
        stack: The trace, from where the error begins.
    """

    type: str
    message: str
    stack: str


def add_error(document: Document) -> None:
    """Fill in ``error`` from a trace in ``error.stack_trace`` or ``message``, where one is.

    What the producer said itself stays. A record with a trace, or with an error's type and stack
    under the keys of a logger, is of level error unless it says another.
    """
    error = document.get("error", {})
    message = document.get("message", "")
    if not error and not may_hold_trace(message):
        return
    trace = trace_in(error.get("stack_trace") or message) or _of_lambda(message)
    if trace is not None:
        found = {"type": trace.type, "message": trace.message, "stack_trace": trace.stack}
        document["error"] = {name: value for name, value in found.items() if value} | error
    elif not error.keys() >= {"type", "stack_trace"}:
        return
    document.setdefault("log", {}).setdefault("level", "error")


def may_hold_trace(message: str) -> bool:
    """Whether a text has what no trace does without: asked for every line."""
    return "\n" in message or "\r" in message or _LAMBDA_NODE in message


def trace_in(message: str) -> Trace | None:
    """The error of a text that holds one with its stack; ``None`` for a text of one line.

    Lambda's Python ends lines with carriage returns, so that they are one event, and indents with
    no-break spaces.
    """
    last = len(message) - 1  # a line may end with a line break
    if not 0 <= message.find("\n") < last and not 0 <= message.find("\r") < last:
        return None
    lines = message.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    for marker, read in _SHAPES:
        if marker in lines:
            found = read(lines)
            if found is not None:
                return found
    return None


def _python(lines: str) -> Trace | None:
    """The last error of a chain, which is the one that got out."""
    before, _, after = lines.rpartition(_TRACEBACK)
    rest = after.split("\n")[1:]
    at = next((n for n, line in enumerate(rest) if line and not line[0].isspace()), None)
    if at is not None:
        match = _PYTHON.fullmatch("\n".join(rest[at:]))
    else:
        match = _LAMBDA_PYTHON.fullmatch(before.rstrip().rpartition("\n")[2])
    if match is None:
        return None
    return Trace(match["type"], match["message"] or "", lines[lines.index(_TRACEBACK) :])


def _frames(lines: str) -> Trace | None:
    """Java, .NET and JavaScript: the error, then ``at`` and a place for each frame.

    The error begins a line, or ends the logger's; its message may have lines of its own. An inner
    one comes after it, as ``Caused by`` or ``--->``.
    """
    frame = _FRAME.search(lines)
    if frame is None:
        return None
    end = frame.start()
    for start in _line_starts(lines, end):
        match = _BEGINS.match(lines, start, end)
        if match is not None and _IS_ERROR.fullmatch(match["type"]):
            message = lines[match.start("message") : end] if match["message"] else ""
            return Trace(match["type"], message.partition("\n --->")[0].strip(), lines[start:])
    match = _WITHIN.match(lines, lines.rfind("\n", 0, end) + 1, end)
    if match is None:
        return None
    return Trace(match["type"], match["message"] or "", lines[match.start("type") :])


def _line_starts(lines: str, end: int) -> Iterator[int]:
    """Where the last lines before ``end`` begin, the last one first."""
    for _ in range(_LINES):
        start = lines.rfind("\n", 0, end) + 1
        yield start
        if start == 0:
            return
        end = start - 1


def _go(lines: str) -> Trace | None:
    match = _GO.search(lines)
    if match is None:
        return None
    return Trace(match["type"] or match["served"], match["message"], lines[match.start() :])


def _by(pattern: re.Pattern[str], marker: str) -> tuple[str, Callable[[str], Trace | None]]:
    """A shape that one pattern tells whole, not far before its marker."""

    def read(lines: str) -> Trace | None:
        match = pattern.search(lines, max(0, lines.find(marker) - _NEAR))
        return Trace(match["type"], match["message"], lines[match.start() :]) if match else None

    return marker, read


_SHAPES: tuple[tuple[str, Callable[[str], Trace | None]], ...] = (
    (_TRACEBACK, _python),
    ("\ngoroutine ", _go),
    _by(_PHP, "\nStack trace:\n"),
    _by(_MONOLOG, "\n[stacktrace]"),
    _by(_RUBY, "from "),
    _by(_RAILS, ".rb:"),
    ("at ", _frames),
)
"""Readers by what a text must have in it to be worth their while."""


def _of_lambda(message: str) -> Trace | None:
    """``TIME<tab>REQUEST<tab>ERROR<tab>Invoke Error<tab>{...}``, as Lambda's Node.js writes it."""
    start = message.find(_LAMBDA_NODE)
    if start < 0:
        return None
    try:
        body = parse_json(message[start + 1 :])
    except ValueError:
        return None
    kind = text(body.get("errorType")) if isinstance(body, dict) else None
    if kind is None:
        return None
    stack = "\n".join(map(str, listed(body.get("stack"))))
    return Trace(kind, text(body.get("errorMessage")) or "", stack)
