"""Lines that are only text: of Oracle, SQL Server, Db2 and the proxy, and what goes on from before.

Reference: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.html
"""

import re

from logcore.sources.rds.entry import Entry

LEVELS = {
    "fatal": "fatal",
    "severe": "error",
    "error": "error",
    "warning": "warn",
    "warn": "warn",
    "info": "info",
    "debug": "debug",
    "note": "info",
}
_SEARCHED = 200  # characters: a level stands in the head of a line
_LEVEL = re.compile(
    rf"[\[(<](?P<marked>(?i:{'|'.join(LEVELS)}))[\])>]"
    rf"|\b(?P<word>{'|'.join(word.upper() for word in LEVELS)})\b"
    r"|\b(?P<capital>Error|Warning):"
)
_ORACLE = re.compile(r"\b(?P<code>(?:ORA|TNS)-\d{4,5})\b")
_SQL_SERVER = re.compile(r"\bError: (?P<code>\d+), Severity: (?P<severity>\d+)")


def plain(text: str) -> Entry:
    """The line with a level where one stands out, and the code that Oracle or SQL Server names."""
    head = text[:_SEARCHED]
    found = _ORACLE.search(head) or _SQL_SERVER.search(head)
    level = _LEVEL.search(head)
    word = level[level.lastgroup or 0].lower() if level else None
    return Entry(
        action="text",
        level="error" if found else LEVELS.get(word or ""),
        error_code=found["code"] if found else None,
        error_message=text.strip() if found else None,
        outcome="failure" if found else None,
        raw={"text": text} if text.strip() else {},
    )
