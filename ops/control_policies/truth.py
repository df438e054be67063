"""Yes, no, or not to be told: how the parts of a policy come together."""

from collections.abc import Iterable

type Truth = bool | None
"""``None`` where it depends on what nobody knows before the request is made."""


def any_of(truths: Iterable[Truth]) -> Truth:
    """Whether one holds; one that holds settles it, whatever the others are."""
    told = tuple(truths)
    if True in told:
        return True
    return None if None in told else False


def all_of(truths: Iterable[Truth]) -> Truth:
    """Whether each holds; one that does not settles it, whatever the others are."""
    return negated(any_of(negated(truth) for truth in truths))


def negated(truth: Truth) -> Truth:
    """The opposite of what can be told."""
    return None if truth is None else not truth
