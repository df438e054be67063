"""The log of PostgreSQL: connections, statements, errors, and the audit of pgaudit.

References:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.html
https://www.postgresql.org/docs/current/runtime-config-logging.html
https://github.com/pgaudit/pgaudit#format
"""

import csv
import re
from typing import Any

from logcore.shape import milliseconds
from logcore.sources.rds.entry import Entry

ENGINE = "postgresql"

LEVELS = {
    "LOG": "info",
    "INFO": "info",
    "NOTICE": "notice",
    "WARNING": "warn",
    "ERROR": "error",
    "FATAL": "fatal",
    "PANIC": "fatal",
    **{f"DEBUG{n}": "debug" for n in range(1, 6)},
    **dict.fromkeys(("DETAIL", "HINT", "CONTEXT", "STATEMENT", "QUERY", "LOCATION")),
}
"""``log.level`` by PostgreSQL's word; what only adds to the entry before it has none."""

# Whatever log_line_prefix a deployment chose: it begins with a time and ends before the level.
_LINE = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) (?P<zone>[A-Z]{1,5}|[+-]\d\d)"
    rf"(?P<prefix>.{{0,400}}?)\b(?P<level>{'|'.join(LEVELS)}):\s+(?P<said>.*)",
    re.DOTALL,
)
_UNIVERSAL = frozenset({"UTC", "GMT", "+00"})
_PID = re.compile(r"\[(\d+)(?:-\d+)?\]")
_REMOTE = re.compile(r"(?:client=)?([0-9A-Za-z.:_-]*?[0-9A-Za-z])\((\d+)\)|client=([^\s,]+)")
_WHO = re.compile(r"([^\s:@,=]*)@([^\s:@,]*)")
_NAMED = re.compile(r"\b(user|db|app|client)=([^,\s]*)")
_PAIR = re.compile(r"\b(user|database|host|port|application_name|protocol|cipher)=([^\s,)]+)")

_DURATION = re.compile(r"duration: (?P<ms>[\d.]+) ms(?:\s+(?P<rest>\w.*))?", re.DOTALL)
_SQL = re.compile(r"(?:statement|execute [^:]*|parse [^:]*|bind [^:]*): (?P<sql>.*)", re.DOTALL)
_SESSION_TIME = re.compile(r"session time: (\d+):(\d\d):(\d\d\.\d+)")
_DENIED = re.compile(
    r'(?:authentication failed for user "(?P<user>[^"]*)"'
    r'|no pg_hba\.conf entry for host "(?P<host>[^"]*)", user "(?P<who>[^"]*)"'
    r'|role "(?P<role>[^"]*)" does not exist|password authentication failed)'
)
_AUDIT = "AUDIT: "
_AUDIT_COLUMNS = (
    "audit_type statement_id substatement_id class command object_type object_name statement"  # noqa: SIM905  read as a table
    " parameter".split()
)
_MS_PER_S = 1_000
_LONGEST_DURATION = 16  # characters


def line(text: str) -> Entry | None:
    """An entry by whatever prefix; ``None`` for a line that continues the one before it."""
    match = _LINE.match(text.strip("\n"))
    if match is None:
        return None
    level, said = match["level"], match["said"]
    malformed: list[str] = []
    where = _of_prefix(match["prefix"])
    raw = {**match.groupdict(), **{k: v for k, v in where.items() if v is not None}}
    is_error = level in {"ERROR", "FATAL", "PANIC"}
    base: dict[str, Any] = {
        "engine": ENGINE,
        "action": level.lower(),
        "time_ms": _time(match, malformed),
        "level": LEVELS[level],
        "outcome": "failure" if is_error else None,
        "error_message": said if is_error else None,
        "raw": raw,
        "malformed": malformed,
        **where,
    }
    return Entry(**base | _said(level, said, malformed))


def _time(match: re.Match[str], malformed: list[str]) -> int | None:
    """Times of another zone than UTC are left to CloudWatch Logs: names of zones are ambiguous."""
    found = milliseconds(match["time"]) if match["zone"] in _UNIVERSAL else None
    if found is None:
        malformed.append("time")
    return found


