"""Whether OpenSearch Service can make the domain as it is configured."""

from collections.abc import Mapping
from typing import Any, Final

from infra.config import DeploymentConfig
from ops.answer import Answer, error, ok, warning
from ops.refusal import unless
from ops.view import View

SERVICE_ROLE: Final = "AWSServiceRoleForAmazonOpenSearchService"
VOLUME: Final = "gp3"
DATA, MASTER = "data", "master"

UNKNOWN: Final = {
    "InvalidTypeException",
    "ResourceNotFoundException",
    "ValidationException",
}
"""Codes for an instance type that the region or the version does not have."""


def instance_types(config: DeploymentConfig) -> Mapping[str, tuple[str, str]]:
    """Role and type of the nodes that are made, by the key that says it."""
    if config.search.existing:
        return {}
    named = {
        "instance_type": (DATA, config.search.instance_type),
        "master_type": (MASTER, config.search.master_type or ""),
    }
    return {f"[search] {key}": node for key, node in named.items() if node[1]}


def instance_type(node: tuple[str, str], view: View) -> Answer:
    """The region has the instance type for this version, in that number and with that volume.

    Reference: https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeInstanceTypeLimits.html
    """
    role, type_ = node
    search, opensearch = view.config.search, view.client("opensearch")
    found = unless(
        UNKNOWN,
        lambda: opensearch.describe_instance_type_limits(
            InstanceType=type_, EngineVersion=search.engine_version
        ),
    )
    limits = (found or {}).get("LimitsByRole", {}).get(role)
    if limits is None:
        return error(
            f"{type_} is not offered for {search.engine_version}",
            f"a type for {role} nodes in {view.config.central.region}",
            f"aws opensearch list-instance-type-details --engine-version {search.engine_version} "
            f"--region {view.config.central.region}",
        )
    return _fitting(type_, limits, view) if role == DATA else ok(type_)


def _fitting(type_: str, limits: Mapping[str, Any], view: View) -> Answer:
    """Number and volume of the data nodes."""
    search = view.config.search
    most_nodes = limits["InstanceLimits"]["InstanceCountLimits"]["MaximumInstanceCount"]
    if search.data_nodes > most_nodes:
        return error(
            f"{search.data_nodes} data nodes",
            f"{most_nodes} of {type_} at most",
            f"[search] data_nodes = {most_nodes}, or a larger instance_type",
        )
    least, most = _volume(limits)
    if not least <= search.volume_gib <= most:
        nearest = min(max(search.volume_gib, least), most)
        return error(
            f"a volume of {search.volume_gib} GiB",
            f"{least} to {most} GiB for {type_}",
            f"[search] volume_gib = {nearest}",
        )
    return ok(f"{type_}, {least} to {most} GiB, {most_nodes} nodes at most")


def _volume(limits: Mapping[str, Any]) -> tuple[int, int]:
    """Least and most GiB of a volume of our kind."""
    kinds = (k for k in limits["StorageTypes"] if k.get("StorageSubTypeName") == VOLUME)
    stated = {
        limit["LimitName"]: int(limit["LimitValues"][0])
        for kind in kinds
        for limit in kind["StorageTypeLimits"]
    }
    return stated.get("MinimumVolumeSize", 0), stated.get("MaximumVolumeSize", 0)


def service_role(_region: str, view: View) -> Answer:
    """The service-linked role is there, by which the service acts in the account.

    Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/slr.html
    """
    iam = view.client("iam")
    found = unless({"NoSuchEntity"}, lambda: iam.get_role(RoleName=SERVICE_ROLE))
    if found:
        return ok(found["Role"]["Arn"])
    # Only a domain in a VPC cannot be made without it.
    answer = error if view.config.network else warning
    return answer(
        f"{SERVICE_ROLE} is not there",
        "the role by which the service acts in the account; nothing here makes it",
        "aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com",
    )
