"""What a deployment can be given instead of making it: under ``existing`` of each section.

What is given must belong to the central account and lie in its region: OpenSearch Service, event
source mappings and rules reach nothing else without a policy that nobody here could put there.
"""

from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints, model_validator

from infra.config.base import KeyArn, RoleArn, Strict, named_once

StreamArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws[a-z-]*:kinesis:[a-z0-9-]+:\d{12}:stream/[A-Za-z0-9_.-]{1,128}$"
    ),
]
DomainArn = Annotated[
    str,
    StringConstraints(pattern=r"^arn:aws[a-z-]*:es:[a-z0-9-]+:\d{12}:domain/[a-z][a-z0-9-]{2,27}$"),
]
Endpoint = Annotated[str, StringConstraints(pattern=r"^https://[a-z0-9.-]+(:\d+)?$")]
VpcId = Annotated[str, StringConstraints(pattern=r"^vpc-[0-9a-f]{8,17}$")]
SubnetId = Annotated[str, StringConstraints(pattern=r"^subnet-[0-9a-f]{8,17}$")]
GroupId = Annotated[str, StringConstraints(pattern=r"^sg-[0-9a-f]{8,17}$")]
RouteTableId = Annotated[str, StringConstraints(pattern=r"^rtb-[0-9a-f]{8,17}$")]

MOST_GROUPS: Final = 5
"""Security groups of one interface, of Lambda and of Firehose:
https://docs.aws.amazon.com/firehose/latest/APIReference/API_VpcConfiguration.html"""

SERVERLESS: Final = (
    "is OpenSearch Serverless, which cannot be used: its time-series collections take no document "
    "id, so each retry and each replay would double events, and it has neither the ingest pipeline "
    "that names and routes documents nor index state management for their retention; expected a "
    "domain of OpenSearch Service"
)
"""Why a collection is refused.

References:
    - https://docs.aws.amazon.com/solutions/latest/migration-assistant-for-amazon-opensearch-service/mts-collection-types.html
    - https://docs.aws.amazon.com/solutions/latest/migration-assistant-for-amazon-opensearch-service/pb-aoss-how-serverless-differs.html
"""


class Key(Strict):
    """The key that everything at rest is encrypted with; made unless one is given."""

    existing: KeyArn | None = None


class ExistingDomain(Strict):
    """A domain that is there.

    Attributes:
        arn: Of the domain.
        endpoint: Its address.
        master_role: Role that may map roles inside the domain; it must trust the setup role.
    """

    arn: DomainArn
    endpoint: Endpoint
    master_role: RoleArn

    @model_validator(mode="before")
    @classmethod
    def _no_collection(cls, given: object) -> object:
        found = given if isinstance(given, dict) else {}
        for key, mark in (("arn", ":aoss:"), ("endpoint", ".aoss.")):
            if mark in str(found.get(key, "")):
                raise ValueError(f"{key} {found[key]} {SERVERLESS}")
        return given

    @property
    def name(self) -> str:
        """Its name."""
        return self.arn.partition("/")[2]


class ExistingVpc(Strict):
    """A VPC that is there.

    Attributes:
        vpc: Its id.
        subnets: One for each zone of the domain, each in another zone.
        route_tables: Those of the subnets, which S3's gateway endpoint is added to.
        security_groups: In place of those that the deployment makes; whatever they let through.
    """

    vpc: VpcId
    subnets: Annotated[tuple[SubnetId, ...], Field(min_length=1, max_length=3)]
    route_tables: tuple[RouteTableId, ...] = ()
    security_groups: Annotated[tuple[GroupId, ...], Field(max_length=MOST_GROUPS)] = ()

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        named_once("subnets", self.subnets)
        named_once("route_tables", self.route_tables)
        named_once("security_groups", self.security_groups)
        return self


def check_arn(key: str, arn: str | None, account: str, region: str) -> None:
    """Check that what is given is the central account's and in its region.

    Raises:
        ValueError: it is another's; both places are named.
    """
    found = tuple((arn or "").split(":")[3:5])
    if arn and found not in {(region, account), ("", account)}:
        raise ValueError(f"{key}: expected one of {account} in {region}, found {arn}")
