"""What a check gives: how it stands, what was found, what is expected, and what puts it right."""

from dataclasses import dataclass
from typing import Literal

type Status = Literal["ok", "warning", "error"]
"""``error`` stops a deployment or makes it useless, ``warning`` costs a part of what it does."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How one subject of a check stands.

    Attributes:
        status: How it stands.
        found: The value that was found, in the words of who configured it.
        expected: What would be right; empty where that is what was found.
        fix: A command or a line of the configuration; empty where nothing is to be done.
    """

    status: Status
    found: str
    expected: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An answer, and what it is about.

    Attributes:
        check: Name of the check: ``bootstrap``.
        subject: What it looked at: a region, a bucket, a name.
        answer: How that stands.
    """

    check: str
    subject: str
    answer: Answer


def ok(found: str) -> Answer:
    """Nothing is to be done."""
    return Answer("ok", found)


def warning(found: str, expected: str, fix: str) -> Answer:
    """A deployment works, but for this."""
    return Answer("warning", found, expected, fix)


def error(found: str, expected: str, fix: str) -> Answer:
    """A deployment fails at this, or nothing arrives."""
    return Answer("error", found, expected, fix)
