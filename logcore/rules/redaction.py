"""Compiles what a rule redacts: whole values of named fields, or what patterns find in text."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Self

from logcore.codec import dump_json
from logcore.record import Document
from logcore.rules.copies import FREE_TEXT, KEPT, TEXTUAL, has_escapes, worth_following
from logcore.rules.errors import refused
from logcore.rules.patterns import Pattern, patterns_of
from logcore.rules.places import Path, Read, raw_reader, reader
from logcore.rules.rewriting import Change, at_path, same_key
from logcore.rules.schema import RAW, Schema
from logcore.rules.stand_ins import GONE, MASK, MODES, StandIn, is_mark, remove

REST: Final = ".*"
"""End of a name that stands for all fields below."""

type Values = dict[str, Any]
"""Stand-in by redacted text, to be followed to its copies."""


class _Place(NamedTuple):
    """Where a rule looks.

    Attributes:
        name: Dotted name.
        path: The same in steps.
        raw: Whether it is a raw record or within one, whose keys are data too.
        read: Gives what is there, ``None`` when nothing is.
    """

    name: str
    path: Path
    raw: bool
    read: Read

    @classmethod
    def of(cls, name: str, schema: Schema) -> Self:
        path = tuple(name.split("."))
        within = schema.types.get(name) is None
        raw = within or name in schema.raw
        return cls(name, path, raw, raw_reader(path) if within else reader(path))


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
        self._places = [_Place.of(name, schema) for name in named]

    def __call__(self, document: Document, values: Values, names: list[str]) -> Document:
        """The document without it; adds what was found to ``values`` and where to ``names``."""
        for place in self._places:
            held = place.read(document)
            if held is None:
                continue
            changed = (
                self._search(document, place, held, values)
                if self._patterns
                else at_path(document, place.path, self._whole(values), same_key)
            )
            if changed is not document:
                names.append(place.name)
                document = changed
        return document

    def _whole(self, values: Values) -> Change:
        return lambda value: _whole(value, self._stand_in, values)

    def _search(self, document: Document, place: "_Place", held: Any, values: Values) -> Document:  # noqa: ANN401  any JSON
        patterns = _possible(self._patterns, held)
        if not patterns:
            return document

        def found(text: str) -> str:
            for pattern in patterns:
                text = pattern.replaced(text, lambda it: self._part(it, values))
            return text

        rename = found if place.raw else same_key
        searched: Document = at_path(document, place.path, lambda v: _in_text(v, found), rename)
        return searched

    def _part(self, text: str, values: Values) -> str:
        """What stands for a part of a text, which cannot be removed without a trace."""
        if is_mark(text):
            return text
        found = _known(text, self._stand_in, values)
        return MASK if found is GONE else str(found)


def _possible(patterns: Sequence[Pattern], held: Any) -> list[Pattern]:  # noqa: ANN401  any JSON
    """The patterns that a walk through what is held could find."""
    try:
        body = dump_json(held)
    except (TypeError, ValueError, RecursionError):
        return list(patterns)  # too deep or too odd to be written as it is
    if has_escapes(body):
        return list(patterns)
    return [pattern for pattern in patterns if pattern.may_be_in(body)]


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
