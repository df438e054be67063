"""One rule, read from its table and compiled for one dataset."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from logcore.own_logs import OWN_LOGS
from logcore.rules.condition import ALWAYS, Predicate, condition
from logcore.rules.errors import nearest, refused
from logcore.rules.matchers import is_number
from logcore.rules.redaction import Redaction
from logcore.rules.schema import Schema

_SHARED = frozenset({"name", "action", "when", "dry_run"})
KEYS: Final[Mapping[str, frozenset[str]]] = {
    "drop": _SHARED,
    "sample": _SHARED | {"rate"},
    "redact": _SHARED | {"fields", "mode", "patterns", "regexes"},
}
"""What a rule may say, by its action."""

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A compiled ``drop`` or ``sample`` rule.

    Attributes:
        name: Its name.
        dry_run: Whether it is only counted.
        holds: Its condition.
        rate: Share of events that stay: 0 for ``drop``.
    """

    name: str
    dry_run: bool
    holds: Predicate
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A compiled ``redact`` rule.

    Attributes:
        name: Its name.
        dry_run: Whether it is only counted.
        holds: Its condition.
        redact: Takes the values out.
    """

    name: str
    dry_run: bool
    holds: Predicate
    redact: Redaction


def compiled(rule: Mapping[str, Any], schema: Schema, key: bytes | None) -> Decision | Removal:
    """The rule over the fields of one dataset.

    Raises:
        ConfigurationError: it cannot work; says which key, what it found and what it expected.
    """
    name, action = rule.get("name"), str(rule.get("action"))
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise refused(f"name: expected small letters, digits and hyphens, found {name!r}")
    if name == OWN_LOGS:
        raise refused(f"name: {name!r} counts the pipeline's own lines; expected another one")
    if action not in KEYS:
        raise refused(f"action: expected one of {', '.join(KEYS)}, found {action!r}")
    for unknown in sorted(set(rule) - KEYS[action]):
        known = ", ".join(sorted(KEYS[action]))
        near = nearest(unknown, KEYS[action])
        raise refused(f"unknown key {unknown!r} of {action}, expected some of {known}{near}")
    dry_run = rule.get("dry_run", False)
    if not isinstance(dry_run, bool):
        raise refused(f"dry_run: expected true or false, found {dry_run!r}")
    holds = condition(_when(rule, action), schema)
    if action == "redact":
        redact = Redaction(rule, schema, key)
        return Removal(name=name, dry_run=dry_run, holds=holds, redact=redact)
    rate = _rate(rule) if action == "sample" else 0.0
    return Decision(name=name, dry_run=dry_run, holds=holds, rate=rate)


def _when(rule: Mapping[str, Any], action: str) -> object:
    """What a rule loses events by must be said, if only by ``always``."""
    if "when" not in rule and action != "redact":
        raise refused(f'when: expected a condition, or when = "{ALWAYS}" to {action} everything')
    return rule.get("when", ALWAYS)


def _rate(rule: Mapping[str, Any]) -> float:
    rate = rule.get("rate")
    if not is_number(rate) or not 0 < rate <= 1:  # type: ignore[operator]  # a number by then
        raise refused(f"rate: expected the share that stays, above 0 and up to 1, found {rate!r}")
    return float(rate)  # type: ignore[arg-type]  # a number by then
