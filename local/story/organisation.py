"""Who takes part: a made-up organisation, with documentation addresses and example names only."""

from dataclasses import dataclass

from local.story.entry import Place

CENTRAL = "111111111111"
SHOP = "222222222222"
PLATFORM = "333333333333"
ANALYTICS = "444444444444"
MEMBERS = (SHOP, PLATFORM, ANALYTICS)
NAMES = {
    CENTRAL: "log-archive",
    SHOP: "shop-production",
    PLATFORM: "platform",
    ANALYTICS: "analytics",
}
UNITS = {
    CENTRAL: "Security",
    SHOP: "Workloads/Production",
    PLATFORM: "Infrastructure",
    ANALYTICS: "Workloads/Development",
}
"""Path of the unit of each account, below the root."""

TAGS = {
    CENTRAL: {"environment": "production", "owner": "security-team"},
    SHOP: {"environment": "production", "owner": "shop-team"},
    PLATFORM: {"environment": "production", "owner": "platform-team"},
    ANALYTICS: {"environment": "development", "owner": "analytics-team"},
}
HOME = "us-east-1"
ABROAD = "eu-west-1"
REGIONS = (HOME, ABROAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody or something that calls AWS.

    Attributes:
        name: User name, or role name of an assumed role.
        kind: CloudTrail's ``userIdentity.type``.
        address: Where the calls come from.
        agent: User agent of the calls.
        session: Role session name; empty for users.
        key: Access key id, made up.
    """

    name: str
    kind: str
    address: str
    agent: str
    session: str = ""
    key: str = "AKIAIOSFODNN7EXAMPLE"


PEOPLE = (
    Actor(
        name="Developer",
        kind="AssumedRole",
        session="ana.lima@example.com",
        address="198.51.100.17",
        agent="aws-cli/2.31.0 Python/3.13.7 Darwin/25.1.0",
        key="ASIAIOSFODNN7EXAMPLE",
    ),
    Actor(
        name="Developer",
        kind="AssumedRole",
        session="bo.chen@example.com",
        address="198.51.100.23",
        agent="Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36",
        key="ASIAI44QH8DHBEXAMPLE",
    ),
    Actor(
        name="Operator",
        kind="AssumedRole",
        session="chidi.okafor@example.com",
        address="198.51.100.42",
        agent="aws-cli/2.31.0 Python/3.13.7 Linux/6.12",
        key="ASIAI55QH8DHBEXAMPLE",
    ),
)
MACHINES = (
    Actor(
        name="deploy-pipeline",
        kind="AssumedRole",
        session="codebuild-7f3a",
        address="10.20.4.11",
        agent="APN/1.0 HashiCorp/1.0 Terraform/1.13.3",
    ),
    Actor(
        name="app-server",
        kind="AssumedRole",
        session="i-0a1b2c3d4e5f60718",
        address="10.20.1.30",
        agent="Boto3/1.41.0 md/Botocore#1.41.0 ua/2.1 os/linux lang/python#3.13",
    ),
)
ROOT = Actor(
    name="root",
    kind="Root",
    address="198.51.100.42",
    agent="Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36",
)
"""Nobody's daily user: each of its sign-ins is worth a look."""

LEAKED = Actor(
    name="ci-deploy",
    kind="IAMUser",
    address="203.0.113.66",
    agent="aws-sdk-go-v2/1.39.2 os/linux lang/go#1.25",
    key="AKIAI44QH8DHBEXAMPLE",
)
"""The user whose access key ends up in a public repository."""

MINER = "i-0badc0ffee0badc0f"
MINER_ADDRESS = "10.30.9.66"
MINING_POOL = "203.0.113.250"
SCANNER = "203.0.113.99"

PLACES = tuple(Place(account, region) for account in MEMBERS for region in REGIONS)
"""Where the day happens: every member account in every region."""

VICTIM = Place(SHOP, HOME)
"""Where the leaked key belongs."""

MINE = Place(SHOP, ABROAD)
"""Where nobody looks: the region in which the miner is started."""

ADMINISTRATOR = CENTRAL
"""Delegated administrator of GuardDuty, Security Hub, Inspector, Macie and Access Analyzer."""


def watched(place: Place) -> tuple[Place, Place]:
    """Where a finding is seen: on the member's bus, and on the administrator's of that region."""
    return place, Place(ADMINISTRATOR, place.region)
