# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""``AWS::Events::EventBusPolicy`` and ``AWS::Events::Archive``.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Events.html
"""

import json
from typing import Any

from ministack.services import eventbridge
from ministack.services.cloudformation import provisioners

from local.aws import event_buses
from local.aws.cloudformation.resource import Created, Properties, Resource, Resources, answer


def _put_bus_policy(_logical_id: str, properties: Properties, _stack: str) -> Created:
    bus, statement_id = properties.get("EventBusName", "default"), properties["StatementId"]
    if bus != "default" and bus not in eventbridge._event_buses:
        raise ValueError(f"Event bus {bus} does not exist.")
    statement = properties.get("Statement") or event_buses.permission_statement(bus, properties)
    event_buses.put_statement(bus, statement_id, statement)
    return f"{bus}|{statement_id}", {}


def _update_bus_policy(
    _id: str, _old: Properties, new: Properties, stack: str, logical_id: str
) -> Created:
    return _put_bus_policy(logical_id, new, stack)


def _delete_bus_policy(_physical_id: str, properties: Properties) -> None:
    bus = properties.get("EventBusName", "default")
    event_buses.remove_statement(bus, properties["StatementId"])


def _create_archive(logical_id: str, properties: Properties, stack: str) -> Created:
    name = properties.get("ArchiveName") or provisioners._physical_name(
        stack,
        logical_id,
        max_len=48,  # API_CreateArchive
    )
    request = {"ArchiveName": name, "EventSourceArn": properties["SourceArn"]}
    made = answer(eventbridge._create_archive(request | _archive(properties)))
    return name, {"Arn": made["ArchiveArn"]}


def _update_archive(
    physical_id: str, _old: Properties, new: Properties, _stack: str, _logical_id: str
) -> Created:
    request = {"ArchiveName": physical_id} | _archive(new)
    return physical_id, {"Arn": answer(eventbridge._update_archive(request))["ArchiveArn"]}


def _archive(properties: Properties) -> dict[str, Any]:
    pattern = properties.get("EventPattern")
    return {
        "EventPattern": json.dumps(pattern) if pattern else "",
        "RetentionDays": int(properties.get("RetentionDays", 0)),
        "Description": properties.get("Description", ""),
    }


def _delete_archive(physical_id: str, _properties: Properties) -> None:
    eventbridge._delete_archive({"ArchiveName": physical_id})


TYPES: Resources = {
    "AWS::Events::EventBusPolicy": Resource(
        create=_put_bus_policy,
        update=_update_bus_policy,
        delete=_delete_bus_policy,
        replaced_by=("EventBusName", "StatementId"),
    ),
    "AWS::Events::Archive": Resource(
        create=_create_archive,
        update=_update_archive,
        delete=_delete_archive,
        replaced_by=("ArchiveName", "SourceArn"),
    ),
}
