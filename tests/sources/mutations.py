"""Real samples gone wrong: nodes removed or replaced, columns shuffled, hostile values put in."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from logcore.source import Source
from tests.sources.case_files import EVENT_CASES, LINE_CASES, lines, source_of

type Path = tuple[str | int, ...]
"""Keys and indices from the root to a node."""

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["HIDDEN_DUE_TO_SECURITY_REASONS", "-", "203.0.113.9", "2026-03-01T12:00:00Z"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)

TORTURE: dict[str, Any] = {
    "null": None,
    "empty text": "",
    "text": "HIDDEN_DUE_TO_SECURITY_REASONS",
    "blank": " \t\n",
    "forty kilobytes": "é" * 20_480,
    "ten thousand letters of four bytes": "\U0001f600" * 9_999,
    "big number": 2**70,
    "negative number": -1,
    "fraction": 1.5e300,
    "boolean": True,
    "empty object": {},
    "empty list": [],
    "nested empties": {"": {"": [{}, [], None]}},
    "dots and blanks in keys": {"a.b": 1, ".": 2, "..": 3, " ": 4, "a": {"b.c": 5}},
    "three kinds of date": ["Mar 1, 2026 12:00:00 PM", "20260301T120000Z", 1_772_366_400.218],
    "mixed list": [1, "two", {"three": [4]}, None, [5, ["six"]]],
    "list of objects": [{"id": "a", "name": None}, {"id": 7}],
    "long key": {"k" * 5_000: "v"},
    "five thousand keys": {f"key{number}": number for number in range(5_000)},
}
"""Values to stand where another was, by what is wrong with them."""


def deep(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels):
        value = {"deeper": value}
    return value


def samples(source: Source) -> list[Any]:
    """What the source's cases hold: decoded JSON where it is JSON, else the line."""
    mine = [line for case in LINE_CASES if source_of(case) is source for line in lines(case)]
    return [_decoded(line) for line in mine]


def events(source: Source) -> list[dict[str, Any]]:
    """The EventBridge events among the source's cases."""
    return [json.loads(case.read_bytes()) for case in EVENT_CASES if source_of(case) is source]


def paths(value: Any, here: Path = ()) -> Iterator[Path]:
    """The way to every node but the root."""
    for key, item in _entries(value).items():
        yield (*here, key)
        yield from paths(item, (*here, key))


def changed(value: Any, path: Path, new: Any) -> Any:
    """A copy with another value at the path; ``...`` removes the node."""
    head, *rest = path
    entries = _entries(value)
    entries[head] = changed(entries[head], tuple(rest), new) if rest else new
    kept = {key: item for key, item in entries.items() if item is not ...}
    return kept if isinstance(value, dict) else list(kept.values())


@st.composite
def mutated(draw: st.DrawFn, sample: Any) -> Any:
    """The sample with one to three nodes, or columns, removed or replaced."""
    for _ in range(draw(st.integers(1, 3))):
        sample = draw(_one_change(sample))
    return sample


def _one_change(sample: Any) -> st.SearchStrategy[Any]:
    if isinstance(sample, str):
        columns = sample.split(" ")
        word = st.just(...) | st.text(max_size=8) | st.integers().map(str)
        places = st.integers(0, len(columns) - 1)
        return st.builds(lambda at, new: " ".join(changed(columns, (at,), new)), places, word)
    nodes = list(paths(sample))
    if not nodes:
        return JSON
    new = st.just(...) | JSON | st.sampled_from([*TORTURE.values()][:-1])
    return st.builds(lambda at, value: changed(sample, at, value), st.sampled_from(nodes), new)


def _entries(value: Any) -> dict[str | int, Any]:
    if isinstance(value, dict):
        return dict(value)
    return dict(enumerate(value)) if isinstance(value, list) else {}


def _decoded(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return line
