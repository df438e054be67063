"""Reads NDJSON into saved objects, with the JSON texts inside them opened.

Reference: https://docs.opensearch.org/latest/dashboards/management/management-index/
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MAX_OBJECTS = 10_000  # savedObjects.maxImportExportSize
MAX_BYTES = 26_214_400  # savedObjects.maxImportPayloadBytes

EMBEDDED = ("fields", "fieldFormatMap", "visState", "uiStateJSON", "panelsJSON", "optionsJSON")
"""Attributes whose value is JSON in a text; the importer does not look inside."""

SEARCH_SOURCE = "searchSourceJSON"

REFERENCE = {"name", "type", "id"}  # the keys of one


@dataclass(frozen=True, slots=True)
class SavedObject:
    """One line of the file.

    Attributes:
        type: Such as ``visualization``.
        id: Unique within its type.
        attributes: As they are in the file.
        references: ``{"name", "type", "id"}`` each.
        migration_version: Version by type.
        opened: The embedded JSON, by attribute name; ``searchSourceJSON`` among them.
    """

    type: str
    id: str
    attributes: dict[str, Any]
    references: list[dict[str, str]]
    migration_version: dict[str, str]
    opened: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """How findings name it."""
        return f"{self.type} {self.id}"

    @property
    def key(self) -> tuple[str, str]:
        """What a reference points at."""
        return self.type, self.id


@dataclass(frozen=True, slots=True)
class SavedFile:
    """Every object of a file that could be read, and what is wrong with the rest."""

    objects: list[SavedObject]
    findings: list[str]

    def of_type(self, type_: str) -> list[SavedObject]:
        """The objects of one type, in the file's order."""
        return [object_ for object_ in self.objects if object_.type == type_]


def read(text: str) -> SavedFile:
    """Open a file; a line that cannot be read becomes a finding."""
    found = list(_limits(text))
    objects: list[SavedObject] = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            objects.append(_opened(json.loads(line)))
        except ValueError as error:  # JSONDecodeError is one
            found.append(f"line {number}: {error}")
    return SavedFile(objects, found)


def _limits(text: str) -> Iterator[str]:
    size = len(text.encode())
    if size > MAX_BYTES:
        yield f"file: {size:,} bytes; at most {MAX_BYTES:,} can be imported"
    count = text.count("\n")
    if count > MAX_OBJECTS:
        yield f"file: {count:,} objects; at most {MAX_OBJECTS:,} can be imported"


def _opened(line: Any) -> SavedObject:  # noqa: ANN401  any JSON
    match line:
        case {"type": str(type_), "id": str(id_), "attributes": dict(attributes)}:
            references = line.get("references", [])
        case _:
            raise ValueError("expected an object with type, id and attributes")
    if not all(reference.keys() == REFERENCE for reference in references):
        raise ValueError(f"{type_} {id_}: a reference lacks {', '.join(sorted(REFERENCE))}")
    return SavedObject(
        type=type_,
        id=id_,
        attributes=attributes,
        references=references,
        migration_version=line.get("migrationVersion", {}),
        opened=dict(_embedded(attributes, f"{type_} {id_}")),
    )


def _embedded(attributes: dict[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    meta = attributes.get("kibanaSavedObjectMeta", {})
    for key, value in {**attributes, **meta}.items():
        if key in (*EMBEDDED, SEARCH_SOURCE):
            try:
                yield key, json.loads(value)
            except (json.JSONDecodeError, TypeError) as error:
                raise ValueError(f"{name}: {key} is not JSON: {error}") from error
