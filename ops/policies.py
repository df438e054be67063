"""Whether a policy that somebody else wrote says what it must."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

type Statement = Mapping[str, Any]
"""One statement, as IAM writes it."""


def missing(policy: str | Mapping[str, Any], needed: Iterable[Statement]) -> tuple[str, ...]:
    """The ``Sid`` of each needed statement that no statement of the policy covers.

    A statement covers another one that has the same effect, where it names at least its
    principals, actions and resources, and has no condition, or the same. What a policy grants by
    two statements together, or denies by another, is not seen.

    Args:
        policy: The policy, as text or read.
        needed: What must be in it.
    """
    document: Mapping[str, Any] = json.loads(policy) if isinstance(policy, str) else policy
    there = listed(document.get("Statement", []))
    return tuple(n["Sid"] for n in needed if not any(_covers(one, n) for one in there))


def as_fix(needed: Sequence[Statement], absent: Sequence[str]) -> str:
    """The statements that are absent, as one line of JSON."""
    return json.dumps([one for one in needed if one["Sid"] in absent])


def like(text: str, pattern: str) -> bool:
    """Whether a text is like a pattern of IAM: ``*`` is anything, ``?`` one character.

    Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    return _compiled(pattern).fullmatch(text) is not None


def as_text(value: object) -> str:
    """A value of a condition as IAM compares it: it writes truth values as text as well."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def listed(value: Any) -> list[Any]:  # noqa: ANN401  any JSON
    """The elements of a list; IAM writes a list of one as its element."""
    return value if isinstance(value, list) else [value]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    return re.compile("".join(wild.get(char) or re.escape(char) for char in pattern), re.DOTALL)


def _covers(one: Statement, needed: Statement) -> bool:
    condition = one.get("Condition")
    return (
        one.get("Effect") == needed["Effect"]
        and _all_within(_principals(needed), _principals(one))
        and _all_within(listed(needed["Action"]), listed(one.get("Action", [])))
        and _all_within(listed(needed.get("Resource", "*")), listed(one.get("Resource", "*")))
        and _plain(condition) in (None, _plain(needed.get("Condition")))
    )


def _all_within(needed: Sequence[str], patterns: Sequence[str]) -> bool:
    return all(any(like(name, pattern) for pattern in patterns) for name in needed)


def _principals(statement: Statement) -> list[str]:
    """``AWS:arn:…``, ``Service:…``; an account's root by its number, as IAM takes both."""
    principal = statement.get("Principal", {})
    named = {"AWS": principal} if isinstance(principal, str) else principal
    return [f"{kind}:{_account(who)}" for kind, value in named.items() for who in listed(value)]


def _account(who: str) -> str:
    return who.split(":")[4] if who.endswith(":root") else who


def _plain(condition: Mapping[str, Any] | None) -> Any:  # noqa: ANN401  a condition is any JSON
    """The same for a value and for a list of it, whatever their order and type."""
    if not condition:
        return None
    return {
        operator: {key.lower(): sorted(map(as_text, listed(value))) for key, value in keys.items()}
        for operator, keys in condition.items()
    }
