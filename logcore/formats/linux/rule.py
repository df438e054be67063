"""What a program of Linux says in its lines: patterns, and the event that each stands for."""

import re
from collections.abc import Iterable
from typing import NamedTuple

ADDRESS = r"(?P<address>[^\s,;]+)"
FROM = rf"from {ADDRESS}(?: port (?P<port>\d{{1,5}}))?"


class Rule(NamedTuple):
    """A kind of message.

    Attributes:
        pattern: Matches the whole text. What its groups are called decides where they go; see
            ``logcore.formats.linux.document``.
        category: ECS ``event.category``.
        type: ECS ``event.type``, by words apart by blanks.
        action: Our name of what happened.
        outcome: ECS ``event.outcome``; empty where there is none.
    """

    pattern: re.Pattern[str]
    category: str
    type: str
    action: str
    outcome: str = ""


def rule(pattern: str, category: str, type_: str, action: str, outcome: str = "") -> Rule:
    """A rule whose pattern is given as text."""
    return Rule(re.compile(pattern, re.DOTALL), category, type_, action, outcome)


def first(rules: Iterable[Rule], text: str) -> tuple[Rule, dict[str, str]] | None:
    """The first rule that the text is of, with what its groups hold; ``None`` when none is."""
    for one in rules:
        match = one.pattern.fullmatch(text)
        if match is not None:
            return one, {name: value for name, value in match.groupdict("").items() if value}
    return None
