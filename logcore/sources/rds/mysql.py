"""Logs of MySQL and MariaDB: audit, slow queries, errors and the general log.

References:
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Auditing.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.Options.AuditPlugin.html
https://dev.mysql.com/doc/refman/8.4/en/slow-query-log.html
https://dev.mysql.com/doc/refman/8.4/en/error-log-format.html
"""

import re
from typing import Any

from logcore.errors import MalformedError
from logcore.shape import integer, milliseconds
from logcore.sources.rds.entry import Entry
from logcore.web import seconds, size

ENGINE = "mysql"
AUDIT_COLUMNS = (
    "timestamp serverhost username host connectionid queryid operation database".split()  # noqa: SIM905  read as a table
)
"""The first columns; the object, the code and, in newer plugins, the connection's kind follow."""

LEVELS = {"system": "info", "note": "info", "warning": "warn", "error": "error"}
"""``log.level`` by MySQL's word in lower case."""

OUTCOMES = {"0": "success", "": None}
"""``event.outcome`` by the code of an audit entry; those of tables have none, others are errors."""

_MICROSECONDS_DIGITS = 16  # of a time of Aurora
_REST = re.compile(
    r"(?:'(?P<quoted>.*)'|(?P<bare>[^,']*)),(?P<code>-?\d*)(?:,(?P<connection>[^,]*))?,*\s*\Z",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_WHITE = {"n": "\n", "r": "\r", "t": "\t"}

_SLOW_PAIR = re.compile(r"(\w+): (\S*)")
_SLOW_USER = re.compile(
    r"# User@Host: (?P<user>[^\[\s]*)\[(?P<account>[^\]]*)\] @ +(?P<host>[^\s\[]*) *"
    r"\[(?P<ip>[^\]]*)\](?:\s+Id:\s+(?P<id>\d+))?"
)
_SET_TIME = re.compile(r"SET timestamp=(\d+)(?:\.\d+)?;\s*", re.IGNORECASE)
_USE = re.compile(r"use (`?)([^;`]+)\1;\s*", re.IGNORECASE)
_OLD_TIME = re.compile(r"(\d\d)(\d\d)(\d\d) +(\d{1,2}):(\d\d:\d\d)")

_ERROR = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d[T ][ \d]\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)"
    r" +(?P<thread>\d+) "
    r"\[(?P<level>\w+)\] (?:\[(?P<code>MY-\d+)\] )?(?:\[(?P<part>\w+)\] )?(?P<said>.*)",
    re.DOTALL,
)
_DENIED = re.compile(r"Access denied for user '(?P<user>[^']*)'@'(?P<host>[^']*)'")
_ABORTED = re.compile(
    r"Aborted connection (?P<id>\d+) to db: '(?P<db>[^']*)' user: '(?P<user>[^']*)'"
    r" host: '(?P<host>[^']*)'"
)
_GENERAL = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT\S+)\s+(?P<id>\d+) (?P<command>[A-Z][A-Za-z ]*?)(?:\t(?P<said>.*))?",
    re.DOTALL,
)
_CONNECT = re.compile(r"(?P<user>[^@\s]*)@(?P<host>\S+) +(?:as \S* )?on (?P<db>\S*)(?: using .*)?")


def audit(line: str) -> Entry:
    """An entry of the audit plugin or of Aurora's advanced auditing, ten columns or eleven.

    Raises:
        MalformedError: there are fewer than nine columns (``column_count``).
    """
    values = line.split(",", len(AUDIT_COLUMNS))
    if len(values) <= len(AUDIT_COLUMNS):
        raise MalformedError("column_count", f"expected ten columns, found {len(values)}")
    raw = dict(zip(AUDIT_COLUMNS, values, strict=False))
    malformed: list[str] = []
    rest = _REST.match(values[-1])
    if rest is None:
        malformed.append("object")  # cut off before its closing quote
    quoted = rest["quoted"] if rest else values[-1].removeprefix("'")
    named = rest["bare"] or None if rest else None
    code = rest["code"] if rest else None
    operation = raw["operation"]
    is_connect = operation in {"CONNECT", "FAILED_CONNECT"}
    return Entry(
        engine=ENGINE,
        action=operation.lower(),
        time_ms=_audit_time(raw["timestamp"], malformed),
        outcome=_audit_outcome(operation, code),
        signs_in=is_connect,
        signs_out=operation == "DISCONNECT",
        statement=_unescaped(quoted) if operation == "QUERY" and quoted else None,
        command=None if is_connect or operation in {"QUERY", "DISCONNECT"} else operation,
        user=raw["username"] or None,
        client=raw["host"] or None,
        database=raw["database"] or None,
        session=raw["connectionid"] or None,
        object=named or (quoted if operation != "QUERY" and quoted else None),
        error_code=code if code and code != "0" else None,
        raw=raw | {"object": quoted or named or "", "retcode": code or ""},
        malformed=malformed,
    )


def _audit_time(value: str, malformed: list[str]) -> int | None:
    """``20260301 12:00:00`` in UTC, or the microseconds since the epoch that Aurora writes."""
    if value.isdecimal() and len(value) == _MICROSECONDS_DIGITS:
        return int(value) // 1_000
    found = milliseconds(value)
    if found is None:
        malformed.append("timestamp")
    return found


def _audit_outcome(operation: str, code: str | None) -> str | None:
    if operation == "FAILED_CONNECT":
        return "failure"
    if operation == "DISCONNECT":
        return None
    if code is None:
        return "unknown"
    return OUTCOMES.get(code, "failure")


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: _WHITE.get(match[1], match[1]), text)


