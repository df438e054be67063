"""Adds to documents of which nothing is certain but that they are objects."""

from typing import Any


def fill(place: dict[str, Any], values: dict[str, Any]) -> bool:
    """Add what is absent, at every depth, and keep what is there; whether anything was added.

    Where something else stands in the place of an object, nothing is added below it.
    """
    added = False
    for key, value in values.items():
        if key not in place:
            place[key] = _copied(value) if value.__class__ is dict else value
            added = True
        elif value.__class__ is dict and place[key].__class__ is dict:
            added |= fill(place[key], value)
    return added


def _copied(values: dict[str, Any]) -> dict[str, Any]:
    """The given objects belong to every document that they were added to."""
    return {k: _copied(v) if v.__class__ is dict else v for k, v in values.items()}
