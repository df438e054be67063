"""What is in the accounts of an organisation, asked service by service.

``ops destroy`` looks for what it knows; this asks for everything, so that the one proves the other.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT, CENTRAL_REGION
from local.story.entry import Place

NONE: Final[Mapping[str, Any]] = MappingProxyType({})


class Listing(NamedTuple):
    """One kind of thing.

    Attributes:
        service: Whose client lists it.
        operation: Lists it.
        key: Where the response has the list.
        name: What is the thing's name in an item; empty where the item is it.
        words: Arguments of the operation.
        is_global: Whether all regions list the same.
    """

    service: str
    operation: str
    key: str
    name: str = ""
    words: Mapping[str, Any] = NONE
    is_global: bool = False


POLICIES: Final = {"policyType": "SUBSCRIPTION_FILTER_POLICY"}

LISTINGS: Final = (
    Listing("cloudformation", "describe_stacks", "Stacks", "StackName"),
    Listing("cloudtrail", "describe_trails", "trailList", "Name"),
    Listing("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    Listing("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    Listing("ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
    Listing("ec2", "describe_subnets", "Subnets", "SubnetId"),
    Listing("ec2", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    Listing("ec2", "describe_vpcs", "Vpcs", "VpcId"),
    Listing("events", "list_event_buses", "EventBuses", "Name"),
    Listing("events", "list_rules", "Rules", "Name"),
    Listing("firehose", "list_delivery_streams", "DeliveryStreamNames"),
    Listing("iam", "list_instance_profiles", "InstanceProfiles", "Arn", is_global=True),
    Listing("iam", "list_policies", "Policies", "Arn", {"Scope": "Local"}, is_global=True),
    Listing("iam", "list_roles", "Roles", "RoleName", is_global=True),
    Listing("kinesis", "list_streams", "StreamNames"),
    Listing("kms", "list_aliases", "Aliases", "AliasName"),
    Listing("kms", "list_keys", "Keys", "KeyId"),
    Listing("lambda", "list_event_source_mappings", "EventSourceMappings", "UUID"),
    Listing("lambda", "list_functions", "Functions", "FunctionName"),
    Listing("lambda", "list_layers", "Layers", "LayerName"),
    Listing("logs", "describe_account_policies", "accountPolicies", "policyName", POLICIES),
    Listing("logs", "describe_deliveries", "deliveries", "id"),
    Listing("logs", "describe_delivery_destinations", "deliveryDestinations", "name"),
    Listing("logs", "describe_delivery_sources", "deliverySources", "name"),
    Listing("logs", "describe_destinations", "destinations", "destinationName"),
    Listing("logs", "describe_log_groups", "logGroups", "logGroupName"),
    Listing("opensearch", "list_domain_names", "DomainNames", "DomainName"),
    Listing("s3", "list_buckets", "Buckets", "Name", is_global=True),
    Listing("scheduler", "list_schedules", "Schedules", "Name"),
    Listing("secretsmanager", "list_secrets", "SecretList", "Name"),
    Listing("sns", "list_topics", "Topics", "TopicArn"),
    Listing("sqs", "list_queues", "QueueUrls"),
    Listing("ssm", "describe_parameters", "Parameters", "Name"),
    Listing("ssm", "list_associations", "Associations", "AssociationId"),
)


class Thing(NamedTuple):
    """Something that is there."""

    account: str
    region: str
    kind: str
    name: str


def inventory(cloud: LocalCloud, places: Iterable[Place]) -> frozenset[Thing]:
    """Everything in these places, but for keys that are on their way out."""
    return frozenset(thing for place in places for thing in _in_place(cloud, place))


def stack_sets(cloud: LocalCloud) -> frozenset[Thing]:
    """StackSets, which only the central account has; none where it is no administrator of them."""
    api = cloud.client("cloudformation")
    try:
        found = api.list_stack_sets(CallAs="DELEGATED_ADMIN")["Summaries"]
    except api.exceptions.ClientError as refused:
        if "delegated admin" not in str(refused):
            raise
        found = []
    return frozenset(
        Thing(CENTRAL_ACCOUNT, CENTRAL_REGION, "StackSet", each["StackSetName"]) for each in found
    )


def _in_place(cloud: LocalCloud, place: Place) -> Iterator[Thing]:
    for listing in LISTINGS:
        client = cloud.client(listing.service, *place)
        region = "" if listing.is_global else place.region
        for name in _names(client, listing):
            if not (listing.key == "Keys" and _goes(client, name)):
                yield Thing(place.account, region, f"{listing.service} {listing.key}", name)


def _names(client: Any, listing: Listing) -> list[str]:
    if client.can_paginate(listing.operation):
        pages = client.get_paginator(listing.operation).paginate(**listing.words)
    else:
        pages = [getattr(client, listing.operation)(**listing.words)]
    items = [item for page in pages for item in page.get(listing.key, [])]
    return [item[listing.name] if listing.name else item for item in items]


def _goes(kms: Any, key: str) -> bool:
    return bool(kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion")
