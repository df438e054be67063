"""What the keys of an object are known to mean, as ECS fields whose types the values fit."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from logcore.record import Document
from logcore.shape import MOST_KEYS, ip
from logcore.sources.generic.aliases import PARENTS, PLACES, TYPES, WAYS, canonical
from logcore.sources.generic.levels import level_of
from logcore.sources.generic.values import CONVERTERS, Convert, as_long, as_text

_STATUS_CODES = range(100, 600)  # RFC 9110, section 15; ``status`` may mean anything else
_OUTCOMES = frozenset({"success", "failure", "unknown"})
_PLACE_IN_CODE = re.compile(r"(.+):(\d{1,9})\Z")
_NANOSECONDS = 1_000_000  # in a millisecond


type _Keys = tuple[tuple[str, ...], tuple[str, ...]]
"""The keys of an object, and those among them with an object below which something lies."""

type _Reading = tuple[str, int, str, Convert]
"""What may fill one field: its last word, the number of the object that has the key, the key as it
stands there, and what makes its value fit."""

type _Plan = Sequence[tuple[Sequence[str], str, Sequence[_Reading]]]
"""The sections of the document, each after its parents: its ancestors, its name, which the document
itself has not, and what may fill it, the best first."""


class _Known(NamedTuple):
    """What the keys of an object tell of every object that has the same.

    Attributes:
        below: Those of what may be an object of interest, with the prefix of its own keys.
        plan: What to read where none of them is an object.
    """

    below: Sequence[tuple[str, str]]
    plan: _Plan


def from_object(body: dict[str, Any]) -> Document:
    """The sections of the document that an object fills."""
    keys = tuple(body)
    known = _remembered(keys) if len(keys) <= MOST_KEYS else _known(keys)
    document = _read(body, known)
    if "name" in body:
        _settle_name(body, document)
    if "source" in document:
        _settle_address(document["source"])
    return document


def _read(body: dict[str, Any], known: _Known) -> Document:
    for key, _ in known.below:
        if body[key].__class__ is dict:
            return _filled(*_opened(body))
    return _filled(known.plan, (body,))


def _filled(plan: _Plan, objects: Sequence[dict[str, Any]]) -> Document:
    document: Document = {}
    for ancestors, name, readings in plan:
        section = {} if name else document
        for leaf, number, key, convert in readings:
            if leaf not in section and (value := convert(objects[number][key])) is not None:
                section[leaf] = value
        if name and section:
            parent = document
            for ancestor in ancestors:
                parent = parent.setdefault(ancestor, {})
            parent[name] = section
    return document


def _known(keys: tuple[str, ...]) -> _Known:
    return _Known(_found_below(keys, ""), _planned(((keys, ()),)))


def _opened(body: dict[str, Any]) -> tuple[_Plan, list[dict[str, Any]]]:
    """The plan of an object that has others in it, and all of them."""
    objects: list[dict[str, Any]] = []
    shape: list[_Keys] = []
    _open(body, "", objects, shape)
    is_usual = sum(len(keys) for keys, _ in shape) <= MOST_KEYS
    return (_remembered_plan if is_usual else _planned)(tuple(shape)), objects


def _open(
    body: dict[str, Any], prefix: str, objects: list[dict[str, Any]], shape: list[_Keys]
) -> None:
    """Collect an object and those in it. Goes down only where a known key lies, so never deep."""
    keys = tuple(body)
    below = _below(keys, prefix) if len(keys) <= MOST_KEYS else _found_below(keys, prefix)
    opened = [(key, name) for key, name in below if body[key].__class__ is dict] if below else ()
    objects.append(body)
    shape.append((keys, tuple(key for key, _ in opened) if opened else ()))
    for key, name in opened:
        _open(body[key], name, objects, shape)


def _found_below(keys: tuple[str, ...], prefix: str) -> Sequence[tuple[str, str]]:
    """The keys of what may be an object of interest, with the prefix of its own keys."""
    names = ((key, canonical(key, prefix)) for key in keys)
    return tuple((key, f"{name}.") for key, name in names if name in PARENTS)


def _planned(shape: tuple[_Keys, ...]) -> _Plan:
    """Sort what the keys mean by section and field, and those of one field by trust."""
    sections: dict[tuple[str, ...], list[tuple[int, _Reading]]] = {}
    for field, rank, number, key, convert in _meanings(shape, iter(range(len(shape))), ""):
        parents, leaf = WAYS[field]
        readings = sections.setdefault(parents, [])
        readings.append((rank, (leaf, number, key, convert)))
    return tuple(
        (
            parents[:-1],
            "".join(parents[-1:]),
            tuple(reading for _, reading in sorted(readings, key=itemgetter(0))),
        )
        for parents, readings in sorted(sections.items(), key=itemgetter(0))
    )


def _meanings(
    shape: tuple[_Keys, ...], numbers: Iterator[int], prefix: str
) -> Iterator[tuple[str, int, int, str, Convert]]:
    """Field, rank, object, key and converter of whatever means something, in the line's order."""
    number = next(numbers)
    keys, opened = shape[number]
    for key in keys:
        name = canonical(key, prefix)
        if key in opened:
            yield from _meanings(shape, numbers, f"{name}.")
        elif name in PLACES:
            field, rank = PLACES[name]
            yield field, rank, number, key, _CONVERTERS[field]
        else:
            for field, convert in _SPECIAL.get(name, ()):
                yield field, 1, number, key, convert


