"""Error logs of Apache httpd 2.2 and 2.4: which module complains of what, about whose request.

Reference: https://httpd.apache.org/docs/2.4/mod/core.html#errorlogformat
"""

import re

from logcore.errors import MalformedError
from logcore.formats.machine import environment, instance
from logcore.formats.wall_time import iso, without_zone
from logcore.formats.web import port
from logcore.record import Document, LogRecord
from logcore.shape import compact, integer, ip, milliseconds, unique, utc
from logcore.source import Source

REFERENCE = "https://httpd.apache.org/docs/2.4/mod/core.html#errorlogformat"

LEVELS = {
    "emerg": "emergency",
    "alert": "alert",
    "crit": "critical",
    "error": "error",
    "warn": "warn",
    "notice": "notice",
    "info": "info",
    "debug": "debug",
    "trace": "trace",
}
"""Our word for httpd's; ``trace1`` to ``trace8`` are one."""

_ENDS = {"client": "source", "remote": "destination"}
"""Whose address stands in brackets: a client's, or that of a server behind a proxy."""

_FAILURES = frozenset({"emergency", "alert", "critical", "error"})
_HEAD = re.compile(
    r"\[(?:[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>[ \d]\d) "
    r"(?P<clock>\d\d:\d\d:\d\d(?:\.\d{1,6})?) (?P<year>\d{4})|"
    r"(?P<zoned>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? [+-]\d{4}))\] "
    r"\[(?:(?P<module>\w*):)?"
    r"(?P<level>emerg|alert|crit|error|warn|notice|info|debug|trace)[1-8]?\] "
)
"""Time, which is local and has no zone unless the format asks for one; module and level."""

_OS_ERROR = r"(?:\((?P<{0}>\d{{1,6}})\)(?P<{0}_text>[^:\n]{{1,200}}): )?"
_REST = re.compile(
    r"(?:\[pid (?P<pid>\d{1,10})(?::tid (?P<tid>\d{1,20}))?\] )?"
    r"(?:(?P<file>[\w./-]+\.c)\((?P<line>\d{1,6})\): )?"  # with LogLevel debug and below
    + _OS_ERROR.format("errno")
    + r"(?:\[(?P<end>client|remote) (?P<peer>[^\]\s]+)\] )?"
    + _OS_ERROR.format("old_errno")  # where 2.2 has it
    + r"(?:(?P<code>AH\d{5}): )?"
    r"(?P<text>.*?)(?:, referer: (?P<referrer>\S+))?",
    re.DOTALL,
)


def parse(record: LogRecord) -> Document:
    """Turn one line into an ECS web event.

    A line without a head is what a program behind httpd wrote to its standard error, or what httpd
    says before its log is open: text, with a code where it begins with one.

    Raises:
        MalformedError: the line is blank (``blank``).
    """
    if not record.message.strip():
        raise MalformedError("blank", "expected a line, found nothing but blanks")
    malformed: list[str] = []
    said = _said(record.message.strip())
    level = LEVELS.get(said.get("level", ""))
    address, at = _peer(said)
    document = compact(
        {
            "@timestamp": _moment(said, record.time_ms, malformed),
            "message": said.get("text"),
            "event": {
                "kind": "event",
                "category": ["web"],
                "type": ["error" if level in _FAILURES else "info"],
                "code": said.get("code"),
                "reason": said.get("errno_text"),
            },
            "error": {"code": said.get("errno")},
            "log": {
                "level": level,
                "logger": said.get("module"),
                "origin": {
                    "file": {"name": said.get("file"), "line": integer(said.get("line"), "", [])}
                },
            },
            "process": {
                "pid": integer(said.get("pid"), "pid", malformed),
                "thread": {"id": integer(said.get("tid"), "tid", malformed)},
            },
            "cloud": {"instance": {"id": instance(record.origin.log_stream)}},
            "service": {
                "type": "apache",
                "environment": environment(record.origin.log_group),
            },
            _ENDS.get(said.get("end", ""), "source"): {
                "address": address,
                "ip": ip(address),
                "port": port(at, "port", malformed),
            },
            "http": {"request": {"referrer": said.get("referrer")}},
            "related": {"ip": unique(ip(address))},
            "pipeline": {"malformed": malformed},
        }
    )
    document["apache"] = {"error": said}
    return document


def _said(line: str) -> dict[str, str]:
    """What stands in a line, by name, without what is not there."""
    head = _HEAD.match(line)
    rest = _REST.fullmatch(line, head.end() if head else 0)
    found = {**(head.groupdict() if head else {}), **(rest.groupdict() if rest else {})}
    said = {name: value for name, value in found.items() if value}
    for name in ("errno", "errno_text"):
        if old := said.pop(f"old_{name}", None):
            said.setdefault(name, old)
    return said


def _peer(said: dict[str, str]) -> tuple[str | None, str | None]:
    """Address and port; 2.2 has no port, and no version puts brackets around IPv6."""
    stated = said.get("peer")
    address, _, at = (stated or "").rpartition(":")
    if ip(address) and at.isdecimal() and ("pid" in said or "." in address):
        return address, at
    return stated, None


def _moment(said: dict[str, str], record_ms: int, malformed: list[str]) -> str | None:
    """The line's time; where it has none, or cannot be of this zone, the record's own is taken."""
    if "level" not in said:
        return None
    if "zoned" in said:
        day, clock, offset = said["zoned"].split()
        found = milliseconds(f"{day}T{clock}{offset}")
    else:
        found = without_zone(
            iso(said["year"], said["month"], said["day"], said["clock"]), record_ms
        )
    if found is None:
        malformed.append("time")
    return None if found is None else utc(found)


def recognises(record: LogRecord) -> bool:
    """Whether the message begins with a time and a level as only httpd writes them."""
    message = record.message
    if message[:1] != "[" or (message[4:5] != " " and message[5:6] != "-"):  # cheap, and most lines
        return False
    return _HEAD.match(message) is not None


SOURCE = Source(
    name="apache_error",
    dataset="apache.error",
    reference=REFERENCE,
    log_groups=(
        "*httpd/error_log*",
        "*httpd/*error_log*",
        "*httpd/*error.log*",
        "*apache2/*error.log*",
        "*apache/*error*log*",
        "*apache-error*",
        "*httpd-error*",
    ),
    marks=("] [",),
    recognises=recognises,
    parse=parse,
)
