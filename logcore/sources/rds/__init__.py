"""RDS and Aurora: what databases log about statements, connections, audits and errors.

References:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.html
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/CHAP_Monitor_Logs_Events.html
"""

import re
from collections.abc import Callable
from typing import Any

from logcore.formats.web import port, tls
from logcore.record import Document, LogRecord, Origin
from logcore.shape import EARLIEST_MS, LATEST_MS, LONG, compact, ip, unique, utc
from logcore.source import Source
from logcore.sources.rds import mysql, mysql_audit, mysql_slow, postgresql
from logcore.sources.rds.entry import Entry
from logcore.sources.rds.statement import kind_of, understood
from logcore.sources.rds.text import plain

REFERENCE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.html"

type Read = Callable[[str], Entry | None]
"""Reads one entry; ``None`` where the line has not the reader's format."""

READERS: tuple[tuple[str, re.Pattern[str], Read], ...] = (
    ("audit", re.compile(r"\d{8} \d\d:\d\d:\d\d,|\d{16},"), mysql_audit.audit),
    ("slowquery", re.compile(r"# (?:Time|User@Host|Query_time): "), mysql_slow.slow_query),
    ("error", re.compile(r"\d{4}-\d\d-\d\d[T ].{8,25}? +\d+ \["), mysql.error),
    ("general", re.compile(r"\d{4}-\d\d-\d\dT\S+\s+\d+ [A-Z]"), mysql.general),
    ("postgresql", re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"), postgresql.line),
)
"""Readers by the type of log that they are of, with how an entry begins. The beginning decides,
because several engines share the names of types."""

ENGINES = {"slowquery": "mysql", "general": "mysql", "postgresql": "postgresql"}
"""Engine by types of log that only one of them has; for lines in no known format."""

_GROUP = re.compile(r"/aws/rds/(?P<kind>instance|cluster|proxy)/(?P<name>[^/]+)(?:/(?P<type>.+))?")


def parse(record: LogRecord) -> Document:
    """Turn one entry of a database log into an ECS database event.

    A line in no known format is text with a level, as most of Oracle's and SQL Server's are, or the
    continuation of a statement. The parts of an entry go to ``aws.rds``.

    Raises:
        MalformedError: an audit entry lacks columns (``column_count``), or one of a slow query its
            time (``no_query_time``).
    """
    log_type, entry = _read(record.message)
    entry = entry or plain(record.message)
    malformed = entry.malformed
    sql = understood(entry.statement) if entry.statement else None
    command = entry.command or (sql.command if sql else None)
    where = _where(record.origin)
    document = compact(
        {
            "@timestamp": _moment(entry.time_ms),
            "message": record.message.strip() or None,
            "event": {
                "kind": "event",
                **_classified(entry, command, is_of_rights=bool(sql and sql.changes_rights)),
                "action": entry.action,
                "outcome": entry.outcome,
                "start": _moment(entry.started_ms),
                "duration": _nanoseconds(entry.duration_s),
            },
            "log": {"level": entry.level, "logger": entry.logger},
            "cloud": {"service": {"name": "rds"}},
            "service": {
                "type": entry.engine or ENGINES.get(where.get("type") or ""),
                "name": where.get("name"),
                "node": {"name": _instance(record.origin, where)},
            },
            **_who(entry, malformed),
            "error": {"code": entry.error_code, "message": entry.error_message},
            "tls": tls(*entry.tls, malformed, "protocol"),
            "rds": {
                "log_type": where.get("type") or log_type,
                "database": entry.database,
                "application": entry.application,
                "session": entry.session,
                "command": command,
                "statement": sql.shape if sql else None,
                "object": entry.object,
                "audit_class": entry.audit_class,
                **entry.numbers,
            },
            "pipeline": {"malformed": malformed},
        }
    )
    document["aws"] = {"rds": entry.raw}
    return document


def _read(message: str) -> tuple[str | None, Entry | None]:
    for log_type, beginning, read in READERS:
        if beginning.match(message) and (entry := read(message)):
            return log_type, entry
    return None, None


def _who(entry: Entry, malformed: list[str]) -> dict[str, Any]:
    """The user and where it comes from."""
    address = ip(entry.client)
    return {
        "user": {"name": entry.user},
        "source": {
            "address": entry.client,
            "ip": address,
            "port": port(entry.client_port, "port", malformed),
        },
        "client": {"address": entry.client, "ip": address},
        "related": {
            "ip": unique(address),
            "user": unique(entry.user),
            "hosts": unique(None if address else entry.client),
        },
    }


def _classified(entry: Entry, command: str | None, *, is_of_rights: bool) -> dict[str, Any]:
    """``event.category`` and ``event.type``: who comes and goes, else what is done to data."""
    if entry.signs_in:
        return {"category": ["authentication", "database"], "type": ["start"]}
    if entry.signs_out:
        return {"category": ["session", "database"], "type": ["end"]}
    is_failure = entry.outcome == "failure"
    kind = kind_of(command) if command or not is_failure else None
    category = ["database", "iam"] if is_of_rights else ["database"]
    return {"category": category, "type": unique(kind, "error" if is_failure else None)}


def _where(origin: Origin) -> dict[str, str | None]:
    match = _GROUP.fullmatch(origin.log_group)
    return match.groupdict() if match else {}


def _instance(origin: Origin, where: dict[str, str | None]) -> str | None:
    """The instance: the group's own, or of a cluster the beginning of the stream's name."""
    if where.get("kind") == "instance":
        return where["name"]
    return origin.log_stream.partition(".")[0] or None if where else None


def _moment(time_ms: int | None) -> str | None:
    in_range = time_ms is not None and EARLIEST_MS <= time_ms < LATEST_MS
    return utc(time_ms) if in_range and time_ms is not None else None


def _nanoseconds(seconds: float | None) -> int | None:
    if seconds is None or seconds >= LONG / 1e9:
        return None
    return round(seconds * 1e9)


SOURCE = Source(
    name="rds",
    dataset="aws.rds",
    reference=REFERENCE,
    log_groups=("/aws/rds/instance/*", "/aws/rds/cluster/*", "/aws/rds/proxy/*"),
    parse=parse,
)
