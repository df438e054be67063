"""Types, versions and attributes: the saved-objects index takes no name and no kind it lacks.

Reference: https://github.com/opensearch-project/OpenSearch-Dashboards/tree/main/src/plugins/visualizations/server/saved_objects
"""

from collections import Counter
from collections.abc import Iterator

from dashboards.checks.saved import EMBEDDED, SavedFile, SavedObject
from dashboards.objects import MIGRATION_VERSIONS

ATTRIBUTES: dict[str, dict[str, type]] = {
    "search": {
        "title": str,
        "description": str,
        "hits": int,
        "columns": list,
        "sort": list,
        "version": int,
        "kibanaSavedObjectMeta": dict,
    },
    "visualization": {
        "title": str,
        "description": str,
        "visState": str,
        "uiStateJSON": str,
        "version": int,
        "savedSearchRefName": str,
        "kibanaSavedObjectMeta": dict,
    },
    "dashboard": {
        "title": str,
        "description": str,
        "hits": int,
        "panelsJSON": str,
        "optionsJSON": str,
        "version": int,
        "timeRestore": bool,
        "timeFrom": str,
        "timeTo": str,
        "refreshInterval": dict,
        "kibanaSavedObjectMeta": dict,
    },
}
"""Kind by attribute and type; an index pattern may have any attribute."""

NEEDED = {
    "index-pattern": ("title", "timeFieldName", "fields"),
    "search": ("title", "columns", "sort", "kibanaSavedObjectMeta"),
    "visualization": ("title", "visState", "kibanaSavedObjectMeta"),
    "dashboard": ("title", "panelsJSON", "kibanaSavedObjectMeta"),
}


def findings(file: SavedFile) -> Iterator[str]:
    """Unknown types, too new versions, objects given twice, attributes unknown or missing."""
    for (type_, id_), count in Counter(object_.key for object_ in file.objects).items():
        if count > 1:
            yield f"{type_} {id_}: given {count} times"
    for object_ in file.objects:
        if object_.type not in MIGRATION_VERSIONS:
            yield f"{object_}: unknown type; expected one of {', '.join(MIGRATION_VERSIONS)}"
            continue
        yield from _version(object_)
        yield from _attributes(object_)


def _version(object_: SavedObject) -> Iterator[str]:
    for type_, version in object_.migration_version.items():
        newest = MIGRATION_VERSIONS.get(type_)
        if newest is None or _parts(version) > _parts(newest):
            yield f"{object_}: migrationVersion {type_} {version}; at most {newest} is known"


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))


def _attributes(object_: SavedObject) -> Iterator[str]:
    known = ATTRIBUTES.get(object_.type, {})
    for name, value in object_.attributes.items():
        if known and name not in known:
            yield f"{object_}: unknown attribute {name}"
        elif known and type(value) is not known[name]:
            yield f"{object_}: {name} = {value!r}; expected {known[name].__name__}"
    for name in NEEDED[object_.type]:
        if object_.attributes.get(name) in (None, ""):
            yield f"{object_}: {name} is missing"
    for name in set(EMBEDDED) & object_.opened.keys():
        wanted = list if name in {"fields", "panelsJSON"} else dict
        if not isinstance(object_.opened[name], wanted):
            yield f"{object_}: {name} is not a JSON {wanted.__name__}"
