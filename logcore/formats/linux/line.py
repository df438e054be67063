"""Takes a syslog line apart: RFC 3164, RFC 5424, and ISO 8601 times as newer systems write them.

References: https://www.rfc-editor.org/rfc/rfc3164 and https://www.rfc-editor.org/rfc/rfc5424
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from logcore.errors import MalformedError
from logcore.formats.wall_time import without_year
from logcore.record import LogRecord
from logcore.shape import milliseconds

SEVERITIES = ("emergency", "alert", "critical", "error", "warn", "notice", "info", "debug")
"""Our word for a severity, by its number."""

FACILITIES = (
    *"kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit".split(),  # noqa: SIM905  read as a table
    *"alert clock local0 local1 local2 local3 local4 local5 local6 local7".split(),  # noqa: SIM905  same
)
"""Linux's word for a facility, by its number."""

_ISO = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)"
_LEVELS = r"(?i:trace|debug|info|notice|warn|warning|error|critical|fatal)"
_STRUCTURED = r"-|(?:\[(?:[^\]\\\"]|\\.|\"(?:[^\"\\]|\\.)*\")*\])+"
_RFC5424 = re.compile(
    rf"<(?P<priority>\d{{1,3}})>1 (?P<iso>{_ISO}|-) (?P<host>\S+) (?P<program>\S+) (?P<pid>\S+) "
    rf"(?P<message_id>\S+) (?P<structured>{_STRUCTURED})(?: (?P<text>.*))?",
    re.DOTALL,
)
_LINE = re.compile(
    rf"(?:<(?P<priority>\d{{1,3}})>)?(?:(?P<iso>{_ISO})|"
    r"(?P<month>[A-Z][a-z]{2}) (?P<day>[ \d]\d) (?P<clock>\d\d:\d\d:\d\d)) "
    r"(?P<host>[^\s\[\]:=]+) "
    r"(?:(?P<program>[^\s\[\]:]{1,64})(?:\[(?P<pid>[^\]\s]{1,32})\])?: ?)?(?P<text>.*)",
    re.DOTALL,
)
_HEAD = re.compile(
    rf"(?:<\d{{1,3}}>(?:1 )?)?(?:{_ISO}|[A-Z][a-z]{{2}} [ \d]\d \d\d:\d\d:\d\d) (?!{_LEVELS} )"
    r"[^\s\[\]:=]+ [^\s\[\]:]{1,64}(?:\[\d{1,10}\]: |: | \d{1,10} )"
)


def beginning(programs: Iterable[str]) -> re.Pattern[str]:
    """How lines of some programs begin, and hardly any other.

    Fails early, because every line of every application is asked. ``is_line`` tells whether it is
    one.
    """
    names = "|".join(map(re.escape, programs))
    return re.compile(
        r"(?=[<2JFMASOND])(?:<\d{1,3}>(?:1 )?)?(?:\d\S{19,34}+|[A-Z][a-z]{2} [ \d]\d \S{8}) \S++ "
        rf"(?:{names})[\[: ]"
    )


def is_line(message: str) -> bool:
    """Whether the message begins with a time, a machine that is no level, and a program."""
    return _HEAD.match(message) is not None


class Line(NamedTuple):
    """What stands in a line.

    Attributes:
        time_ms: Milliseconds since the epoch; ``None`` when it cannot be told.
        host: The machine, as it calls itself; empty when unknown, like the rest.
        program: What logged, without its path.
        pid: Its process id, as text.
        text: What it said.
        facility: Such as ``authpriv``, where the line has a priority.
        severity: Our word, such as ``error``, likewise.
        message_id: RFC 5424's type of message.
        structured: RFC 5424's structured data, as text.
    """

    time_ms: int | None
    host: str
    program: str
    pid: str
    text: str
    facility: str
    severity: str
    message_id: str
    structured: str


def read(record: LogRecord) -> Line:
    """The parts of the record's line.

    Raises:
        MalformedError: the line does not begin with a time and a host (``format_unknown``).
    """
    message = record.message.rstrip()
    match = _RFC5424.fullmatch(message) or _LINE.fullmatch(message)
    if match is None:
        detail = f"expected a syslog time and a host, found {message[:40]!r}"
        raise MalformedError("format_unknown", detail)
    found = {name: value for name, value in match.groupdict("").items() if value != "-"}
    facility, severity = _priority(found.get("priority"))
    return Line(
        _moment(found, record.time_ms),
        found.get("host", ""),
        found.get("program", "").rpartition("/")[2],
        found.get("pid", ""),
        found.get("text", "").removeprefix("\ufeff"),  # RFC 5424 marks UTF-8 so
        facility,
        severity,
        found.get("message_id", ""),
        found.get("structured", ""),
    )


def _moment(found: dict[str, str], record_ms: int) -> int | None:
    if found.get("iso"):
        return milliseconds(found["iso"])
    if not found.get("month"):
        return None
    return without_year(found["month"], found["day"], found["clock"], record_ms)


def _priority(text: str | None) -> tuple[str, str]:
    """Facility and severity of ``86``; both empty without a number, or with one that is none."""
    facility, severity = divmod(int(text), len(SEVERITIES)) if text else (len(FACILITIES), 0)
    if facility >= len(FACILITIES):
        return "", ""
    return FACILITIES[facility], SEVERITIES[severity]
