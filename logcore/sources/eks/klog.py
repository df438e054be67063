"""Lines of klog, with which the parts of Kubernetes write: ``E0301 12:00:00.123456 1 x.go:7] …``.

Reference: https://kubernetes.io/docs/concepts/cluster-administration/system-logs/
"""

import re
from typing import Any

LEVELS = {"I": "info", "W": "warn", "E": "error", "F": "fatal"}

_LINE = re.compile(
    r"(?P<severity>[IWEF])(?P<date>\d{4}) (?P<clock>\d\d:\d\d:\d\d\.\d+) +(?P<pid>\d{1,9}) "
    r"(?P<file>[^\s:\]]+):(?P<line>\d{1,9})\] (?P<said>.*)",
    re.DOTALL,
)
_FAILURES = frozenset({"E", "F"})


def parts(message: str) -> dict[str, str] | None:
    """The parts of a line; ``None`` for one that klog did not write."""
    match = _LINE.match(message)
    return match.groupdict() if match else None


def sections(found: dict[str, str]) -> dict[str, Any]:
    """The sections of the document; without a time, because the line has no year."""
    is_failure = found["severity"] in _FAILURES
    return {
        "message": found["said"].strip() or None,
        "event": {"type": ["error"] if is_failure else ["info"]},
        "log": {
            "level": LEVELS[found["severity"]],
            "origin": {"file": {"name": found["file"], "line": int(found["line"])}},
        },
        "process": {"pid": int(found["pid"])},
        "error": {"message": (found["said"].strip() or None) if is_failure else None},
    }