_remembered = lru_cache(maxsize=1_024)(_known)  # a logger's lines have the same keys
_below = lru_cache(maxsize=1_024)(_found_below)
_remembered_plan = lru_cache(maxsize=1_024)(_planned)


def _settle_name(body: dict[str, Any], document: Document) -> None:
    """``name`` is the service for bunyan and pino, whose levels are numbers, else the logger."""
    name = body.get("name")
    if isinstance(name, str) and name:
        is_numbered = type(body.get("level")) is int
        section, leaf = ("service", "name") if is_numbered else ("log", "logger")
        document.setdefault(section, {}).setdefault(leaf, name)


def _settle_address(source: dict[str, Any]) -> None:
    """An address that is one of a machine is its IP as well."""
    if "ip" not in source and ip(source.get("address")):
        source["ip"] = source["address"]


def _outcome(value: Any) -> str | None:  # noqa: ANN401  any JSON
    return value if isinstance(value, str) and value in _OUTCOMES else None


def _status(value: Any) -> int | None:  # noqa: ANN401  any JSON
    code = as_long(value)
    return code if code in _STATUS_CODES else None


def _trace(value: Any) -> str | None:  # noqa: ANN401  any JSON
    return ("\n".join(map(str, value)) or None) if isinstance(value, list) else as_text(value)


_CONVERTERS: dict[str, Convert] = {name: CONVERTERS[kind] for name, kind in TYPES.items()} | {
    "log.level": level_of,
    "event.outcome": _outcome,
    "http.response.status_code": _status,
    "error.stack_trace": _trace,
}
"""What makes a value fit its field, by the field's name."""


def _nanoseconds(milliseconds: Any) -> int | None:  # noqa: ANN401  any JSON
    if type(milliseconds) not in (int, float) or milliseconds < 0:
        return None
    return as_long(float(round(milliseconds * _NANOSECONDS)))


@lru_cache(maxsize=4_096)
def _place_in_code(value: str) -> tuple[str | None, int | None]:
    """Cached because a program has few places that log."""
    match = _PLACE_IN_CODE.match(value)
    return (match[1], int(match[2])) if match else (None, None)


def _name_in_code(value: Any) -> str | None:  # noqa: ANN401  any JSON
    """The function of powertools' ``function:line`` or the file of zap's ``file:line``."""
    return _place_in_code(value)[0] if isinstance(value, str) else None


def _line_in_code(value: Any) -> int | None:  # noqa: ANN401  any JSON
    return _place_in_code(value)[1] if isinstance(value, str) else None


_IN_LINE = ("log.origin.file.line", _line_in_code)
_SPECIAL: dict[str, tuple[tuple[str, Convert], ...]] = dict.fromkeys(
    ("durationms", "elapsedms", "responsetime", "responsetimems", "tookms"),
    (("event.duration", _nanoseconds),),
) | {
    "location": (("log.origin.function", _name_in_code), _IN_LINE),
    "caller": (("log.origin.file.name", _name_in_code), _IN_LINE),
}
"""Field and converter of what is no plain value of a field, by canonical key; of rank 1."""
