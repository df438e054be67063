"""The error log and the general log of MySQL and MariaDB.

References:
https://dev.mysql.com/doc/refman/8.4/en/error-log-format.html
https://dev.mysql.com/doc/refman/8.4/en/query-log.html
"""

import re

from logcore.shape import milliseconds
from logcore.sources.rds.entry import Entry

ENGINE = "mysql"
LEVELS = {"system": "info", "note": "info", "warning": "warn", "error": "error"}
"""``log.level`` by MySQL's word in lower case."""

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


def error(text: str) -> Entry | None:
    """An entry of the error log; ``None`` for a line that is none, such as one of a stack trace."""
    match = _ERROR.fullmatch(text.strip())
    if match is None:
        return None
    malformed: list[str] = []
    said = match["said"]
    denied, aborted = _DENIED.search(said), _ABORTED.search(said)
    who = denied or aborted
    level = LEVELS.get(match["level"].lower())
    is_error = level == "error" or denied is not None
    return Entry(
        engine=ENGINE,
        action="access_denied" if denied else "aborted_connection" if aborted else "error_log",
        time_ms=_time(match["time"].replace("  ", " 0"), malformed),
        outcome="failure" if is_error else None,
        signs_in=denied is not None,
        signs_out=aborted is not None,
        level=level or match["level"].lower(),
        logger=match["part"],
        user=(who["user"] or None) if who else None,
        client=(who["host"] or None) if who else None,
        database=_known(aborted["db"]) if aborted else None,
        session=aborted["id"]
        if aborted
        else (match["thread"].strip("0") and match["thread"]) or None,
        error_code=match["code"] if is_error else None,
        error_message=said if is_error else None,
        raw={name: value for name, value in match.groupdict().items() if value is not None},
        malformed=malformed,
    )


def general(text: str) -> Entry | None:
    """An entry of the general log: every connection and every statement."""
    match = _GENERAL.fullmatch(text.rstrip())
    if match is None:
        return None
    malformed: list[str] = []
    command, said = match["command"], match["said"] or ""
    is_sql = command in {"Query", "Execute", "Prepare"}
    denied = _DENIED.search(said) if command == "Connect" else None
    who = denied or (_CONNECT.match(said) if command == "Connect" else None)
    return Entry(
        engine=ENGINE,
        action=command.lower().replace(" ", "_"),
        time_ms=_time(match["time"], malformed),
        signs_in=command == "Connect",
        signs_out=command == "Quit",
        outcome="failure" if denied else None,
        statement=said if is_sql and said else None,
        user=(who["user"] or None) if who else None,
        client=who["host"] if who else None,
        database=_chosen(command, said, who),
        session=match["id"],
        raw={name: value for name, value in match.groupdict().items() if value is not None},
        malformed=malformed,
    )


def _time(value: str, malformed: list[str]) -> int | None:
    found = milliseconds(value)
    if found is None:
        malformed.append("time")
    return found


def _chosen(command: str, said: str, who: re.Match[str] | None) -> str | None:
    """The database that a connection begins with, or that it changes to."""
    if command == "Init DB":
        return said or None
    return who.groupdict().get("db") or None if who else None


def _known(value: str) -> str | None:
    return value if value and value != "unconnected" else None
