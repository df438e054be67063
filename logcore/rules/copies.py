"""Follows a redacted value to its copies: ``related.*``, the raw record, ``message`` and others.

A copy that is the whole of a value gets the same stand-in; where the field takes no text, such as
an ``ip``, it is removed. Inside longer text the value alone is replaced.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from logcore.codec import dump_json
from logcore.record import Document
from logcore.rules.rewriting import everywhere, same_key
from logcore.rules.schema import Schema
from logcore.rules.stand_ins import GONE, MASK

SHORTEST = 6  # characters of a value that is followed whatever it is
SHORTEST_WORD = 2  # of one with a letter, as a whole value
SHORTEST_INSIDE = 4  # of one with a letter, inside longer text
MOST = 256  # values; beyond, the places of free text are masked whole instead of searched

PLAIN_WORDS: Final = frozenset({"true", "false", "null", "none"})
TEXTUAL: Final = frozenset({"keyword", "match_only_text", "flat_object"})
FREE_TEXT: Final = ("message", "event.original", "error.message")

KEPT: Final[Mapping[str, str]] = {
    "@timestamp": "it names the index that the document goes to",
    "event.id": "it is the document's identity, by which a retry is recognised",
    "event.dataset": "it names the index that the document goes to",
    **dict.fromkeys(
        (
            *("event.kind", "event.category", "event.type", "event.outcome", "event.module"),
            *("ecs.version", "cloud.provider", "tags"),
        ),
        "its values are of a closed set and dashboards stand on it",
    ),
}
"""Fields that no rule redacts, with the reason. Neither does any below ``pipeline``."""


def worth_following(text: str) -> bool:
    """Whether copies of a value can be told from chance: not ``1``, ``-`` or ``true``."""
    if len(text) >= SHORTEST:
        return True
    named = len(text) >= SHORTEST_WORD and any(map(str.isalpha, text))
    return named and text.lower() not in PLAIN_WORDS


class Copies:
    """Finds and replaces the copies of some values.

    Args:
        values: Stand-in by redacted text; ``GONE`` removes.
        schema: Which fields take text.
    """

    def __init__(self, values: Mapping[str, Any], schema: Schema) -> None:
        self._values = values
        self._schema = schema
        self._needles = sorted(_needles(values), key=lambda pair: -len(pair[0]))
        self._written = [_written(form) for value in values for form in _forms(value)]
        self._many = len(values) > MOST

    def replaced(self, document: Document, names: list[str]) -> Document:
        """The document without copies; the names of fields that held one are added."""
        new: Document = {}
        for key, item in document.items():
            if self._may_be_in(item):
                new |= self._part({key: item}, "", names)
            else:
                new[key] = item
        return new

    def _may_be_in(self, item: Any) -> bool:  # noqa: ANN401  any JSON
        """Whether a walk through a part is worth while; asked of its bytes, which is fast."""
        try:
            body = dump_json(item)
        except (TypeError, ValueError, RecursionError):
            return True  # too deep or too odd to be written as it is
        return has_escapes(body) or any(text in body for text in self._written)

    def _part(self, node: Document, prefix: str, names: list[str]) -> Document:
        new: Document = {}
        for key, item in node.items():
            name = f"{prefix}{key}"
            kind = self._schema.types.get(name)
            if name in KEPT or name == "pipeline":
                new[key] = item
            elif kind is None and item.__class__ is dict:
                if part := self._part(item, f"{name}.", names):
                    new[key] = part
            else:
                found = self._field(name, kind or "flat_object", item, names)
                if found is not GONE:
                    new[key] = found
        return new

    def _field(self, name: str, kind: str, item: Any, names: list[str]) -> Any:  # noqa: ANN401  any JSON
        free = kind == "flat_object" or name in FREE_TEXT
        change = self._text if kind in TEXTUAL else self._other
        rename = self._key if kind == "flat_object" else same_key
        part = everywhere(item, _masked if self._many and free else change, rename)
        if part is not item:
            names.append(name)
        return part

    def _text(self, value: Any) -> Any:  # noqa: ANN401  any JSON
        """A scalar of a field that takes text."""
        if value.__class__ is not str:
            return self._values.get(str(value), value) if value.__class__ is int else value
        if value in self._values:
            return self._values[value]
        for needle, stand_in in self._needles:
            if needle in value:
                value = value.replace(needle, stand_in)
        return value

    def _other(self, value: Any) -> Any:  # noqa: ANN401  any JSON
        """A scalar of a field that takes no text, so that a stand-in cannot be written."""
        return value if self._text(value) is value else GONE

    def _key(self, key: str) -> str:
        found = self._values.get(key, key)
        return MASK if found is GONE else found


def _needles(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What to look for inside longer text, and what to put there."""
    return [
        (form, MASK if stand_in is GONE else stand_in)
        for value, stand_in in values.items()
        if len(value) >= SHORTEST_INSIDE
        for form in _forms(value)
    ]


def _forms(value: str) -> set[str]:
    """A value as itself and as JSON inside text writes it."""
    if value.isascii() and value.isprintable() and not ('"' in value or "\\" in value):
        return {value}
    return {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}


def _written(text: str) -> bytes:
    """A text as JSON writes it; where it could not be written, neither can what holds it."""
    return dump_json(text.encode("utf-8", "replace").decode())[1:-1]


def has_escapes(body: bytes) -> bool:
    """Whether JSON may write letters as escapes, as a raw record that is still bytes may."""
    return b"\\u" in body or b"\\/" in body


def _masked(value: Any) -> Any:  # noqa: ANN401  any JSON
    return MASK if value.__class__ in (str, int, float) else value
