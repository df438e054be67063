"""Reaches into documents of which nothing is certain but that they are objects."""

from typing import Any

from logcore.record import Document


def at(document: Document, *path: str) -> Any:  # noqa: ANN401  any JSON
    """The value at a path; ``None`` where there is none or something on the way is no object."""
    value: Any = document
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def room(document: Document, *path: str) -> dict[str, Any] | None:
    """The object at a path, made where it is absent; ``None`` where something else stands."""
    place: Any = document
    for key in path:
        if not isinstance(place, dict):
            return None
        place = place.setdefault(key, {})
    return place if isinstance(place, dict) else None


def fill(document: Document, values: dict[str, Any], *path: str) -> bool:
    """Add what is absent at a path and keep what is there; whether anything was added."""
    if not values:
        return False
    place = room(document, *path)
    if place is None:
        return False
    absent = {key: value for key, value in values.items() if key not in place}
    place.update(absent)
    return bool(absent)
