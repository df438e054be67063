# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""``AWS::Logs::Destination``, ``AWS::Logs::AccountPolicy`` and ``AWS::Logs::QueryDefinition``.

MiniStack's own ``AWS::Logs::SubscriptionFilter`` learns of system fields here.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Logs.html
"""

from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import cloudwatch_logs

from local.aws.cloudformation.resource import (
    Created,
    Properties,
    Resource,
    Resources,
    answer,
    camel,
)
from local.aws.logs import call, policies, query_definitions


def with_system_fields(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Make what a filter says of system fields arrive, which MiniStack drops."""

    def payload(group: str, name: str, properties: Properties) -> dict[str, Any]:
        request: dict[str, Any] = original(group, name, properties)
        return request | camel(properties, "EmitSystemFields", "FieldSelectionCriteria")

    return payload


def _put_destination(_logical_id: str, properties: Properties, _stack: str) -> Created:
    name = properties["DestinationName"]
    request = camel(properties, "DestinationName", "TargetArn", "RoleArn")
    made = answer(cloudwatch_logs._put_destination(request))["destination"]
    if policy := properties.get("DestinationPolicy"):
        request = {"destinationName": name, "accessPolicy": policy}
        answer(cloudwatch_logs._put_destination_policy(request))
    return name, {"Arn": made["arn"]}


def _update_destination(
    _id: str, _old: Properties, new: Properties, stack: str, logical_id: str
) -> Created:
    return _put_destination(logical_id, new, stack)


def _delete_destination(physical_id: str, _properties: Properties) -> None:
    cloudwatch_logs._delete_destination({"destinationName": physical_id})


def _put_account_policy(_logical_id: str, properties: Properties, _stack: str) -> Created:
    names = ("PolicyName", "PolicyType", "PolicyDocument", "Scope", "SelectionCriteria")
    answer(call(policies.put, camel(properties, *names)))
    account = get_account_id()
    identity = f"{account}|{properties['PolicyType']}|{properties['PolicyName']}"
    return identity, {"AccountId": account}


def _update_account_policy(
    _id: str, _old: Properties, new: Properties, stack: str, logical_id: str
) -> Created:
    return _put_account_policy(logical_id, new, stack)


def _delete_account_policy(_physical_id: str, properties: Properties) -> None:
    call(policies.delete, camel(properties, "PolicyName"))


def _query_definition(properties: Properties) -> dict[str, Any]:
    return camel(properties, "Name", "QueryString", "LogGroupNames", "QueryLanguage")


def _create_query_definition(_logical_id: str, properties: Properties, _stack: str) -> Created:
    made = answer(call(query_definitions.put, _query_definition(properties)))
    return made["queryDefinitionId"], {"QueryDefinitionId": made["queryDefinitionId"]}


def _update_query_definition(
    physical_id: str, _old: Properties, new: Properties, _stack: str, _logical_id: str
) -> Created:
    request = _query_definition(new) | {"queryDefinitionId": physical_id}
    answer(call(query_definitions.put, request))
    return physical_id, {"QueryDefinitionId": physical_id}


def _delete_query_definition(physical_id: str, _properties: Properties) -> None:
    call(query_definitions.delete, {"queryDefinitionId": physical_id})


TYPES: Resources = {
    "AWS::Logs::Destination": Resource(
        create=_put_destination,
        update=_update_destination,
        delete=_delete_destination,
        replaced_by=("DestinationName",),
    ),
    "AWS::Logs::AccountPolicy": Resource(
        create=_put_account_policy,
        update=_update_account_policy,
        delete=_delete_account_policy,
        replaced_by=("PolicyName", "PolicyType"),
    ),
    "AWS::Logs::QueryDefinition": Resource(
        create=_create_query_definition,
        update=_update_query_definition,
        delete=_delete_query_definition,
    ),
}
