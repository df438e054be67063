"""Whether a statement's condition holds for a request of which not every key is known.

Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ops.control_policies.truth import Truth, all_of, any_of, negated
from ops.policies import as_text, like, listed

type Context = Mapping[str, str | None]
"""Value of each known key, in lower case; ``None`` where a request has no such key."""

type Condition = Mapping[str, Mapping[str, Any]]
"""As IAM writes it: values by key by operator."""

VARIABLE: Final = re.compile(r"\$\{([^},]+)[^}]*\}")
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html."""


def holds(condition: Condition, context: Context) -> Truth:
    """Whether all of it holds."""
    return all_of(
        _holds(operator, key.lower(), [as_text(value) for value in listed(values)], context)
        for operator, keys in condition.items()
        for key, values in keys.items()
    )


def undecided(condition: Condition, context: Context) -> Iterator[str]:
    """The keys on which it depends, as the policy spells them."""
    for operator, keys in condition.items():
        for key, values in keys.items():
            if holds({operator: {key: values}}, context) is None:
                yield key


def with_values(text: str, context: Context) -> str | None:
    """A text of a policy with its variables' values; ``None`` where one is not known."""
    if unknown(text, context):
        return None
    return VARIABLE.sub(lambda found: str(context[_key(found[1])]), text)


def unknown(text: str, context: Context) -> list[str]:
    """The variables in a text of a policy that have no known value."""
    return [name for name in VARIABLE.findall(text) if context.get(_key(name)) is None]


def _key(name: str) -> str:
    return name.strip().lower()


def _holds(operator: str, key: str, values: list[str], context: Context) -> Truth:
    """Whether one key is as one operator wants it.

    Every known key has one value, for which ``ForAnyValue`` and ``ForAllValues`` differ only
    where it is absent.
    """
    if key not in context:
        return None
    quantifier, _, named = operator.rpartition(":")
    name = named.removesuffix("IfExists")
    value = context[key]
    if name == "Null":
        return any_of((value is None) == (text == "true") for text in values)
    is_negated = "Not" in name
    if value is None:
        passes = is_negated and quantifier != "ForAnyValue"
        return passes or name != named or quantifier == "ForAllValues"
    equal = COMPARED.get(name.replace("Not", ""))
    if equal is None:
        return None
    matched = any_of(_compared(equal, value, text, context) for text in values)
    return negated(matched) if is_negated else matched


def _compared(equal: Callable[[str, str], bool], value: str, text: str, context: Context) -> Truth:
    """Whether a value is one of the policy's."""
    filled = with_values(text, context)
    return None if filled is None else equal(value, filled)


def _arn_like(value: str, pattern: str) -> bool:
    """Whether an ARN is like a pattern, part by part: ``*`` does not reach over a colon."""
    parts, patterns = value.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(patterns) and all(map(like, parts, patterns))


COMPARED: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "StringEquals": str.__eq__,
    "StringEqualsIgnoreCase": lambda value, text: value.lower() == text.lower(),
    "StringLike": like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "Bool": lambda value, text: value.lower() == text.lower(),
}
"""Operators that are understood, without their negations; of others nothing can be told."""
