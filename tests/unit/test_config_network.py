"""Which networks a domain fits into, and which are refused before CloudFormation tries."""

from typing import Any

import pytest

from infra.config import DeploymentConfig, config_path
from infra.config.network import Network, addresses_needed, subnets
from tests.unit.test_config import Refuse, load, refuse

__all__ = ["load", "refuse"]  # fixtures

VPC, SUBNET = "vpc-0123456789abcdef0", "subnet-0123456789abcdef0"
GIVEN = {"vpc": VPC, "subnets": [SUBNET]}
ROUTES = ["rtb-0123456789abcdef0"]
GROUPS = [f"sg-0123456789abcdef{n}" for n in range(6)]


@pytest.mark.parametrize(
    ("network", "said"),
    [
        ({}, "expected cidr, of a VPC to be made, or existing"),
        ({"cidr": "10.20.0.0/20", "existing": GIVEN}, "expected cidr, of a VPC to be made, or"),
        ({"cidr": "10.20.0.1/20"}, "10.20.0.1/20 has host bits set"),
        ({"cidr": "10.20.0.0/33"}, "network.cidr"),
        ({"cidr": "fd00::/56"}, "network.cidr"),
        ({"cidr": "10.0.0.0/15"}, "cidr 10.0.0.0/15: expected a length of /16 to /26"),
        ({"cidr": "10.20.0.0/27"}, "cidr 10.20.0.0/27: expected a length of /16 to /26"),
        ({"cidr": "10.20.0.0/26"}, "leaves 11 addresses, and 19 are needed for 1 data nodes"),
        ({"cidr": "10.20.0.0/20", "make_endpoints": False}, "make_endpoints false: a VPC that is"),
        (
            {"cidr": "10.20.0.0/20", "zones": ["us-east-1a", "us-east-1b"]},
            "zones: expected one for each of search.zones, which is 1, found 2",
        ),
        (
            {"cidr": "10.20.0.0/20", "zones": ["eu-west-1a"]},
            "zones: expected zones of us-east-1, found eu-west-1a",
        ),
        ({"cidr": "10.20.0.0/20", "zones": ["use1-az1"]}, "network.zones.0"),
        ({"cidr": "10.20.0.0/20", "zones": ["us-east-1a"] * 2}, "zones: named twice: us-east-1a"),
        ({"cidr": "10.20.0.0/20", "reader_cidrs": ["0.0.0.0/0"]}, "reader_cidrs 0.0.0.0/0"),
        ({"cidr": "10.20.0.0/20", "reader_prefix_lists": ["pl-office"]}, "reader_prefix_lists.0"),
        (
            {
                "cidr": "10.20.0.0/20",
                "reader_cidrs": [f"192.0.2.{n}/32" for n in range(50)],
                "reader_prefix_lists": ["pl-0123456789abcdef0"],
            },
            "reader_cidrs, reader_prefix_lists: expected 50 at most",
        ),
        (
            {"existing": {**GIVEN, "subnets": [SUBNET, f"{SUBNET[:-1]}1"]}},
            "existing.subnets: expected one for each of search.zones, which is 1, found 2",
        ),
        ({"existing": {**GIVEN, "subnets": [SUBNET, SUBNET]}}, f"subnets: named twice: {SUBNET}"),
        ({"existing": {**GIVEN, "vpc": "main"}}, "network.existing.vpc"),
        ({"existing": {**GIVEN, "security_groups": GROUPS}}, "existing.security_groups"),
        ({"existing": GIVEN, "zones": ["us-east-1a"]}, "zones: the subnets under existing"),
        ({"existing": GIVEN, "make_endpoints": True}, "existing.route_tables: S3's endpoint"),
        (
            {
                "existing": {**GIVEN, "security_groups": GROUPS[:1]},
                "reader_cidrs": ["192.0.2.0/24"],
            },
            "no rule is added to the security_groups under existing",
        ),
    ],
)
def test_a_network_that_cannot_hold_the_domain_is_refused(
    network: dict[str, Any], said: str, refuse: Refuse
) -> None:
    assert said in refuse({"network": network})


@pytest.mark.parametrize(
    "network",
    [
        {"cidr": "10.20.0.0/25"},
        {"cidr": "10.20.0.0/16", "zones": ["us-east-1c"], "reader_cidrs": ["192.0.2.0/24"]},
        {"existing": GIVEN},
        {"existing": {**GIVEN, "route_tables": ROUTES}, "make_endpoints": True},
        {"existing": {**GIVEN, "security_groups": GROUPS[:5]}},
        {
            "cidr": "10.20.0.0/20",
            "reader_cidrs": [f"192.0.2.{n}/32" for n in range(50)],
        },
    ],
)
def test_what_fits_is_taken(network: dict[str, Any], load: Any) -> None:
    assert load({"network": network}).network


def test_without_the_section_there_is_no_network(load: Any) -> None:
    assert load({}).network is None


def test_endpoints_are_made_where_nobody_else_would_use_them(load: Any) -> None:
    made, given = (
        load({"network": n}).network for n in ({"cidr": "10.0.0.0/16"}, {"existing": GIVEN})
    )

    assert (made.endpoints, given.endpoints) == (True, False)


def test_each_zone_gets_a_quarter() -> None:
    assert subnets(Network(cidr="10.20.0.0/20"), 3) == (
        "10.20.0.0/22",
        "10.20.4.0/22",
        "10.20.8.0/22",
    )


def test_masters_and_a_second_set_of_nodes_need_addresses() -> None:
    small, large = (
        DeploymentConfig.load(config_path(stage)).search for stage in ("sandbox", "production")
    )

    assert addresses_needed(small) == 3 + 16
    assert addresses_needed(large) == 3 * (3 + 3) + 3 + 16, "warm nodes as well"
