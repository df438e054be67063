"""The log of slow queries of MySQL and MariaDB: what was measured, then the statement.

Reference: https://dev.mysql.com/doc/refman/8.4/en/slow-query-log.html
"""

import re
from typing import Any

from logcore.errors import MalformedError
from logcore.formats.web import seconds, size
from logcore.shape import integer, milliseconds
from logcore.sources.rds.entry import Entry

ENGINE = "mysql"

_SLOW_PAIR = re.compile(r"(\w+): (\S*)")
_SLOW_USER = re.compile(
    r"# User@Host: (?P<user>[^\[\s]*)\[(?P<account>[^\]]*)\] @ +(?P<host>[^\s\[]*) *"
    r"\[(?P<ip>[^\]]*)\](?:\s+Id:\s+(?P<id>\d+))?"
)
_SET_TIME = re.compile(r"SET timestamp=(\d+)(?:\.\d+)?;\s*", re.IGNORECASE)
_USE = re.compile(r"use (`?)([^;`]+)\1;\s*", re.IGNORECASE)
_OLD_TIME = re.compile(r"(\d\d)(\d\d)(\d\d) +(\d{1,2}):(\d\d:\d\d)")


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
        time_ms=_slow_time(comments, malformed),
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


def _slow_time(comments: str, malformed: list[str]) -> int | None:
    """``2026-03-01T12:00:00.123456Z``, or ``260301 12:00:00`` of older servers."""
    if not comments.startswith("# Time: "):
        return None
    value = comments.partition("\n")[0].removeprefix("# Time: ").strip()
    old = _OLD_TIME.fullmatch(value)
    if old:
        year, month, day, hour, rest = old.groups()
        value = f"20{year}-{month}-{day}T{hour:0>2}:{rest}"
    found = milliseconds(value)
    if found is None:
        malformed.append("Time")
    return found


def _nanoseconds(value: Any, name: str, malformed: list[str]) -> int | None:  # noqa: ANN401
    found = seconds(value, name, malformed)
    return None if found is None else integer(round(found * 1e9), name, malformed)
