"""References both ways: what is named is referred to, and what is referred to is in the file."""

from collections.abc import Iterator

from dashboards.checks.saved import SavedFile, SavedObject
from dashboards.vega import nodes


def findings(file: SavedFile) -> Iterator[str]:
    """Broken references of every object; the importer itself overlooks those of panels."""
    earlier: set[tuple[str, str]] = set()
    everything = {object_.key for object_ in file.objects}
    for object_ in file.objects:
        yield from _names(object_)
        for reference in object_.references:
            target = reference["type"], reference["id"]
            if target not in everything:
                yield f"{object_}: refers to {' '.join(target)}, which is not in the file"
            elif target not in earlier:
                yield f"{object_}: comes before {' '.join(target)}, which it refers to"
        earlier.add(object_.key)


def _names(object_: SavedObject) -> Iterator[str]:
    """Names used in the object against names in its references."""
    tree = [object_.attributes, *object_.opened.values()]
    used = {value for key, value in nodes(tree) if key.endswith("RefName")}
    given = {reference["name"] for reference in object_.references}
    for name in sorted(used - given):
        yield f"{object_}: {name} is named and has no reference"
    for name in sorted(given - used):
        yield f"{object_}: reference {name} is used nowhere"
