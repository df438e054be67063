"""Completes ``related.*``, the four lists by which everything about one thing is found.

Reference: https://www.elastic.co/docs/reference/ecs/ecs-related
"""

from collections.abc import Iterator
from typing import Any

from logcore.enrichment.document import at
from logcore.record import Document, Origin
from logcore.shape import ip

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

PATHS = {kind: [tuple(name.split(".")) for name in names] for kind, names in FIELDS.items()}


def complete_related(document: Document, _origin: Origin) -> bool:
    """Add to each list what the document's own fields hold and the source left out.

    What the source listed comes first and stays in its order; nothing is listed twice. Host names
    that are addresses belong to ``related.ip``.
    """
    hosts = list(_held(document, "hosts"))
    found = {
        "ip": [v for v in (*_held(document, "ip"), *hosts) if ip(v)],
        "hosts": [v for v in hosts if v != "." and not ip(v.strip("[]"))],
        "user": list(_held(document, "user")),
        "hash": list(_held(document, "hash")),
    }
    added = [_add(document, kind, values) for kind, values in found.items() if values]
    return any(added)


def _held(document: Document, kind: str) -> Iterator[str]:
    for path in PATHS[kind]:
        value = at(document, *path)
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, str) and item:
                yield item


def _add(document: Document, kind: str, values: list[str]) -> bool:
    related = document.setdefault("related", {})
    listed: Any = related.get(kind, []) if isinstance(related, dict) else None
    if not isinstance(listed, list):
        return False
    absent = [value for value in dict.fromkeys(values) if value not in listed]
    if absent:
        related[kind] = [*listed, *absent]
    return bool(absent)
