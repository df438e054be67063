"""Compiles what a rule redacts: whole values of named fields, or what patterns find in text."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from logcore.record import Document
from logcore.rules.copies import FREE_TEXT, KEPT, TEXTUAL, worth_following
from logcore.rules.errors import refused
from logcore.rules.patterns import patterns_of
from logcore.rules.places import Path
from logcore.rules.rewriting import at_path, same_key
from logcore.rules.schema import RAW, Schema
from logcore.rules.stand_ins import GONE, MASK, MODES, StandIn, is_mark, remove

REST: Final = ".*"
"""End of a name that stands for all fields below."""

type Values = dict[str, Any]
"""Stand-in by redacted text, to be followed to its copies."""


class Redaction:
    """What one rule takes out of a document.

    Args:
        rule: ``fields``, ``mode`` and, for parts of text, ``patterns`` and ``regexes``.
        schema: The fields that there are.
        key: Of mode ``hash``.

    Raises:
        ConfigurationError: a field is unknown or may not be redacted, or cannot hold what the mode
            would write; a pattern is unknown or not bounded.
    """

    def __init__(self, rule: Mapping[str, Any], schema: Schema, key: bytes | None) -> None:
        self._patterns = patterns_of(rule)
        self._stand_in = _stand_in(rule, key)
        named = _named(rule, searching=bool(self._patterns), schema=schema)
        for name in named:
            _check(name, schema, self._stand_in, searching=bool(self._patterns))
        self._fields = [(name, tuple(name.split("."))) for name in named]
        self._raw = frozenset(schema.raw)

    def __call__(self, document: Document, values: Values, names: list[str]) -> Document:
        """The document without it; adds what was found to ``values`` and where to ``names``."""
        for name, path in self._fields:
            changed = self._at(document, name, path, values)
            if changed is not document:
                names.append(name)
                document = changed
        return document

    def _at(self, document: Document, name: str, path: Path, values: Values) -> Document:
        def change(value: Any) -> Any:  # noqa: ANN401  any JSON
            return _whole(value, self._stand_in, values)

        def found(text: str) -> str:
            return self._searched(text, values)

        def search(value: Any) -> Any:  # noqa: ANN401  any JSON
            return _in_text(value, found)

        if not self._patterns:
            redacted: Document = at_path(document, path, change, same_key)
            return redacted
        rename = found if any(_is_within(name, root) for root in self._raw) else same_key
        searched: Document = at_path(document, path, search, rename)
        return searched

    def _searched(self, text: str, values: Values) -> str:
        for pattern in self._patterns:
            text = pattern.replaced(text, lambda it: self._part(it, values))
        return text

    def _part(self, text: str, values: Values) -> str:
        """What stands for a part of a text, which cannot be removed without a trace."""
        if is_mark(text):
            return text
        found = _known(text, self._stand_in, values)
        return MASK if found is GONE else str(found)


def _whole(value: Any, stand_in: StandIn, values: Values) -> Any:  # noqa: ANN401  any JSON
    if value is None or (value.__class__ is str and is_mark(value)):
        return value if stand_in is not remove else GONE
    if value.__class__ is bool:
        return stand_in(str(value))
    return _known(str(value), stand_in, values)


def _known(text: str, stand_in: StandIn, values: Values) -> Any:  # noqa: ANN401  any JSON
    """What stands for a text: what an earlier rule chose, so that one value has one stand-in."""
    if not worth_following(text):
        return stand_in(text)
    if text not in values:
        values[text] = stand_in(text)
    return values[text]


def _in_text(value: Any, found: Any) -> Any:  # noqa: ANN401  any JSON
    """A scalar searched; a number is searched as text, for a card's may be one."""
    if value.__class__ is str:
        return found(value)
    if value.__class__ is not int:
        return value
    text = str(value)
    changed = found(text)
    return value if changed == text else changed


def _stand_in(rule: Mapping[str, Any], key: bytes | None) -> StandIn:
    mode = str(rule.get("mode"))
    if mode not in MODES:
        raise refused(f"mode: expected one of {', '.join(MODES)}, found {mode!r}")
    return MODES[mode](key)


def _named(rule: Mapping[str, Any], *, searching: bool, schema: Schema) -> list[str]:
    """The names of the rule, opened where they end in ``.*``; all free text for patterns alone."""
    given = rule.get("fields")
    if given is None and searching:
        return [name for name in (*FREE_TEXT, *schema.raw) if name in schema.types]
    if not isinstance(given, list) or not given:
        raise refused(f'fields: expected a list such as ["user.name"], found {given!r}')
    return [name for field in given for name in _opened(field, schema)]


def _opened(field: object, schema: Schema) -> Iterable[str]:
    if not isinstance(field, str):
        raise refused(f"fields: expected a name, found {field!r}")
    if not field.endswith(REST):
        return [field]
    parent = field.removesuffix(REST)
    if any(_is_within(parent, root) for root in schema.raw):
        return [parent]
    below = schema.below(parent)
    if not below:
        raise refused(f"fields: {field}: expected declared fields below {parent!r}, found none")
    return below


def _is_within(name: str, root: str) -> bool:
    return name == root or name.startswith(f"{root}.")


def _check(name: str, schema: Schema, stand_in: StandIn, *, searching: bool) -> None:
    if name in KEPT:
        raise refused(f"fields: {name} cannot be redacted: {KEPT[name]}")
    if _is_within(name, "pipeline"):
        raise refused(f"fields: {name} cannot be redacted: it says what the pipeline did")
    kind = schema.kind(name)
    if kind in TEXTUAL or kind == RAW:
        return
    if searching:
        raise refused(f"fields: {name}, type {kind}: expected a field of text to search in")
    if stand_in is not remove:
        raise refused(f"fields: {name}, type {kind}, takes no text: expected mode remove")
