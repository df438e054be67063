"""What an SQL statement does, and what it looks like without the values in it."""

import re
from functools import lru_cache
from typing import NamedTuple

LONGEST = 1_000  # characters: a longer keyword is not indexed
_LOOKED_AT = 8_000  # characters of a statement; inserts may have megabytes of values

_COMMENT = re.compile(r"\s*(?:/\*.*?\*/|--[^\n]*(?:\n|\Z)|\()\s*", re.DOTALL)
_VERB = re.compile(r"\s*([A-Za-z]+)(?:\s+([A-Za-z]+))?")
_LITERAL = re.compile(
    r"'(?:[^'\\]|\\.|'')*(?:'|\Z)"
    r"|\b0x[0-9a-fA-F]+\b"
    r"|(?<![\w.$])-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b"
)
_BLANKS = re.compile(r"\s+")
_LISTS = re.compile(r"\(\s*\?(?:\s*,\s*\?)+\s*\)")
_ROWS = re.compile(r"(\(\?(?:…)?\))(?:\s*,\s*\(\?(?:…)?\))+")

_READS = frozenset("SELECT SHOW DESCRIBE DESC EXPLAIN WITH TABLE VALUES FETCH READ".split())  # noqa: SIM905  read as a table
_CHANGES = frozenset(
    "INSERT UPDATE DELETE REPLACE MERGE TRUNCATE LOAD COPY CREATE ALTER DROP RENAME GRANT REVOKE"  # noqa: SIM905  likewise
    " COMMENT IMPORT WRITE".split()
)
_OF_RIGHTS = frozenset({"GRANT", "REVOKE"})
_OF_USERS = frozenset({"CREATE", "ALTER", "DROP", "RENAME"})
_USERS = frozenset({"USER", "ROLE", "GROUP", "LOGIN"})


class Statement(NamedTuple):
    """A statement in brief.

    Attributes:
        command: Its verb in capitals; ``None`` where it begins with none.
        kind: ECS ``event.type`` of a database: ``access``, ``change`` or ``info``.
        changes_rights: Whether it is about users, roles or privileges.
        shape: The statement in one line with its literals as ``?``, at most 1,000 characters.
    """

    command: str | None
    kind: str
    changes_rights: bool
    shape: str


@lru_cache(maxsize=4_096)
def understood(sql: str) -> Statement:
    """The statement in brief; cached, because applications send the same ones again and again."""
    head = sql[:_LOOKED_AT]
    verb = _VERB.match(head, _start(head))
    command, following = (verb[1].upper(), (verb[2] or "").upper()) if verb else (None, "")
    is_of_users = command in _OF_USERS and following in _USERS
    return Statement(command, kind_of(command), is_of_users or command in _OF_RIGHTS, _shape(head))


def kind_of(command: str | None) -> str:
    """ECS ``event.type`` by the verb, or by what an audit calls it; calls and the like inform."""
    if command in _READS:
        return "access"
    return "change" if command in _CHANGES else "info"


def _start(head: str) -> int:
    """Where the first word stands: behind comments and opening brackets."""
    position = 0
    while match := _COMMENT.match(head, position):
        position = match.end()
    return position


def _shape(head: str) -> str:
    bare = _BLANKS.sub(" ", _LITERAL.sub("?", head)).strip().rstrip(";").rstrip()
    return _ROWS.sub(r"\1, …", _LISTS.sub("(?…)", bare))[:LONGEST]
