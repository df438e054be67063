"""Completes ``related.*``, the four lists by which everything about one thing is found.

Reference: https://www.elastic.co/docs/reference/ecs/ecs-related
"""

from typing import Any

from logcore.record import Document, Origin
from logcore.shape import ip, obj

FIELDS: dict[str, tuple[str, ...]] = {
    "ip": (
        *("source.ip", "source.nat.ip", "destination.ip", "destination.nat.ip", "client.ip"),
        *("server.ip", "host.ip", "observer.ip", "dns.resolved_ip", "network.forwarded_ip"),
        "threat.indicator.ip",
    ),
    "hosts": (
        *("host.name", "host.hostname", "source.domain", "destination.domain", "client.domain"),
        *("server.domain", "url.domain", "dns.question.name", "tls.client.server_name"),
    ),
    "user": (
        *("user.name", "user.effective.name", "user.target.name", "user.changes.name"),
        *("source.user.name", "destination.user.name", "client.user.name", "process.user.name"),
    ),
    "hash": (
        *("file.hash.md5", "file.hash.sha1", "file.hash.sha256", "file.hash.sha512"),
        *("process.hash.md5", "process.hash.sha1", "process.hash.sha256", "process.hash.sha512"),
        *("dll.hash.sha256", "container.image.hash.all", "tls.client.ja3"),
    ),
}
"""Which of a document's own fields belong in which list, in the order in which they are added."""


def _as_tree() -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for kind, names in FIELDS.items():
        for name in names:
            *parents, leaf = name.split(".")
            place = tree
            for parent in parents:
                place = place.setdefault(parent, {})
            place[leaf] = kind
    return tree


TREE = _as_tree()
"""The same as a tree with the list's name at each leaf, so that a document is walked once."""


def complete_related(document: Document, _origin: Origin) -> bool:
    """Add to each list what the document's own fields hold and the source left out.

    What the source listed comes first and stays in its order; nothing is listed twice. Host names
    that are addresses belong to ``related.ip``.
    """
    held: list[tuple[str, Any]] = []
    _gather(document, TREE, held)
    said = obj(document.get("related"))
    added = False
    for kind, value in held:
        listed = said.get(kind)
        if listed.__class__ is not list or value not in listed:
            added |= _add(document, kind, value)
    return added


def _gather(place: dict[str, Any], tree: dict[str, Any], held: list[tuple[str, Any]]) -> None:
    """Collect ``(list's name, value)`` of every field of the tree that the document has."""
    for key, below in tree.items():
        value = place.get(key)
        if value is None:
            continue
        if below.__class__ is dict:
            if value.__class__ is dict:
                _gather(value, below, held)
        elif value.__class__ is list:
            held.extend((below, item) for item in value)
        else:
            held.append((below, value))


def _add(document: Document, kind: str, item: Any) -> bool:  # noqa: ANN401  any JSON
    if not isinstance(item, str) or not item:
        return False
    if kind == "hosts" and (item == "." or ip(item.strip("[]"))):
        kind, item = "ip", item.strip("[]")
    if kind == "ip" and not ip(item):
        return False
    related = document.setdefault("related", {})
    if related.__class__ is not dict:
        return False
    listed = related.setdefault(kind, [])
    if listed.__class__ is not list or item in listed:
        return False
    related[kind] = [*listed, item]
    return True
