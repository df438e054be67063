# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""CloudFormation that knows the resource types and properties of this project.

A type that is neither made nor recorded stays what it is in MiniStack: a refused template.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
"""

from typing import Any

from ministack.services import ec2, eventbridge, iam, kinesis
from ministack.services.cloudformation import provisioners

from local.aws import patching
from local.aws.cloudformation import (
    bucket_properties,
    conditions,
    deletion,
    delivery_types,
    event_types,
    function_network,
    log_types,
    network_types,
    recorded,
    systems_manager_types,
)
from local.aws.cloudformation.resource import Created, Properties, Resource, Resources
from local.aws.cloudformation.service_linked_role import SERVICE_LINKED_ROLE
from local.aws.settings import Settings

TYPES: Resources = {
    **log_types.TYPES,
    **delivery_types.TYPES,
    **event_types.TYPES,
    **network_types.TYPES,
    **systems_manager_types.TYPES,
    "AWS::IAM::ServiceLinkedRole": SERVICE_LINKED_ROLE,
    **recorded.TYPES,
}


def apply(_settings: Settings) -> None:
    """Register the types, and make dropped properties arrive."""
    patching.require(provisioners, "_REPLACING_PROPERTIES", "_RESOURCE_HANDLERS", "_physical_name")
    patching.require(
        eventbridge, "_create_archive", "_delete_archive", "_event_buses", "_update_archive"
    )
    patching.require(ec2, "_security_groups")
    patching.require(provisioners, "_ec2_sg_permissions")
    patching.require(iam, "_create_service_linked_role", "_delete_service_linked_role")
    for name, resource in TYPES.items():
        register(name, resource)
    bucket_properties.apply()
    conditions.apply()
    deletion.apply()
    patching.wrap(provisioners, "_cwlogs_subfilter_payload", log_types.with_system_fields)
    function_network.apply()
    delivery_types.apply()
    patching.wrap_entry(
        provisioners, "_RESOURCE_HANDLERS", "AWS::Kinesis::Stream", _with_stream_encryption
    )


def register(name: str, resource: Resource) -> None:
    """Make CloudFormation create, update, replace and delete resources of this type.

    Raises:
        ValueError: MiniStack knows the type itself, which ours would hide.
    """
    if name in provisioners._RESOURCE_HANDLERS:
        raise ValueError(f"MiniStack knows {name}: drop ours")
    provisioners._RESOURCE_HANDLERS[name] = {
        "create": resource.create,
        "update": resource.update,
        "update_with_logical_id": True,
        "delete": resource.delete,
    }
    provisioners._REPLACING_PROPERTIES[name] = resource.replaced_by


def _with_stream_encryption(handlers: dict[str, Any]) -> dict[str, Any]:
    """Make ``StreamEncryption``, which MiniStack drops, show in the stream's description."""

    def create(logical_id: str, properties: Properties, stack: str) -> Created:
        made: Created = handlers["create"](logical_id, properties, stack)
        _encrypt(made[0], properties)
        return made

    def update(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
        made: Created = handlers["update"](physical_id, old, new, stack)
        _encrypt(made[0], new)
        return made

    return {**handlers, "create": create, "update": update}


def _encrypt(stream: str, properties: Properties) -> None:
    encryption = properties.get("StreamEncryption") or {}
    kinesis._streams[stream]["EncryptionType"] = encryption.get("EncryptionType", "NONE")
    kinesis._streams[stream]["KeyId"] = encryption.get("KeyId")
