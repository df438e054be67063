"""What a finding is about: instances, containers, clusters, functions, processes and users.

Reference: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Resource.html
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from logcore.shape import compact, ip, listed, obj, text, unique

IDENTIFIERS: dict[str, tuple[str, ...]] = {
    "accessKeyDetails": ("accessKeyId",),
    "bedrockGuardrailDetails": ("guardrailArn",),
    "ebsSnapshotDetails": ("snapshotArn",),
    "ec2ImageDetails": ("imageArn",),
    "ecsClusterDetails": ("arn", "name"),
    "eksClusterDetails": ("arn", "name"),
    "instanceDetails": ("instanceId",),
    "lambdaDetails": ("functionArn", "functionName"),
    "rdsDbInstanceDetails": ("dbInstanceArn", "dbInstanceIdentifier"),
    "rdsLimitlessDbDetails": ("dbShardGroupArn", "dbShardGroupIdentifier"),
    "recoveryPointDetails": ("recoveryPointArn",),
}
"""Which keys of a resource section identify the resource, the best first."""

PLATFORMS = {"eksClusterDetails": "kubernetes", "ecsClusterDetails": "ecs"}
"""ECS ``orchestrator.type`` by the section that describes the cluster."""


_ORCHESTRATED = PLATFORMS.keys() | {
    "kubernetesDetails",
    "kubernetesApiCallAction",
    "kubernetesPermissionCheckedDetails",
    "kubernetesRoleBindingDetails",
    "kubernetesRoleDetails",
}
"""Sections of a resource or of an action without which there is no orchestrator to speak of."""


class Users(NamedTuple):
    """The identities of a finding.

    Attributes:
        user: ECS ``user`` of the one that acted.
        names: Every name and id under which anyone in the finding may be looked for.
    """

    user: dict[str, Any]
    names: list[str] | None


class Interfaces(NamedTuple):
    """The network interfaces of an instance.

    Attributes:
        address: The first one's own address, as it is written.
        outside: The address that the first one is known by outside.
        hostname: The first one's name inside.
        names: Names of all of them, inside and outside.
        inside: Their own addresses.
        addresses: Those, and the ones that they are known by outside.
    """

    address: str | None
    outside: str | None
    hostname: str | None
    names: list[str] | None
    inside: list[str] | None
    addresses: list[str] | None


def interfaces_of(interfaces: list[Any]) -> Interfaces:
    """What an instance's interfaces say of it."""
    names: list[str | None] = []
    inside: list[str | None] = []
    outside: list[str | None] = []
    for interface in map(obj, interfaces):
        names += text(interface.get("privateDnsName")), text(interface.get("publicDnsName"))
        inside += _inside(interface)
        outside.append(ip(text(interface.get("publicIp"))))
    first = obj(interfaces[0]) if interfaces else {}
    return Interfaces(
        address=text(first.get("privateIpAddress")),
        outside=ip(text(first.get("publicIp"))),
        hostname=text(first.get("privateDnsName")),
        names=unique(*names),
        inside=unique(*inside),
        addresses=unique(*inside, *outside),
    )


def users_of(resource: dict[str, Any], sequence: dict[str, Any]) -> Users:
    """The access key's, the cluster's, the database's or the attack sequence's user."""
    key = obj(resource.get("accessKeyDetails"))
    cluster = obj(obj(resource.get("kubernetesDetails")).get("kubernetesUserDetails"))
    database = obj(resource.get("rdsDbUserDetails"))
    acting = [obj(obj(actor).get("user")) for actor in listed(sequence.get("actors"))]
    only = acting[0] if len(acting) == 1 else {}
    name = text(key.get("userName")) or text(cluster.get("username")) or text(database.get("user"))
    user_id = text(key.get("principalId")) or text(cluster.get("uid"))
    others = [text(user.get(part)) for user in acting for part in ("name", "uid")]
    user = compact(
        {
            "name": name or text(only.get("name")),
            "id": user_id or text(only.get("uid")),
            "roles": unique(text(key.get("userType")) or text(only.get("type"))),
            "group": {"name": unique(*map(text, listed(cluster.get("groups"))))},
        }
    )
    return Users(user, unique(name, user_id, *others))


def names_of(resource: dict[str, Any], sequence: dict[str, Any]) -> list[str] | None:
    """The best identifier of each resource in a finding, mostly ARNs."""
    return unique(*_names(resource, sequence))


def _names(resource: dict[str, Any], sequence: dict[str, Any]) -> Iterator[str | None]:
    for section, keys in IDENTIFIERS.items():
        details = obj(resource.get(section))
        yield next((found for key in keys if (found := text(details.get(key)))), None)
    for bucket in listed(resource.get("s3BucketDetails")):
        yield text(obj(bucket).get("arn")) or text(obj(bucket).get("name"))
    for model in listed(resource.get("modelDetails")):
        yield text(obj(model).get("modelId"))
    for part in listed(sequence.get("resources")):
        yield text(obj(part).get("uid"))


def _inside(interface: dict[str, Any]) -> Iterator[str | None]:
    yield ip(text(interface.get("privateIpAddress")))
    for address in listed(interface.get("privateIpAddresses")):
        yield ip(text(obj(address).get("privateIpAddress")))
    for other in listed(interface.get("ipv6Addresses")):
        yield ip(text(other))


def container_of(resource: dict[str, Any]) -> dict[str, Any] | None:
    """The container itself, else the first of the Kubernetes workload or of the ECS task."""
    workload = obj(obj(resource.get("kubernetesDetails")).get("kubernetesWorkloadDetails"))
    task = obj(obj(resource.get("ecsClusterDetails")).get("taskDetails"))
    candidates = (
        resource.get("containerDetails"),
        *listed(workload.get("containers"))[:1],
        *listed(task.get("containers"))[:1],
    )
    found = next((obj(candidate) for candidate in candidates if obj(candidate)), None)
    if found is None:
        return None
    return compact(
        {
            "id": text(found.get("id")),
            "name": text(found.get("name")),
            "runtime": text(found.get("containerRuntime")),
            "image": {"name": text(found.get("image"))},
        }
    )


def orchestrator_of(resource: dict[str, Any], action: dict[str, Any]) -> dict[str, Any] | None:
    """The cluster, and what in it the finding is about."""
    if _ORCHESTRATED.isdisjoint(resource) and _ORCHESTRATED.isdisjoint(action):
        return None
    return compact(_orchestrator(resource, action))


def _orchestrator(resource: dict[str, Any], action: dict[str, Any]) -> dict[str, Any]:
    section = next((name for name in PLATFORMS if obj(resource.get(name))), "")
    cluster = obj(resource.get(section))
    workload = obj(obj(resource.get("kubernetesDetails")).get("kubernetesWorkloadDetails"))
    call = obj(action.get("kubernetesApiCallAction"))
    checked = obj(action.get("kubernetesPermissionCheckedDetails"))
    role = obj(action.get("kubernetesRoleBindingDetails")) or obj(
        action.get("kubernetesRoleDetails")
    )
    return {
        "type": PLATFORMS.get(section),
        "cluster": {"name": text(cluster.get("name")), "id": text(cluster.get("arn"))},
        "namespace": next(
            (found for part in (workload, call, checked) if (found := text(part.get("namespace")))),
            None,
        ),
        "resource": {
            "name": text(workload.get("name"))
            or text(call.get("resourceName"))
            or text(role.get("name")),
            "type": text(workload.get("type"))
            or text(call.get("resource"))
            or text(checked.get("resource"))
            or text(role.get("kind")),
            "id": text(workload.get("uid")) or text(role.get("uid")),
        },
    }
