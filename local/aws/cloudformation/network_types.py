# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""``AWS::EC2::SecurityGroupIngress``: a rule of its own, added to a group that is there.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroupingress.html
"""

from typing import Any

from ministack.services import ec2
from ministack.services.cloudformation import provisioners

from local.aws.cloudformation.resource import Created, Properties, Resource, Resources


def _create(logical_id: str, properties: Properties, _stack: str) -> Created:
    group = _group(properties)
    if group is None:
        raise ValueError(f"The security group '{properties['GroupId']}' does not exist")
    rule = _rule(properties)
    group["IpPermissions"].append(rule)
    return f"sgr-{properties['GroupId'].removeprefix('sg-')}-{logical_id}", {}


def _update(
    physical_id: str, old: Properties, new: Properties, _stack: str, _logical_id: str
) -> Created:
    _delete(physical_id, old)
    group = _group(new)
    if group is not None:
        group["IpPermissions"].append(_rule(new))
    return physical_id, {}


def _delete(_physical_id: str, properties: Properties) -> None:
    group = _group(properties)
    if group is not None and _rule(properties) in group["IpPermissions"]:
        group["IpPermissions"].remove(_rule(properties))


def _group(properties: Properties) -> dict[str, Any] | None:
    found: dict[str, Any] | None = ec2._security_groups.get(properties["GroupId"])
    return found


def _rule(properties: Properties) -> dict[str, Any]:
    [rule] = provisioners._ec2_sg_permissions([properties])
    made: dict[str, Any] = rule
    return made


TYPES: Resources = {
    "AWS::EC2::SecurityGroupIngress": Resource(
        create=_create, update=_update, delete=_delete, replaced_by=("GroupId",)
    ),
}
