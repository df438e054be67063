# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""``AWS::SSM::Document`` and ``AWS::SSM::Association``.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SSM.html
"""

from collections.abc import Callable
from typing import Any

from ministack.services.cloudformation import provisioners

from local.aws.cloudformation.resource import Created, Properties, Resource, Resources
from local.aws.systems_manager import associations, documents
from local.aws.systems_manager.errors import SystemsManagerError

_CHOICES = (
    *("AssociationName", "ComplianceSeverity", "MaxConcurrency", "MaxErrors", "Name"),
    *("Parameters", "ScheduleExpression", "Targets"),
)


def _create_document(logical_id: str, properties: Properties, stack: str) -> Created:
    name = properties.get("Name") or provisioners._physical_name(stack, logical_id, max_len=128)
    _asked(documents.create, name, properties.get("DocumentType", "Command"), properties["Content"])
    return name, {}


def _update_document(
    physical_id: str, _old: Properties, new: Properties, _stack: str, _logical_id: str
) -> Created:
    if new.get("UpdateMethod") != "NewVersion":
        raise ValueError(f"{physical_id}: a named document is not replaced, but by a new version")
    _asked(documents.add_version, physical_id, new["Content"])
    return physical_id, {}


def _delete_document(physical_id: str, _properties: Properties) -> None:
    documents.delete(physical_id)


def _create_association(_logical_id: str, properties: Properties, _stack: str) -> Created:
    identity: str = _asked(associations.create, _chosen(properties))
    return identity, {"AssociationId": identity}


def _update_association(
    physical_id: str, _old: Properties, new: Properties, _stack: str, _logical_id: str
) -> Created:
    _asked(associations.update, physical_id, _chosen(new))
    return physical_id, {"AssociationId": physical_id}


def _delete_association(physical_id: str, _properties: Properties) -> None:
    associations.delete(physical_id)


def _chosen(properties: Properties) -> Properties:
    return {key: properties[key] for key in _CHOICES if key in properties}


def _asked(operation: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401  of any operation
    """Make the stack fail with the words of the service."""
    try:
        return operation(*arguments)
    except SystemsManagerError as error:
        raise ValueError(f"{error.code}: {error}") from error


TYPES: Resources = {
    "AWS::SSM::Document": Resource(
        create=_create_document,
        update=_update_document,
        delete=_delete_document,
        replaced_by=("Name", "DocumentType"),
    ),
    "AWS::SSM::Association": Resource(
        create=_create_association,
        update=_update_association,
        delete=_delete_association,
        replaced_by=("Name",),
    ),
}