def _of_prefix(prefix: str) -> dict[str, Any]:
    """Who and from where, by RDS's ``:%r:%u@%d:[%p]:`` or ``user=%u,db=%d,client=%h``."""
    prefix = prefix.removeprefix(":")  # it ends the time, and may stand before an IPv6 address
    named = dict(_NAMED.findall(prefix))
    pid, remote, who = _PID.search(prefix), _REMOTE.search(prefix), _WHO.search(prefix)
    port = remote[2] if remote else None
    return {
        "session": pid[1] if pid else None,
        "client": _known((remote[1] or remote[3]) if remote else named.get("client")),
        "client_port": int(port) if port and len(port) < 6 else None,  # noqa: PLR2004  digits
        "user": _known(named.get("user") or (who[1] if who else None)),
        "database": _known(named.get("db") or (who[2] if who else None)),
        "application": _known(named.get("app")),
    }


def _said(level: str, said: str, malformed: list[str]) -> dict[str, Any]:
    """What the text after the level adds."""
    if level == "STATEMENT":
        return {"statement": said}
    if denied := _DENIED.search(said):
        who = denied["user"] or denied["who"] or denied["role"]
        found = {"user": who, "client": denied["host"]}
        return {"action": "authentication_failed", "signs_in": level == "FATAL"} | _present(found)
    if said.startswith(_AUDIT):
        return _audit(said.removeprefix(_AUDIT), malformed)
    if level != "LOG":
        return {}
    for start, read in _LOGGED:
        if said.startswith(start):
            return read(said, malformed)
    sql = _SQL.fullmatch(said)
    return {"action": "statement", "outcome": "success", "statement": sql["sql"]} if sql else {}


def _duration(said: str, malformed: list[str]) -> dict[str, Any]:
    match = _DURATION.fullmatch(said)
    if match is None or len(match["ms"]) > _LONGEST_DURATION or match["ms"].count(".") > 1:
        malformed.append("duration")
        return {}
    sql = _SQL.fullmatch(match["rest"] or "")
    return {
        "action": "slow_query" if sql else "duration",
        "outcome": "success",
        "duration_s": float(match["ms"]) / _MS_PER_S if match["ms"] != "." else None,
        "statement": sql["sql"] if sql else None,
    }


def _connection(said: str, _malformed: list[str]) -> dict[str, Any]:
    """``connection received``, ``authenticated`` or ``authorized``; the last of them is a login."""
    step = said.split(" ", 2)[1].rstrip(":")
    is_login = step == "authorized"
    return {
        "action": f"connection_{step}",
        "signs_in": is_login,
        "outcome": "success" if is_login else None,
        **_of_pairs(said),
    }


def _disconnection(said: str, _malformed: list[str]) -> dict[str, Any]:
    found = _SESSION_TIME.search(said)
    hours, minutes, secs = found.groups() if found else ("0", "0", "0")
    took = int(hours[:6]) * 3_600 + int(minutes) * 60 + float(secs[:9])
    return {
        "action": "disconnection",
        "signs_out": True,
        "duration_s": took if found else None,
        **_of_pairs(said),
    }


def _of_pairs(said: str) -> dict[str, Any]:
    pairs = dict(_PAIR.findall(said))
    port = pairs.get("port", "")
    return _present(
        {
            "user": pairs.get("user"),
            "database": pairs.get("database"),
            "client": _known(pairs.get("host")),
            "client_port": int(port) if port.isdecimal() and len(port) < 6 else None,  # noqa: PLR2004  digits
            "application": pairs.get("application_name"),
        }
    ) | {"tls": (pairs.get("protocol"), pairs.get("cipher"))}


def _audit(said: str, malformed: list[str]) -> dict[str, Any]:
    """``SESSION,1,1,READ,SELECT,TABLE,public.orders,"select …",<not logged>``."""
    try:
        values = next(csv.reader([said]), [])
    except csv.Error:
        values = []
    if len(values) < len(_AUDIT_COLUMNS) - 1:
        malformed.append("audit")
        return {"action": "audit"}
    raw = dict(zip(_AUDIT_COLUMNS, values, strict=False))
    return {
        "action": "audit",
        "outcome": None,  # the audit is of the attempt
        "audit_class": raw["class"] or None,
        "command": raw["command"] or None,
        "object": raw["object_name"] or None,
        "statement": raw["statement"] or None,
    }


_LOGGED = (
    ("duration: ", _duration),
    ("connection received: ", _connection),
    ("connection authenticated: ", _connection),
    ("connection authorized: ", _connection),
    ("disconnection: ", _disconnection),
)
"""Readers of the text of a ``LOG`` by its beginning."""


def _known(value: str | None) -> str | None:
    return value if value and value not in {"[unknown]", "[local]"} else None


def _present(found: dict[str, Any]) -> dict[str, Any]:
    """Without what is absent, so that it does not hide what the prefix says."""
    return {name: value for name, value in found.items() if value is not None}
