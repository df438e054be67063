"""A configuration item: how one resource is configured from a moment on.

Reference: https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html
"""

from typing import Any

from logcore.record import Document
from logcore.shape import listed, milliseconds, obj, text, time, unique, utc
from logcore.sources.config.resource import Resource, cloud_of, host_of, names_of

TYPES = {
    "ResourceDiscovered": "creation",
    "ResourceDeleted": "deletion",
    "ResourceDeletedNotRecorded": "deletion",
}
"""ECS ``event.type`` by the status of the item; any other is how things are."""

LATE_MS = 86_400_000
"""Config writes history every six hours. What is older than a day when it arrives is from a
snapshot, which says that it is still so: it gets the time of the snapshot's file, or each snapshot
would fill the indices of every month in which anything last changed."""


def document_of(found: dict[str, Any], arrived_ms: int, malformed: list[str]) -> Document:
    """The ECS fields of an item that stands alone, as in files; may hold ``None``.

    Args:
        found: The item.
        arrived_ms: Time of the record, for an item of a snapshot.
        malformed: Takes the names of what cannot be understood.
    """
    resource = Resource.of(found)
    fields = described(found, resource, malformed)
    captured_ms = milliseconds(found.get("configurationItemCaptureTime"))
    if captured_ms is not None and arrived_ms - captured_ms > LATE_MS:
        fields["@timestamp"] = utc(arrived_ms)
    status = text(found.get("configurationItemStatus"))
    fields["event"] |= {
        "id": identity(found, resource),
        "kind": "state",
        "type": [TYPES.get(status or "", "info")],
        "action": "ConfigurationItem",
    }
    return fields


def described(found: dict[str, Any], resource: Resource, malformed: list[str]) -> Document:
    """What an item says of its resource, wherever it stands."""
    configuration = obj(found.get("configuration"))
    named = names_of(resource, configuration)
    status = text(found.get("configurationItemStatus"))
    neighbours = [obj(relation) for relation in listed(found.get("relationships"))]
    captured = time(
        found.get("configurationItemCaptureTime"), "configurationItemCaptureTime", malformed
    )
    cloud = cloud_of(resource, configuration)
    if cloud["instance"]["id"]:
        cloud["instance"]["name"] = text(obj(found.get("tags")).get("Name"))
    return {
        "@timestamp": captured,
        "message": f"{resource.label} {status or ''}".rstrip(),
        "event": {"category": ["configuration"], "created": captured},
        "cloud": cloud,
        "host": host_of(resource, configuration),
        "related": {
            "ip": unique(*named.addresses),
            "hosts": unique(*named.hosts, *_instances(neighbours)),
            "user": unique(*named.users),
        },
        "config": {
            **resource.fields(),
            "status": status,
            "related_resources": unique(*(text(n.get("resourceId")) for n in neighbours)),
        },
    }


def identity(found: dict[str, Any], resource: Resource) -> str | None:
    """The resource and the moment from which it is so; ``None`` where either is not known."""
    captured = text(found.get("configurationItemCaptureTime"))
    return "/".join((*resource.key, captured)) if captured and resource.id else None


def _instances(neighbours: list[dict[str, Any]]) -> list[str | None]:
    is_one = (n for n in neighbours if n.get("resourceType") == "AWS::EC2::Instance")
    return [text(neighbour.get("resourceId")) for neighbour in is_one]
