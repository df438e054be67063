"""Promises of the local cloud's EventBridge: targets, and buses of other accounts and regions."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from local.aws.process import LocalCloud, free_port
from local.aws.settings import CENTRAL_ACCOUNT, CENTRAL_REGION, ORGANISATION_ID, Settings
from tests.local import landscape as made
from tests.local.event_rules import bodies, finding, finding_of, remove_rules, rule
from tests.local.landscape import MEMBER, OUTSIDER

SERVICE = "events.amazonaws.com"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("cloud") / "cloud.log") as running:
        yield running


@pytest.fixture
def stream(cloud: LocalCloud) -> str:
    return made.stream(cloud)


@pytest.fixture
def quiet(cloud: LocalCloud) -> Iterator[None]:
    """Rules outlive a test otherwise, and would send its events to the streams of others."""
    yield
    for account in (CENTRAL_ACCOUNT, MEMBER, OUTSIDER):
        for region in (CENTRAL_REGION, "eu-west-1"):
            remove_rules(cloud.client("events", account, region))


pytestmark = pytest.mark.usefixtures("quiet")


def central_bus(cloud: LocalCloud, *, organisation: str = ORGANISATION_ID) -> str:
    """A bus of the central account, open to an organisation."""
    events, name = cloud.client("events"), made.name("bus")
    arn: str = events.create_event_bus(Name=name)["EventBusArn"]
    events.put_permission(
        EventBusName=name,
        StatementId="members",
        Action="events:PutEvents",
        Principal="*",
        Condition={
            "Type": "StringEquals",
            "Key": "aws:PrincipalOrgID",
            "Value": organisation,
        },
    )
    return arn


def into_stream(cloud: LocalCloud, bus: str, stream: str) -> None:
    writer = made.role(cloud, SERVICE, made.allow("kinesis:PutRecord", stream))
    rule(cloud, stream, role_arn=writer, bus=bus.rpartition("/")[2])


def forwarder(cloud: LocalCloud, account: str, bus: str) -> str:
    return made.role(cloud, SERVICE, made.allow("events:PutEvents", bus), account=account)


def test_a_finding_of_a_member_reaches_the_central_stream_as_it_was(
    cloud: LocalCloud, stream: str
) -> None:
    bus = central_bus(cloud)
    into_stream(cloud, bus, stream)
    rule(cloud, bus, role_arn=forwarder(cloud, MEMBER, bus), account=MEMBER)
    finding(cloud, 8, MEMBER)
    finding(cloud, 2, MEMBER)

    [event] = bodies(cloud, stream)

    assert event["account"] == MEMBER
    assert event["source"] == "aws.guardduty"
    assert event["detail"] == {"severity": 8, "id": "f-8"}


def test_an_event_happened_when_its_sender_says_and_else_now(
    cloud: LocalCloud, stream: str
) -> None:
    bus = central_bus(cloud)
    into_stream(cloud, bus, stream)
    rule(cloud, bus, role_arn=forwarder(cloud, MEMBER, bus), account=MEMBER)
    moments = (datetime(2026, 3, 1, 12, tzinfo=UTC), None, datetime(2026, 3, 2, tzinfo=UTC))
    answer = cloud.client("events", MEMBER).put_events(Entries=[finding_of(m) for m in moments])

    times = {event["detail"]["at"]: event["time"] for event in bodies(cloud, stream)}

    assert (answer["FailedEntryCount"], len(answer["Entries"])) == (0, 3)
    assert times.pop("now") > "2026-03-02T00:00:00Z"
    assert times == {
        "2026-03-01T12:00:00+00:00": "2026-03-01T12:00:00Z",
        "2026-03-02T00:00:00+00:00": "2026-03-02T00:00:00Z",
    }


def test_a_bus_of_another_region_forwards_and_the_event_keeps_its_region(
    cloud: LocalCloud, stream: str
) -> None:
    bus = central_bus(cloud)
    into_stream(cloud, bus, stream)
    role = forwarder(cloud, MEMBER, bus)
    rule(cloud, bus, role_arn=role, account=MEMBER, region="eu-west-1")
    finding(cloud, 7, MEMBER, "eu-west-1")

    [event] = bodies(cloud, stream)

    assert (event["account"], event["region"]) == (MEMBER, "eu-west-1")


def test_a_bus_that_trusts_another_organisation_refuses_and_says_so(
    cloud: LocalCloud, stream: str
) -> None:
    bus = central_bus(cloud, organisation="o-another")
    into_stream(cloud, bus, stream)
    name = rule(cloud, bus, role_arn=forwarder(cloud, MEMBER, bus), account=MEMBER)
    finding(cloud, 8, MEMBER)

    assert bodies(cloud, stream) == []
    assert "events:PutEvents" in made.refusals(cloud, name)[0]


def test_an_account_outside_the_organisation_is_refused(cloud: LocalCloud, stream: str) -> None:
    bus = central_bus(cloud)
    into_stream(cloud, bus, stream)
    name = rule(cloud, bus, role_arn=forwarder(cloud, OUTSIDER, bus), account=OUTSIDER)
    finding(cloud, 8, OUTSIDER)

    assert bodies(cloud, stream) == []
    assert OUTSIDER in made.refusals(cloud, name)[0]


def test_a_forwarding_role_without_the_right_is_refused(cloud: LocalCloud, stream: str) -> None:
    bus = central_bus(cloud)
    into_stream(cloud, bus, stream)
    role = made.role(cloud, SERVICE, account=MEMBER)
    name = rule(cloud, bus, role_arn=role, account=MEMBER)
    finding(cloud, 8, MEMBER)

    assert bodies(cloud, stream) == []
    assert "not authorized to perform events:PutEvents" in made.refusals(cloud, name)[0]


def test_a_bus_of_another_account_needs_a_role(cloud: LocalCloud) -> None:
    with pytest.raises(ClientError, match="RoleArn is required"):
        rule(cloud, central_bus(cloud), account=MEMBER)


def test_an_event_from_another_bus_does_not_go_to_a_third(cloud: LocalCloud) -> None:
    bus = central_bus(cloud)
    home = f"arn:aws:events:{CENTRAL_REGION}:{MEMBER}:event-bus/default"
    cloud.client("events", MEMBER).put_permission(
        EventBusName="default",
        StatementId="c",
        Action="events:PutEvents",
        Principal=CENTRAL_ACCOUNT,
    )
    rule(cloud, bus, role_arn=forwarder(cloud, MEMBER, bus), account=MEMBER)
    back = forwarder(cloud, CENTRAL_ACCOUNT, home)
    name = rule(cloud, home, role_arn=back, bus=bus.rpartition("/")[2])
    finding(cloud, 8, MEMBER)

    assert "may not go to a third" in made.refusals(cloud, name)[0]


def test_events_of_aws_sources_can_be_forbidden_as_on_aws(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = Settings(port=free_port(), allow_aws_sources=False)
    with LocalCloud(tmp_path_factory.mktemp("strict") / "cloud.log", settings) as strict:
        answer = finding(strict, 8)

    assert answer["Entries"][0]["ErrorCode"] == "NotAuthorizedForSourceException"
