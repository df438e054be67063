"""Lines of the IAM authenticator: which IAM identity becomes which Kubernetes user.

Reference: https://github.com/kubernetes-sigs/aws-iam-authenticator
"""

import re
from typing import Any

from logcore.shape import time, unique

OUTCOMES = {"access granted": "success", "access denied": "failure"}
LEVELS = {"warning": "warn", "panic": "fatal"}
"""Our word for a level where the authenticator has another."""

_PAIR = re.compile(r'(?P<key>[A-Za-z_][\w.]*)=(?:"(?P<quoted>(?:[^"\\]|\\.)*)"?|(?P<bare>\S*))\s*')
_ESCAPED = re.compile(r"\\(.)")
_HEAD = ("time=", "level=")


def pairs(message: str) -> dict[str, str]:
    """The pairs of a line that begins with a time or a level; empty for any other."""
    if not message.startswith(_HEAD):
        return {}
    found: dict[str, str] = {}
    for match in _PAIR.finditer(message):
        value = match["bare"] if match["quoted"] is None else match["quoted"]
        found.setdefault(match["key"], _ESCAPED.sub(r"\1", value))
    return found


def sections(found: dict[str, str], malformed: list[str]) -> dict[str, Any]:
    """The sections of the document; only a line that grants or denies is an authentication."""
    said, level = found.get("msg"), found.get("level") or ""
    outcome = OUTCOMES.get(said or "")
    groups = (found.get("groups") or "").strip("[]").split()
    name = found.get("username") or None
    return {
        "@timestamp": time(found.get("time"), "time", malformed),
        "event": {
            "category": ["authentication"] if outcome else None,
            "type": ["start"] if outcome else ["info"],
            "action": said if outcome else None,
            "outcome": outcome,
        },
        "log": {"level": LEVELS.get(level, level) or None},
        "user": {
            "name": name,
            "id": found.get("uid") or None,
            "group": {"name": unique(*groups)},
        },
        "http": {"request": {"method": found.get("method") or None}},
        "url": {"path": found.get("path") or None},
        "error": {"message": found.get("error") or found.get("err") or None},
        "related": {"user": unique(name)},
        "eks": {"iam_arn": found.get("arn") or found.get("role") or None},
    }
