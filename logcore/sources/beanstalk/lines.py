"""Lines of Elastic Beanstalk's own programs on an instance: ``eb-engine``, ``eb-activity``, hooks.

Reference: https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.logging.html
"""

import re
from typing import NamedTuple

from logcore.codec import parse_json
from logcore.shape import milliseconds

_ENGINE = re.compile(
    r"(?P<date>\d{4}/\d\d/\d\d) (?P<clock>\d\d:\d\d:\d\d(?:\.\d{1,6})?) "
    r"\[(?P<level>[A-Z]{1,8})\] (?P<text>.*)",
    re.DOTALL,
)
_ACTIVITY = re.compile(
    r"\[(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z)\] (?P<level>[A-Z]{1,8})\s+"
    r"\[(?P<pid>\d{1,10})\]\s+- \[(?P<activity>[^\]]*)\] : (?P<text>.*)",
    re.DOTALL,
)
"""How the platforms before Amazon Linux 2 write ``eb-activity.log``."""


class Rule(NamedTuple):
    """A kind of text.

    Attributes:
        pattern: Matches the whole text; its groups are what the text names.
        action: Our name of what happened.
        outcome: ECS ``event.outcome``; empty where the text does not say.
    """

    pattern: re.Pattern[str]
    action: str
    outcome: str = ""


_RULES = (
    Rule(
        re.compile(
            r"An error occurred during execution of command \[(?P<command>[^\]]*)\] - "
            r"\[(?P<instruction>[^\]]*)\]\. Stop running the command\. Error: (?P<reason>.*)",
            re.DOTALL,
        ),
        "command_failed",
        "failure",
    ),
    Rule(re.compile(r"Executing instruction: (?P<instruction>.*)"), "instruction_started"),
    Rule(re.compile(r"Engine received EB command (?P<command>\S+).*"), "command_received"),
    Rule(
        re.compile(r"Platform Engine finished execution on command: (?P<command>\S+).*"),
        "command_finished",
    ),
    Rule(
        re.compile(r"Running command:? (?:/bin/sh -c )?(?P<command_line>.*)", re.DOTALL),
        "process_started",
    ),
    Rule(re.compile(r"CommandService Response: (?P<response>\{.*\})", re.DOTALL), "responded"),
    Rule(re.compile(r"Starting activity\.\.\."), "activity_started"),
    Rule(re.compile(r"Completed activity\..*", re.DOTALL), "activity_completed", "success"),
    Rule(
        re.compile(r"Activity (?:execution )?failed,? because: (?P<reason>.*)", re.DOTALL),
        "activity_failed",
        "failure",
    ),
)

_OUTCOMES = {"SUCCESS": "success", "FAILURE": "failure"}


class Line(NamedTuple):
    """What stands in a line.

    Attributes:
        said: Its parts by name, without what is not there; ``text`` always.
        time_ms: Milliseconds since the epoch; ``None`` when the line has no time.
        action: What happened, empty when no rule knows.
        outcome: How it ended, likewise.
    """

    said: dict[str, str]
    time_ms: int | None
    action: str
    outcome: str


def read(text: str) -> Line:
    """The parts of a line; the output of a hook, which has no head, is only text."""
    head = _ENGINE.fullmatch(text) or _ACTIVITY.fullmatch(text)
    found = head.groupdict("") if head else {"text": text}
    time = found.pop("time", "") or _iso(found.pop("date", ""), found.pop("clock", ""))
    for rule in _RULES if head else ():
        match = rule.pattern.fullmatch(found["text"])
        if match is not None:
            said = {**found, **match.groupdict("")}
            outcome, reason = _response(said.get("response"))
            said = {k: v for k, v in {"reason": reason, **said}.items() if v}
            return Line(said, milliseconds(time), rule.action, rule.outcome or outcome)
    return Line({k: v for k, v in found.items() if v}, milliseconds(time), "", "")


def _iso(date: str, clock: str) -> str:
    return f"{date.replace('/', '-')}T{clock}"


def _response(text: str | None) -> tuple[str, str]:
    """How a command ended, and what the engine told the service about it."""
    if text is None:
        return "", ""
    try:
        body = parse_json(text)
    except ValueError:
        return "", ""
    results = body.get("results") if isinstance(body, dict) else None
    first = results[0] if isinstance(results, list) and results else None
    message = first.get("msg") if isinstance(first, dict) else None
    return _OUTCOMES.get(str(body.get("status")), ""), message if isinstance(message, str) else ""
