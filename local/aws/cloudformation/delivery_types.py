# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""``AWS::Logs::DeliveryDestination``: it is kept with its policy; nothing is delivered to it.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-deliverydestination.html
"""

import json

from ministack.services import cloudwatch_logs

from local.aws import patching
from local.aws.cloudformation.resource import (
    Created,
    Properties,
    Resource,
    Resources,
    answer,
    camel,
)


def apply() -> None:
    """Check that MiniStack has what the type is made of."""
    patching.require(
        cloudwatch_logs,
        "_delete_delivery_destination",
        "_put_delivery_destination",
        "_put_delivery_destination_policy",
    )


def _put(_logical_id: str, properties: Properties, _stack: str) -> Created:
    to = {"destinationResourceArn": properties["DestinationResourceArn"]}
    request = camel(properties, "Name", "OutputFormat")
    request["deliveryDestinationConfiguration"] = to
    made = answer(cloudwatch_logs._put_delivery_destination(request))["deliveryDestination"]
    if held := properties.get("DeliveryDestinationPolicy"):
        policy = {
            "deliveryDestinationName": held["DeliveryDestinationName"],
            "deliveryDestinationPolicy": json.dumps(held["DeliveryDestinationPolicy"]),
        }
        answer(cloudwatch_logs._put_delivery_destination_policy(policy))
    name = properties["Name"]
    return name, {"Arn": made["arn"], "DeliveryDestinationType": made["deliveryDestinationType"]}


def _update(_id: str, _old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
    return _put(logical_id, new, stack)


def _delete(physical_id: str, _properties: Properties) -> None:
    cloudwatch_logs._delete_delivery_destination({"name": physical_id})


TYPES: Resources = {
    "AWS::Logs::DeliveryDestination": Resource(
        create=_put,
        update=_update,
        delete=_delete,
        replaced_by=("DestinationResourceArn", "Name", "OutputFormat"),
    )
}
