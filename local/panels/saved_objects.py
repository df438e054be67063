"""Reads saved objects from a folder of NDJSON files, and follows their references.

Reference: https://docs.opensearch.org/latest/dashboards/management/management-index/
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from local.panels.errors import ObjectError
from local.panels.filters import Json

INDEX = "kibanaSavedObjectMeta.searchSourceJSON.index"  # name of the reference to an index pattern


@dataclass(frozen=True, slots=True)
class SavedObject:
    """One line of an export.

    Attributes:
        type: dashboard, visualization, search or index-pattern.
        id: Unique within its type.
        attributes: As exported; several hold JSON as text.
        references: ``(type, id)`` by the name that the attributes use.
    """

    type: str
    id: str
    attributes: Json
    references: dict[str, tuple[str, str]]

    @property
    def title(self) -> str:
        """What a reader sees; the id when there is no title."""
        return str(self.attributes.get("title") or self.id)

    def embedded(self, attribute: str, default: str = "{}") -> Any:  # noqa: ANN401  any JSON
        """The JSON that an attribute holds as text.

        Raises:
            ObjectError: the text is not JSON; names the object and the attribute.
        """
        text = self.attributes.get(attribute) or default
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise ObjectError(f"{self.type} {self.id}: {attribute} is not JSON: {error}") from error

    def reference(self, name: str) -> tuple[str, str]:
        """Type and id of what a name stands for.

        Raises:
            ObjectError: nothing is called so.
        """
        if name not in self.references:
            raise ObjectError(f"{self.type} {self.id} has no reference called {name}")
        return self.references[name]


@dataclass(frozen=True, slots=True)
class IndexPattern:
    """Where a panel's documents are.

    Attributes:
        title: Names of indices, with ``*``.
        time_field: What the page's time range is about.
        formats: How a field's values are shown, by field: ``{"id": "bytes"}``.
    """

    title: str
    time_field: str
    formats: dict[str, Json]


FIRST = ("overview", "cloudtrail", "guardduty", "vpc_flow", "generic")
"""What most readers open, so that it has a tab of its own."""


@dataclass(frozen=True, slots=True)
class Library:
    """Every saved object of a folder, by type and id."""

    objects: dict[tuple[str, str], SavedObject] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read each ``*.ndjson`` of a folder, in the order of their names.

        Raises:
            ObjectError: a line is not a saved object; names file and line.
        """
        objects: dict[tuple[str, str], SavedObject] = {}
        for file in sorted(folder.glob("*.ndjson")):
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                found = _saved_object(line, f"{file.name}, line {number}")
                if found:
                    objects[found.type, found.id] = found
        return cls(objects)

    @property
    def dashboards(self) -> list[SavedObject]:
        """Every dashboard: those of ``FIRST`` in its order, the others by title."""
        found = [one for one in self.objects.values() if one.type == "dashboard"]
        return sorted(found, key=lambda one: (_rank(one.id), one.title))

    def get(self, type_: str, id_: str) -> SavedObject:
        """One object.

        Raises:
            ObjectError: there is none.
        """
        if (type_, id_) not in self.objects:
            raise ObjectError(f"there is no {type_} {id_}")
        return self.objects[type_, id_]

    def index_pattern(self, user: SavedObject) -> IndexPattern:
        """The index pattern that a search or visualisation uses.

        Raises:
            ObjectError: it names none, or one that is missing.
        """
        found = self.get(*user.reference(INDEX))
        time_field = found.attributes.get("timeFieldName", "@timestamp")
        return IndexPattern(found.title, time_field, found.embedded("fieldFormatMap"))


def _saved_object(line: str, where: str) -> SavedObject | None:
    """The object of one line; nothing for the counts that end an export."""
    try:
        value = json.loads(line)
        if "exportedCount" in value:
            return None
        references = {one["name"]: (one["type"], one["id"]) for one in value["references"]}
        return SavedObject(value["type"], value["id"], value["attributes"], references)
    except (ValueError, TypeError, KeyError) as error:
        raise ObjectError(f"{where} is not a saved object: {error!r}") from error


def _rank(id_: str) -> int:
    return FIRST.index(id_) if id_ in FIRST else len(FIRST)
