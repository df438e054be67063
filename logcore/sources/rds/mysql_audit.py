"""The audit log of MySQL and MariaDB: a line of columns for each connection and statement.

References:
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Auditing.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.Options.AuditPlugin.html
"""

import re

from logcore.errors import MalformedError
from logcore.shape import milliseconds
from logcore.sources.rds.entry import Entry

ENGINE = "mysql"
AUDIT_COLUMNS = (
    "timestamp serverhost username host connectionid queryid operation database".split()  # noqa: SIM905  read as a table
)
"""The first columns; the object, the code and, in newer plugins, the connection's kind follow."""

OUTCOMES = {"0": "success", "": None}
"""``event.outcome`` by the code of an audit entry; those of tables have none, others are errors."""

_MICROSECONDS_DIGITS = 16  # of a time of Aurora
_REST = re.compile(
    r"(?:'(?P<quoted>.*)'|(?P<bare>[^,']*)),(?P<code>-?\d*)(?:,(?P<connection>[^,]*))?,*\s*\Z",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_WHITE = {"n": "\n", "r": "\r", "t": "\t"}


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
