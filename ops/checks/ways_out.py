"""Whether functions in a VPC that is given reach the services that they call."""

from collections.abc import Mapping
from typing import Any, Final

from infra.called_services import GATEWAY, called_services, endpoint_name
from infra.config.existing import ExistingVpc
from ops.answer import Answer, error, ok
from ops.view import View

EVERYWHERE: Final = "0.0.0.0/0"


def ways_out(given: ExistingVpc, view: View) -> Answer:
    """Every service that functions call is reached: by endpoints that are there or will be made.

    Reference: https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
    """
    config, ec2 = view.config, view.client("ec2")
    needed = {endpoint_name(s, config.central.region): s for s in called_services(config)}
    of_vpc = [{"Name": "vpc-id", "Values": [given.vpc]}]
    there = {
        endpoint["ServiceName"]: endpoint["VpcEndpointId"]
        for endpoint in ec2.describe_vpc_endpoints(Filters=of_vpc)["VpcEndpoints"]
        if endpoint["VpcId"] == given.vpc
    }
    if config.network and config.network.endpoints:
        return _free(needed, there, view)
    lacking = [service for name, service in needed.items() if name not in there]
    if not lacking:
        return ok(f"endpoints of {', '.join(needed.values())}")
    tables = ec2.describe_route_tables(Filters=of_vpc)["RouteTables"]
    if all(_leads_out(_table_of(subnet, tables)) for subnet in given.subnets):
        return ok("a route to everywhere")
    return error(
        f"neither endpoints of {', '.join(lacking)} nor a route to everywhere",
        "a way to each service that functions call",
        "[network] make_endpoints = true, with existing.route_tables; or make them yourself",
    )


def _free(needed: Mapping[str, str], there: Mapping[str, str], view: View) -> Answer:
    """A VPC has one endpoint of a service at most that answers to its private name."""
    own = {id_ for kind, id_ in view.owned("pipeline") if kind == "AWS::EC2::VPCEndpoint"}
    taken = {s: there[name] for name, s in needed.items() if name in there and s != GATEWAY}
    others = {service: id_ for service, id_ in taken.items() if id_ not in own}
    if not others:
        return ok("endpoints are the deployment's own")
    return error(
        f"{', '.join(f'{id_} of {service}' for service, id_ in others.items())}",
        "no endpoint of these services yet: two cannot have one private name",
        "leave make_endpoints out and make the others yourself, or delete these",
    )


def _table_of(subnet: str, tables: list[dict[str, Any]]) -> Mapping[str, Any]:
    """The subnet's own route table, or else the VPC's main one."""
    of_subnet, main = (
        next((t for t in tables if any(a.get(k) == v for a in t["Associations"])), None)
        for k, v in (("SubnetId", subnet), ("Main", True))
    )
    return of_subnet or main or {"Routes": []}


def _leads_out(table: Mapping[str, Any]) -> bool:
    """By a NAT gateway or the like: functions have no public address for an internet gateway.

    Reference: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
    """
    return any(
        route.get("DestinationCidrBlock") == EVERYWHERE
        and not route.get("GatewayId", "").startswith("igw-")
        for route in table["Routes"]
    )
