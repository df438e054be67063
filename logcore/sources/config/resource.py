"""The resource that a message or an item is about, and the names within its configuration."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, Self

from logcore.shape import ip, obj, text

INSTANCE = "AWS::EC2::Instance"
_IAM = ("AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::Group")
_NO_REGION = "global"  # of IAM, and of others that stand in no region
_ADDRESS = re.compile(r"[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]+")  # what is worth being tried as one
_NAME = re.compile(r"(?:[\w-]+\.)+[A-Za-z][\w-]*\.?")
_HOST_KEYS = ("dnsname", "domainname", "hostname", "address")  # an endpoint's address is a name
_USER_KEYS = ("username",)


class Resource(NamedTuple):
    """A resource as Config names it; a part that is not known is ``None``."""

    type: str | None
    id: str | None
    name: str | None
    arn: str | None
    account: str | None
    region: str | None
    zone: str | None

    @classmethod
    def of(cls, found: dict[str, Any]) -> Self:
        """Read it from an item, from its summary or from a judgement."""
        return cls(
            type=text(found.get("resourceType")),
            id=text(found.get("resourceId")),
            name=text(found.get("resourceName")),
            arn=text(found.get("ARN")) or text(found.get("arn")),
            account=text(found.get("awsAccountId")),
            region=text(found.get("awsRegion")),
            zone=text(found.get("availabilityZone")),
        )

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it apart from every other: account, region, type and id."""
        return tuple(part or "" for part in (self.account, self.region, self.type, self.id))

    @property
    def label(self) -> str:
        """``AWS::S3::Bucket customer-exports``."""
        return " ".join(filter(None, (self.type, self.name or self.id))) or "a resource"

    def fields(self) -> dict[str, str | None]:
        """Its part of ``config``."""
        return {
            "resource_type": self.type,
            "resource_id": self.id,
            "resource_name": self.name,
            "resource_arn": self.arn,
        }


class Names(NamedTuple):
    """What a resource may be looked for by: addresses, host names and users."""

    addresses: list[str]
    hosts: list[str]
    users: list[str]


def cloud_of(resource: Resource, configuration: dict[str, Any]) -> dict[str, Any]:
    """ECS ``cloud``; a zone is one only where it begins with the region's name."""
    region = None if resource.region == _NO_REGION else resource.region
    zone = resource.zone if region and (resource.zone or "").startswith(region) else None
    is_instance = resource.type == INSTANCE
    return {
        "account": {"id": resource.account},
        "region": region,
        "availability_zone": zone,
        "service": {"name": "config"},
        "instance": {"id": resource.id if is_instance else None},
        "machine": {"type": text(configuration.get("instanceType")) if is_instance else None},
    }


def host_of(resource: Resource, configuration: dict[str, Any]) -> dict[str, Any]:
    """ECS ``host``, where the resource is an instance."""
    if resource.type != INSTANCE:
        return {}
    return {
        "id": resource.id,
        "hostname": text(configuration.get("privateDnsName")),
        "type": text(configuration.get("instanceType")),
        "architecture": text(configuration.get("architecture")),
    }


def names_of(resource: Resource, configuration: dict[str, Any]) -> Names:
    """The resource's own names, and those within its configuration, at any depth."""
    found = Names([], [], [])
    if resource.type == INSTANCE and resource.id:
        found.hosts.append(resource.id)
    if resource.type in _IAM:
        found.users.extend(filter(None, (resource.name, resource.id, resource.arn)))
    for key, value in _leaves(configuration):
        _sort(key.lower(), value, found)
    return found


def _sort(key: str, value: str, found: Names) -> None:
    """Keep a value by what its key calls it: a version such as ``8.0.36.1`` is no address."""
    if ("ip" in key or "address" in key) and _ADDRESS.fullmatch(value) and ip(value):
        found.addresses.append(value)
    elif key.endswith(_HOST_KEYS) and _NAME.fullmatch(value):
        found.hosts.append(value.removesuffix("."))
    elif key.endswith(_USER_KEYS):
        found.users.append(value)


def _leaves(configuration: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text and the key that it, or the list around it, stands under; in order."""
    waiting: list[tuple[str, Any]] = [("", configuration)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(reversed(obj(value).items()))
        elif isinstance(value, list):
            waiting.extend((key, entry) for entry in reversed(value))
        elif isinstance(value, str) and value:
            yield key, value
