"""What a finding is about: instances, containers, clusters, functions, processes and users.

Reference: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Resource.html
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from logcore.shape import compact, integer, ip, listed, obj, text, unique
from logcore.sources.guardduty.finding import moment
from logcore.sources.guardduty.place import interfaces_of

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

_PRECEDENCE = {section: number for number, section in enumerate(IDENTIFIERS)}

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


class Described(NamedTuple):
    """What a finding is about, by field of the document.

    Attributes:
        instance: EC2 instance, ``cloud.instance.id``.
        machine: Its type, ``cloud.machine.type``.
        zone: Its availability zone.
        host: Its ECS field, like those that follow.
        hosts: For ``related.hosts``.
        addresses: For ``related.ip``.
    """

    instance: str | None = None
    machine: str | None = None
    zone: str | None = None
    host: dict[str, Any] | None = None
    container: dict[str, Any] | None = None
    orchestrator: dict[str, Any] | None = None
    faas: dict[str, Any] | None = None
    process: dict[str, Any] | None = None
    hosts: list[str] | None = None
    addresses: list[str] | None = None


def resource_of(
    resource: dict[str, Any], service: dict[str, Any], malformed: list[str]
) -> Described:
    """Read whichever sections describe the resource."""
    found = _instance(resource) if obj(resource.get("instanceDetails")) else NOTHING
    parts = resource, service, obj(service.get("action"))
    if all(map(_FURTHER.isdisjoint, parts)):
        return found  # most findings are about an instance, a bucket or a key alone
    process = obj(obj(service.get("runtimeDetails")).get("process"))
    return found._replace(
        container=_compact(_container(resource)),
        orchestrator=_compact(_orchestrator(resource, service)),
        faas=_compact(_function(obj(resource.get("lambdaDetails")))),
        process=_compact(_process(process, malformed)),
    )


def _compact(part: dict[str, Any] | None) -> dict[str, Any] | None:
    return compact(part) if part else None


def _instance(resource: dict[str, Any]) -> Described:
    instance = obj(resource.get("instanceDetails"))
    instance_id, kind = text(instance.get("instanceId")), text(instance.get("instanceType"))
    names: list[str | None] = []
    inside: list[str | None] = []
    outside: list[str | None] = []
    for interface in interfaces_of(resource):
        names += text(interface.get("privateDnsName")), text(interface.get("publicDnsName"))
        inside += _inside(interface)
        outside.append(ip(text(interface.get("publicIp"))))
    platform = text(instance.get("platform"))
    host = {
        "id": instance_id,
        "type": kind,
        "hostname": names[0] if names else None,
        "ip": unique(*inside),
        "os": {"platform": platform} if platform else None,
    }
    return Described(
        instance=instance_id,
        machine=kind,
        zone=text(instance.get("availabilityZone")),
        host={name: value for name, value in host.items() if value},
        hosts=unique(instance_id, *names),
        addresses=unique(*inside, *outside),
    )


def users_of(resource: dict[str, Any], service: dict[str, Any]) -> Users:
    """The access key's, the cluster's, the database's or the attack sequence's user."""
    if _WITH_USERS.isdisjoint(resource) and "detection" not in service:
        return NOBODY
    key = obj(resource.get("accessKeyDetails"))
    cluster = obj(obj(resource.get("kubernetesDetails")).get("kubernetesUserDetails"))
    database = obj(resource.get("rdsDbUserDetails"))
    actors = listed(obj(obj(service.get("detection")).get("sequence")).get("actors"))
    acting = [obj(obj(actor).get("user")) for actor in actors]
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


NOTHING = Described()
NOBODY = Users({}, None)
_WITH_USERS = frozenset({"accessKeyDetails", "kubernetesDetails", "rdsDbUserDetails"})
_WITH_CONTAINERS = frozenset({"containerDetails", "kubernetesDetails", "ecsClusterDetails"})
_FURTHER = _ORCHESTRATED | _WITH_CONTAINERS | {"lambdaDetails", "runtimeDetails"}
"""Sections without one of which there is no container, cluster, function or process."""


def names_of(resource: dict[str, Any], sequence: dict[str, Any]) -> list[str] | None:
    """The best identifier of each resource in a finding, mostly ARNs."""
    return unique(*_names(resource, sequence))


def _names(resource: dict[str, Any], sequence: dict[str, Any]) -> Iterator[str | None]:
    sections = [section for section in resource if section in IDENTIFIERS]
    for section in sorted(sections, key=_PRECEDENCE.__getitem__) if sections[1:] else sections:
        details = obj(resource[section])
        yield next(
            (found for key in IDENTIFIERS[section] if (found := text(details.get(key)))), None
        )
    if "s3BucketDetails" in resource:
        for bucket in listed(resource["s3BucketDetails"]):
            yield text(obj(bucket).get("arn")) or text(obj(bucket).get("name"))
    if "modelDetails" in resource:
        for model in listed(resource["modelDetails"]):
            yield text(obj(model).get("modelId"))
    for part in listed(sequence.get("resources")) if sequence else ():
        yield text(obj(part).get("uid"))


def _inside(interface: dict[str, Any]) -> Iterator[str | None]:
    yield ip(text(interface.get("privateIpAddress")))
    for address in listed(interface.get("privateIpAddresses")):
        yield ip(text(obj(address).get("privateIpAddress")))
    for other in listed(interface.get("ipv6Addresses")):
        yield ip(text(other))


def _container(resource: dict[str, Any]) -> dict[str, Any] | None:
    """The container itself, else the first of the Kubernetes workload or of the ECS task."""
    if _WITH_CONTAINERS.isdisjoint(resource):
        return None
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
    return {
        "id": text(found.get("id")),
        "name": text(found.get("name")),
        "runtime": text(found.get("containerRuntime")),
        "image": {"name": text(found.get("image"))},
    }


def _orchestrator(resource: dict[str, Any], service: dict[str, Any]) -> dict[str, Any] | None:
    action = obj(service.get("action"))
    if not (_ORCHESTRATED & (resource.keys() | action.keys())):
        return None
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


def _function(details: dict[str, Any]) -> dict[str, Any] | None:
    if not details:
        return None
    return {
        "id": text(details.get("functionArn")),
        "name": text(details.get("functionName")),
        "version": text(details.get("functionVersion")),
    }


def _process(details: dict[str, Any], malformed: list[str]) -> dict[str, Any] | None:
    if not details:
        return None
    user_id = integer(details.get("userId"), "process.userId", malformed)
    return {
        "name": text(details.get("name")),
        "executable": text(details.get("executablePath")),
        "hash": {"sha256": text(details.get("executableSha256"))},
        "pid": integer(details.get("pid"), "process.pid", malformed),
        "start": moment(details.get("startTime"), "process.startTime", malformed),
        "entity_id": text(details.get("uuid")),
        "working_directory": text(details.get("pwd")),
        "user": {
            "id": None if user_id is None else str(user_id),
            "name": text(details.get("user")),
        },
    }
