"""Whether the VPC that the deployment is given, or the region for one that is made, can hold it."""

from collections.abc import Mapping
from typing import Any, Final

from infra.called_services import called_services, endpoint_name
from infra.config import DeploymentConfig
from infra.config.existing import ExistingVpc
from infra.config.network import Network, addresses_needed
from ops.answer import Answer, error, ok
from ops.refusal import unless
from ops.view import View

RIGHT: Final = "the right [network] existing"


def given_vpcs(config: DeploymentConfig) -> Mapping[str, ExistingVpc]:
    """The VPC that is given, by its id."""
    given = config.network.existing if config.network else None
    return {given.vpc: given} if given else {}


def made_networks(config: DeploymentConfig) -> Mapping[str, Network]:
    """The network that is made, by its addresses."""
    network = config.network
    return {str(network.cidr): network} if network and network.cidr else {}


def vpc_usable(given: ExistingVpc, view: View) -> Answer:
    """The VPC is there, takes a domain, and resolves names as private endpoints need it.

    References:
        - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html#vpc-limitations
        - https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    ec2 = view.client("ec2")
    found = unless({"InvalidVpcID.NotFound"}, lambda: ec2.describe_vpcs(VpcIds=[given.vpc])["Vpcs"])
    if not found:
        return error(f"no VPC {given.vpc}", f"a VPC in {view.config.central.region}", RIGHT)
    if found[0]["InstanceTenancy"] != "default":
        return error(
            f"tenancy {found[0]['InstanceTenancy']}", "default: no other takes a domain", RIGHT
        )
    for attribute in ("enableDnsSupport", "enableDnsHostnames"):
        told = ec2.describe_vpc_attribute(VpcId=given.vpc, Attribute=attribute)
        if not told[attribute[0].upper() + attribute[1:]]["Value"]:
            return error(
                f"{attribute} is off",
                "on: the domain and the endpoints are reached by name",
                f"aws ec2 modify-vpc-attribute --vpc-id {given.vpc} "
                f"--{_dashed(attribute)} '{{\"Value\": true}}'",
            )
    return ok(found[0]["CidrBlock"])


def subnets_usable(given: ExistingVpc, view: View) -> Answer:
    """Each subnet is in the VPC and in a zone of its own, with addresses free for the domain.

    Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html#reserving-ip-vpc-endpoints
    """
    ec2 = view.client("ec2")
    found = unless(
        {"InvalidSubnetID.NotFound"},
        lambda: ec2.describe_subnets(SubnetIds=list(given.subnets))["Subnets"],
    )
    if found is None or any(subnet["VpcId"] != given.vpc for subnet in found):
        return error("not all of them", f"subnets of {given.vpc}", RIGHT)
    zones = {subnet["AvailabilityZone"] for subnet in found}
    if len(zones) < len(found):
        return error(
            f"{len(found)} subnets in {', '.join(sorted(zones))}", "each in another zone", RIGHT
        )
    if any(view.owned("search")):
        return ok(f"in {', '.join(sorted(zones))}")
    needed = addresses_needed(view.config.search)
    for subnet in found:
        if subnet["AvailableIpAddressCount"] < needed:
            return error(
                f"{subnet['AvailableIpAddressCount']} addresses free in {subnet['SubnetId']}",
                f"{needed}, for {view.config.search.data_nodes} data nodes, Firehose and functions",
                "a larger subnet, best of its own",
            )
    return ok(f"in {', '.join(sorted(zones))}, {needed} addresses are free in each")


def groups_usable(given: ExistingVpc, view: View) -> Answer:
    """The security groups are in the VPC, and let HTTPS pass between who carries them.

    Reference: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-es-vpc
    """
    if not given.security_groups:
        return ok("the deployment makes them")
    ec2 = view.client("ec2")
    found = unless(
        {"InvalidGroup.NotFound", "InvalidGroupId.Malformed"},
        lambda: ec2.describe_security_groups(GroupIds=list(given.security_groups)),
    )
    groups = found["SecurityGroups"] if found else []
    if not groups or any(group["VpcId"] != given.vpc for group in groups):
        return error("not all of them", f"security groups of {given.vpc}", RIGHT)
    names = {group["GroupId"] for group in groups}
    for rules, fix in (("IpPermissions", "ingress"), ("IpPermissionsEgress", "egress")):
        if not any(_lets_pass(rule, names) for group in groups for rule in group[rules]):
            return error(
                f"no rule by which HTTPS is let {'in' if fix == 'ingress' else 'out'}",
                "HTTPS between functions, Firehose and domain, which all carry these groups",
                f"aws ec2 authorize-security-group-{fix} --group-id {given.security_groups[0]} "
                f"--protocol tcp --port 443 --source-group {given.security_groups[0]}",
            )
    return ok("they let HTTPS pass")


def _lets_pass(rule: Mapping[str, Any], groups: set[str]) -> bool:
    """Whether one of the groups, or a network, is let through on 443."""
    is_https = rule["IpProtocol"] == "-1" or (
        rule["IpProtocol"] == "tcp" and rule["FromPort"] <= 443 <= rule["ToPort"]  # noqa: PLR2004  HTTPS
    )
    named = {pair.get("GroupId") for pair in rule.get("UserIdGroupPairs", [])}
    return is_https and bool(named & groups or rule.get("IpRanges"))


def zones_usable(network: Network, view: View) -> Answer:
    """The region has the zones, and each service an endpoint in them.

    Reference: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpointServices.html
    """
    ec2, region = view.client("ec2"), view.config.central.region
    zones = sorted(
        zone["ZoneName"]
        for zone in ec2.describe_availability_zones()["AvailabilityZones"]
        if zone["State"] == "available" and zone.get("ZoneType", "availability-zone")[:1] == "a"
    )
    wanted = network.zones or tuple(zones[: view.config.search.zones])
    if len(wanted) < view.config.search.zones or not set(wanted) <= set(zones):
        return error(
            f"{', '.join(zones)} in {region}",
            f"{', '.join(network.zones) or view.config.search.zones} for the subnets",
            "[network] zones, or fewer [search] zones",
        )
    return _offered(wanted, view)


def _offered(zones: tuple[str, ...], view: View) -> Answer:
    ec2, region = view.client("ec2"), view.config.central.region
    needed = [endpoint_name(service, region) for service in called_services(view.config)]
    offered = {
        detail["ServiceName"]: set(detail["AvailabilityZones"])
        for detail in ec2.describe_vpc_endpoint_services(ServiceNames=needed)["ServiceDetails"]
    }
    for service in needed:
        lacking = sorted(set(zones) - offered.get(service, set()))
        if lacking:
            return error(
                f"no endpoint of {service} in {', '.join(lacking)}",
                "zones that have one of each service",
                f"[network] zones of {', '.join(sorted(offered.get(service, set()))) or 'another'}",
            )
    return ok(f"{', '.join(zones)} have every endpoint")


def _dashed(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
