"""A place in a VPC: what a resource is told to be there."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Subnets of a VPC, and the security groups of who is there.

    Attributes:
        vpc_id: The VPC.
        subnet_ids: One for each zone of the domain.
        security_group_ids: 1 to 5.
    """

    vpc_id: str
    subnet_ids: Sequence[str]
    security_group_ids: Sequence[str]