def slow_query(text: str) -> Entry:
    """An entry of several lines: comments with what was measured, then the statement.

    Raises:
        MalformedError: it does not say how long the query took (``no_query_time``).
    """
    comments, statement = _parted(text)
    raw = dict(_SLOW_PAIR.findall(comments))
    if "Query_time" not in raw:
        raise MalformedError("no_query_time", f"expected '# Query_time: ', found {text[:60]!r}")
    malformed: list[str] = []
    who = _SLOW_USER.search(comments)
    use, set_time = _USE.search(statement), _SET_TIME.search(statement)
    started = int(set_time[1]) * 1_000 if set_time and len(set_time[1]) < 12 else None  # noqa: PLR2004  seconds
    errno = raw.get("Last_errno") or raw.get("Errno")
    sql = _USE.sub("", _SET_TIME.sub("", statement, count=1), count=1).strip()
    numbers = {
        "rows_sent": size(raw.get("Rows_sent"), "Rows_sent", malformed),
        "rows_examined": size(raw.get("Rows_examined"), "Rows_examined", malformed),
        "lock_time": _nanoseconds(raw.get("Lock_time"), "Lock_time", malformed),
    }
    return Entry(
        engine=ENGINE,
        action="slow_query",
        time_ms=_slow_time(comments),
        started_ms=started,
        duration_s=seconds(raw["Query_time"], "Query_time", malformed),
        outcome=None if errno is None else "success" if errno == "0" else "failure",
        statement=sql or None,
        user=(who["user"] or who["account"] or None) if who else None,
        client=(who["ip"] or who["host"] or None) if who else None,
        database=raw.get("Schema") or (use[2] if use else None),
        session=(who["id"] if who else None) or raw.get("Id") or raw.get("Thread_id"),
        error_code=errno if errno != "0" else None,
        numbers={name: value for name, value in numbers.items() if value is not None},
        raw=raw | {"statement": sql},
        malformed=malformed,
    )


def _parted(text: str) -> tuple[str, str]:
    """The lines of comment at the head, and what follows them."""
    lines = text.strip().split("\n")
    count = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return "\n".join(lines[:count]), "\n".join(lines[count:])


def _slow_time(comments: str) -> int | None:
    """``2026-03-01T12:00:00.123456Z``, or ``260301 12:00:00`` of older servers."""
    if not comments.startswith("# Time: "):
        return None
    value = comments.partition("\n")[0].removeprefix("# Time: ").strip()
    old = _OLD_TIME.fullmatch(value)
    if old:
        year, month, day, hour, rest = old.groups()
        value = f"20{year}-{month}-{day}T{hour:0>2}:{rest}"
    return milliseconds(value)


def _nanoseconds(value: Any, name: str, malformed: list[str]) -> int | None:  # noqa: ANN401
    found = seconds(value, name, malformed)
    return None if found is None else integer(round(found * 1e9), name, malformed)


def error(text: str) -> Entry | None:
    """An entry of the error log; ``None`` for a line that is none, such as one of a stack trace."""
    match = _ERROR.fullmatch(text.strip())
    if match is None:
        return None
    said = match["said"]
    denied, aborted = _DENIED.search(said), _ABORTED.search(said)
    who = denied or aborted
    level = LEVELS.get(match["level"].lower())
    is_error = level == "error" or denied is not None
    return Entry(
        engine=ENGINE,
        action="access_denied" if denied else "aborted_connection" if aborted else "error_log",
        time_ms=milliseconds(match["time"].replace("  ", " 0")),
        outcome="failure" if is_error else None,
        signs_in=denied is not None,
        signs_out=aborted is not None,
        level=level or match["level"].lower(),
        logger=match["part"],
        user=(who["user"] or None) if who else None,
        client=(who["host"] or None) if who else None,
        database=_known(aborted["db"]) if aborted else None,
        session=aborted["id"] if aborted else match["thread"].strip("0") and match["thread"],
        error_code=match["code"] if is_error else None,
        error_message=said if is_error else None,
        raw={name: value for name, value in match.groupdict().items() if value is not None},
        malformed=[],
    )


def general(text: str) -> Entry | None:
    """An entry of the general log: every connection and every statement."""
    match = _GENERAL.fullmatch(text.rstrip())
    if match is None:
        return None
    command, said = match["command"], match["said"] or ""
    is_sql = command in {"Query", "Execute", "Prepare"}
    denied = _DENIED.search(said) if command == "Connect" else None
    who = denied or (_CONNECT.match(said) if command == "Connect" else None)
    return Entry(
        engine=ENGINE,
        action=command.lower().replace(" ", "_"),
        time_ms=milliseconds(match["time"]),
        signs_in=command == "Connect",
        signs_out=command == "Quit",
        outcome="failure" if denied else None,
        statement=said if is_sql and said else None,
        user=(who["user"] or None) if who else None,
        client=who["host"] if who else None,
        database=_chosen(command, said, who),
        session=match["id"],
        raw={name: value for name, value in match.groupdict().items() if value is not None},
    )


def _chosen(command: str, said: str, who: re.Match[str] | None) -> str | None:
    """The database that a connection begins with, or that it changes to."""
    if command == "Init DB":
        return said or None
    return who.groupdict().get("db") or None if who else None


def _known(value: str) -> str | None:
    return value if value and value != "unconnected" else None
