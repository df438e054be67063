"""The section that says in which network domain and functions are; without it, in none.

A domain is in a VPC or has a public endpoint, and stays what it was made as:
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html
"""

from collections.abc import Sequence
from ipaddress import IPv4Network
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from infra.config.base import Strict, named_once
from infra.config.existing import ExistingVpc
from infra.config.objects import LogBucket
from infra.config.search import Search

MASTERS: Final = 3
"""Dedicated masters, where there are some."""

RESERVED_BY_AWS: Final = 5
"""Addresses of each subnet that nobody gets:
https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"""

OTHERS: Final = 16
"""Addresses of each subnet beside the domain's: three of Firehose, one of each of five interface
endpoints, and eight of the functions, which share theirs.

References:
    - https://docs.aws.amazon.com/firehose/latest/APIReference/API_VpcConfiguration.html
    - https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-enis
"""

SUBNET_BITS: Final = 2
"""A VPC is cut into four, of which as many are used as the domain has zones."""

MOST_READERS: Final = 50
"""Of the 60 rules of a security group; a prefix list counts as many as it may hold:
https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups"""


def _network(text: str) -> str:
    """Refuse what is no network, or has bits beyond its prefix.

    Raises:
        ValueError: the text; what is wrong with it.
    """
    IPv4Network(text)
    return text


Cidr = Annotated[
    str, StringConstraints(pattern=r"^\d+\.\d+\.\d+\.\d+/\d+$"), AfterValidator(_network)
]
PrefixListId = Annotated[str, StringConstraints(pattern=r"^pl-[0-9a-f]{8,17}$")]
ZoneName = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d[a-z]$")]


class Network(Strict):
    """A VPC that the deployment makes, or one that is there.

    Attributes:
        cidr: Addresses of the VPC that is made.
        zones: Its availability zones; the region's first ones where none are named.
        existing: The VPC that is there.
        make_endpoints: Whether the endpoints of the services that functions call are made; always
            in a VPC that is made, and in one that is there only where it is said.
        flow_logs: Whether a VPC that is made records its connections.
        reader_cidrs: Networks whose people reach the domain.
        reader_prefix_lists: The same, by managed prefix lists.
        keep_public: Whether a domain that the deployment has on a public endpoint stays beside the
            one in the VPC, while it is moved.
    """

    cidr: Cidr | None = None
    zones: tuple[ZoneName, ...] = ()
    existing: ExistingVpc | None = None
    make_endpoints: bool | None = None
    flow_logs: bool = True
    reader_cidrs: Annotated[tuple[Cidr, ...], Field(max_length=MOST_READERS)] = ()
    reader_prefix_lists: Annotated[tuple[PrefixListId, ...], Field(max_length=MOST_READERS)] = ()
    keep_public: bool = False

    @property
    def endpoints(self) -> bool:
        """Whether the deployment makes endpoints.

        In a VPC of others they would serve the others as well, whom their policies know nothing of.
        """
        return self.existing is None if self.make_endpoints is None else self.make_endpoints

    @model_validator(mode="after")
    def _made_or_existing(self) -> Self:
        if (self.cidr is None) == (self.existing is None):
            raise ValueError("expected cidr, of a VPC to be made, or existing, and not both")
        return self

    @model_validator(mode="after")
    def _made_whole(self) -> Self:
        """Refuse a VPC larger than AWS makes, or without an endpoint to reach.

        Reference: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
        """
        if self.existing:
            return self
        length = IPv4Network(self.cidr or "").prefixlen
        if not 16 <= length <= 26:  # noqa: PLR2004  AWS's largest VPC; a quarter is its smallest subnet
            raise ValueError(f"cidr {self.cidr}: expected a length of /16 to /26")
        if self.make_endpoints is False:
            raise ValueError(
                "make_endpoints false: a VPC that is made has no other way to the services"
            )
        return self

    @model_validator(mode="after")
    def _existing_whole(self) -> Self:
        if not self.existing:
            return self
        if self.zones:
            raise ValueError("zones: the subnets under existing have theirs")
        if self.make_endpoints and not self.existing.route_tables:
            raise ValueError(
                "existing.route_tables: S3's endpoint is added to them; name those of the subnets, "
                "or leave make_endpoints out where the VPC has its own ways to AWS's services"
            )
        if self.existing.security_groups and (self.reader_cidrs or self.reader_prefix_lists):
            raise ValueError(
                "reader_cidrs, reader_prefix_lists: no rule is added to the security_groups under "
                "existing; add it there yourself"
            )
        return self

    @model_validator(mode="after")
    def _readers_are_some(self) -> Self:
        named_once("zones", self.zones)
        named_once("reader_cidrs", self.reader_cidrs)
        named_once("reader_prefix_lists", self.reader_prefix_lists)
        if "0.0.0.0/0" in self.reader_cidrs:
            raise ValueError("reader_cidrs 0.0.0.0/0: expected the networks of who reads")
        if len(self.reader_cidrs) + len(self.reader_prefix_lists) > MOST_READERS:
            raise ValueError(f"reader_cidrs, reader_prefix_lists: expected {MOST_READERS} at most")
        return self


def subnets(network: Network, zones: int) -> tuple[str, ...]:
    """Addresses of the subnets of a VPC that is made: a quarter for each zone."""
    quarters = IPv4Network(network.cidr or "").subnets(prefixlen_diff=SUBNET_BITS)
    return tuple(str(quarter) for quarter, _ in zip(quarters, range(zones), strict=False))


def addresses_needed(search: Search) -> int:
    """Addresses that each subnet must have free: three for each data node, one for each master.

    The rest of them is room for a change of the domain, which runs twice for a while.

    Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html#reserving-ip-vpc-endpoints
    """
    masters = MASTERS if search.master_type else 0
    return 3 * (search.data_nodes + search.warm_nodes) + masters + OTHERS


def check_network(network: Network, search: Search, region: str) -> None:
    """Check the network against the domain that goes into it.

    Raises:
        ValueError: zones or addresses do not fit; both numbers are named.
    """
    if network.existing:
        _fit("existing.subnets", len(network.existing.subnets), search.zones)
        return
    if network.zones:
        _fit("zones", len(network.zones), search.zones)
    elsewhere = [zone for zone in network.zones if zone[:-1] != region]
    if elsewhere:
        raise ValueError(f"network.zones: expected zones of {region}, found {elsewhere[0]}")
    free = IPv4Network(subnets(network, 1)[0]).num_addresses - RESERVED_BY_AWS
    needed = addresses_needed(search)
    if free < needed:
        raise ValueError(
            f"network.cidr {network.cidr}: a quarter for each zone leaves {free} addresses, and "
            f"{needed} are needed for {search.data_nodes} data nodes; expected a larger network"
        )


def check_reach(network: Network, buckets: Sequence[LogBucket], region: str) -> None:
    """Check that the functions reach every bucket that is read, from a VPC with endpoints alone.

    Reference: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html

    Raises:
        ValueError: a bucket is in another region, where S3's endpoint does not lead.
    """
    far = sorted({f"{each.name} in {each.region}" for each in buckets if each.region != region})
    if far and network.existing is None:
        raise ValueError(
            f"network: S3's endpoint leads to buckets of {region} only, found {', '.join(far)}; "
            "expected a VPC under network.existing that has its own way there"
        )


def _fit(key: str, found: int, zones: int) -> None:
    if found != zones:
        raise ValueError(
            f"network.{key}: expected one for each of search.zones, which is {zones}, found {found}"
        )
