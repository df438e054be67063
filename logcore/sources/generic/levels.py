"""The level of a log line: from a logger's own key, or from where people look in plain text."""

import re
from typing import Any

LEVELS = {
    "trace": "trace",
    "verbose": "trace",
    "finest": "trace",
    "finer": "trace",
    "debug": "debug",
    "dbg": "debug",
    "fine": "debug",
    "info": "info",
    "inf": "info",
    "information": "info",
    "informational": "info",
    "notice": "notice",
    "warn": "warn",
    "wrn": "warn",
    "warning": "warn",
    "error": "error",
    "err": "error",
    "eror": "error",
    "severe": "error",
    "critical": "critical",
    "crit": "critical",
    "fatal": "fatal",
    "ftl": "fatal",
    "panic": "fatal",
    "alert": "alert",
    "emergency": "emergency",
    "emerg": "emergency",
}
"""Our word for each producer's word, compared without case."""

_NUMBERED = {10: "trace", 20: "debug", 30: "info", 40: "warn", 50: "error", 60: "fatal"}
"""Levels of pino and bunyan: https://github.com/trentm/node-bunyan#levels"""

_SYSLOG = ("emergency", "alert", "critical", "error", "warn", "notice", "info", "debug")
"""By severity number: RFC 5424, section 6.2.1."""

_GLOG = {"I": "info", "W": "warn", "E": "error", "F": "fatal"}

_SEARCHED = 200  # characters: a level stands in the head of a line
_WORDS = "|".join(sorted(LEVELS, key=len, reverse=True))
_AT_START = (
    re.compile(rf"\s*[\[<(]?({_WORDS})(?=[\]>):|,\t]|\s+[-:|\[{{]|\s*$)", re.IGNORECASE),
    re.compile(rf"\s*({_WORDS.upper()})\b"),
)
_AFTER_KEY = re.compile(
    rf"(?:.*?[\s,;{{\"])?(?:level|lvl|severity)\"?\s?[=:]\s?\"?({_WORDS})\b", re.IGNORECASE
)
_IN_BRACKETS = re.compile(rf".*?[\[<(|]\s*({_WORDS})\s*[\]>)|]", re.IGNORECASE)
_IN_CAPITALS = re.compile(rf"\s({_WORDS.upper()})(?=[\s:])")
"""At the start, after ``level=`` or in brackets, and in capitals after something with a digit, as
a time has: elsewhere the word is part of a sentence."""

_DIGIT = re.compile(r"\d")
_PRIORITY = re.compile(r"<(\d{1,3})>")
_GLOG_HEAD = re.compile(r"([IWEF])\d{4} \d\d:\d\d")


def level_of(value: Any) -> str | None:  # noqa: ANN401  any JSON
    """Our word for what a logger wrote under its level key; ``None`` when it says nothing."""
    if isinstance(value, str):
        return LEVELS.get(value.strip().lower())
    if type(value) is int:
        syslog = _SYSLOG[value] if 0 <= value < len(_SYSLOG) else None
        return _NUMBERED.get(value, syslog)
    return None


def level_in(text: str) -> str | None:
    """The level in the head of a line of plain text; ``None`` when none stands out."""
    head = text[:_SEARCHED].partition("\n")[0]
    if not head[:1].isdecimal():  # as in most lines, which begin with a time
        for position in _AT_START:
            if match := position.match(head):
                return LEVELS[match[1].lower()]
    match, folded = None, head.casefold()  # that something is in a text is seen sooner than where
    if "level" in folded or "lvl" in folded or "severity" in folded:
        match = _AFTER_KEY.match(head)
    if not match and ("[" in head or "<" in head or "(" in head or "|" in head):
        match = _IN_BRACKETS.match(head)
    if not match and (digit := _DIGIT.search(head)):
        match = _IN_CAPITALS.search(head, digit.end())
    if match:
        return LEVELS[match[1].lower()]
    if match := _PRIORITY.match(head):
        return _SYSLOG[int(match.group(1)) % len(_SYSLOG)]
    if match := _GLOG_HEAD.match(head):
        return _GLOG[match.group(1)]
    return None
