"""Fields that panels and filters name: each is in its index pattern and fit for its use."""

import re
from collections.abc import Iterator
from typing import Any

from dashboards.checks.saved import SEARCH_SOURCE, SavedFile, SavedObject
from dashboards.objects import SEARCH_SOURCE_INDEX

NAME = re.compile(r"([@\w][\w.*-]*)\s*(?::|[<>]=?)")
"""A field in KQL is what stands before a colon or a comparison, outside quotes."""

QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')

type Fields = dict[str, dict[str, Any]]
"""An index pattern's entries by field name."""


def by_pattern(file: SavedFile) -> dict[str, Fields]:
    """The fields of every index pattern, by its id."""
    patterns = file.of_type("index-pattern")
    return {p.id: {entry["name"]: entry for entry in p.opened.get("fields", [])} for p in patterns}


def of_object(object_: SavedObject, patterns: dict[str, Fields]) -> Fields | None:
    """The fields of the index pattern that an object searches; ``None`` when it searches none."""
    for reference in object_.references:
        if reference["name"] == SEARCH_SOURCE_INDEX:
            return patterns.get(reference["id"])
    return None


def findings(file: SavedFile) -> Iterator[str]:
    """Time fields that are none, queries and columns with fields the index pattern lacks."""
    patterns = by_pattern(file)
    for pattern in file.of_type("index-pattern"):
        time_field = str(pattern.attributes.get("timeFieldName"))
        if patterns[pattern.id].get(time_field, {}).get("type") != "date":
            yield f"{pattern}: time field {time_field} is not one of its dates"
    for object_ in (*file.of_type("search"), *file.of_type("visualization")):
        known = of_object(object_, patterns) or {}
        yield from (f"{object_}: {finding}" for finding in _query(object_, known))
    for search in file.of_type("search"):
        known = of_object(search, patterns) or {}
        yield from (f"{search}: {finding}" for finding in _columns(search, known))


def _query(object_: SavedObject, known: Fields) -> Iterator[str]:
    query = object_.opened.get(SEARCH_SOURCE, {}).get("query", {})
    if query.get("language") not in {"kuery", "lucene"}:
        yield f"query language {query.get('language')!r}; expected kuery or lucene"
    if query.get("query") and query.get("language") == "kuery":
        yield from _kql(query["query"], known)


def _kql(text: str, known: Fields) -> Iterator[str]:
    bare = QUOTED.sub("quoted", text)
    if '"' in bare or bare.count("(") != bare.count(")"):
        yield f"query {text} has an open quote or bracket"
    names = NAME.findall(bare)
    if not names:
        yield f"query {text} names no field"
    for name in names:
        if not known.get(name, {}).get("searchable"):
            yield f"query field {name} is not declared or cannot be searched"


def _columns(search: SavedObject, known: Fields) -> Iterator[str]:
    for name in search.attributes.get("columns", []):
        if name not in known:
            yield f"column {name} is not declared"
    for name, direction in search.attributes.get("sort", []):
        if not known.get(name, {}).get("aggregatable") or direction not in {"asc", "desc"}:
            yield f"cannot sort by {name} {direction}"
