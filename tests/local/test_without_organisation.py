"""A deployment without an organisation: who is listed sends, and nobody else is let in.

Every account here is in no organisation, as Organizations itself says.
"""

import json
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from infra.names import CENTRAL_LOGS
from local.aws.process import LocalCloud, free_port
from local.aws.settings import CENTRAL_ACCOUNT, Settings
from tests.local import landscape as made
from tests.local.deployment import HOME, IRELAND, MEMBER, REGIONS, Deployed
from tests.local.landscape import OTHER_MEMBER
from tests.local.pieces import eventually

SENDERS = (CENTRAL_ACCOUNT, MEMBER)
STREAM = f"arn:aws:kinesis:{HOME}:{CENTRAL_ACCOUNT}:stream/{CENTRAL_LOGS}"
BUS = f"arn:aws:events:{HOME}:{CENTRAL_ACCOUNT}:event-bus/{CENTRAL_LOGS}"


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("alone")
    settings = Settings(port=free_port(), in_organisation=False)
    with LocalCloud(folder / "cloud.log", settings) as cloud:
        found = Deployed(cloud, folder, organisation=None)
        found.deploy()
        yield found


def door(region: str) -> str:
    return f"arn:aws:logs:{region}:{CENTRAL_ACCOUNT}:destination:{CENTRAL_LOGS}"


def sender(cloud: LocalCloud, account: str, service: str, action: str) -> str:
    """A role like that of a member's stack."""
    return made.role(cloud, service, made.allow(action), account=account)


def finding(deployed: Deployed, check: str, subject: str) -> tuple[str, str]:
    """Status and what was found, of a check of the last command's JSON."""
    (found,) = [
        f
        for f in json.loads(deployed.said)["findings"]
        if (f["check"], f["subject"]) == (check, subject)
    ]
    return found["status"], found["found"]


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("account", SENDERS)
def test_a_line_of_a_listed_account_arrives_in_the_stream(
    deployed: Deployed, account: str, region: str
) -> None:
    group = made.log_group(deployed.cloud, account, region)
    made.log(deployed.cloud, account, group, "hello", region=region)

    arrived = [e for e in made.envelopes(deployed.cloud, STREAM) if e["logGroup"] == group]

    assert [(e["owner"], e["logEvents"][0]["message"]) for e in arrived] == [(account, "hello")]


@pytest.mark.parametrize("region", REGIONS)
def test_an_account_that_is_not_listed_may_not_subscribe_a_log_group(
    deployed: Deployed, region: str
) -> None:
    group = made.log_group(deployed.cloud, OTHER_MEMBER, region)

    with pytest.raises(ClientError, match=r"AccessDeniedException.*333333333333"):
        made.subscribe(deployed.cloud, OTHER_MEMBER, group, door(region), region=region)


def test_nor_all_of_its_log_groups(deployed: Deployed) -> None:
    logs = deployed.client("logs", IRELAND, OTHER_MEMBER)
    document = {
        "DestinationArn": door(IRELAND),
        "RoleArn": sender(deployed.cloud, OTHER_MEMBER, "logs.amazonaws.com", "logs:PutLogEvents"),
        "FilterPattern": "",
    }

    with pytest.raises(ClientError, match=r"AccessDeniedException.*333333333333"):
        logs.put_account_policy(
            policyName="stranger",
            policyType="SUBSCRIPTION_FILTER_POLICY",
            policyDocument=json.dumps(document),
            scope="ALL",
        )


def test_who_was_let_in_by_somebody_elses_hand_is_not_passed_on(deployed: Deployed) -> None:
    """The role's trust names the senders as well, so the access policy is not the only guard."""
    logs, name = deployed.client("logs"), {"destinationName": CENTRAL_LOGS}
    (kept,) = logs.describe_destinations(DestinationNamePrefix=CENTRAL_LOGS)["destinations"]
    anybody = {**made.allow("logs:PutSubscriptionFilter", door(HOME)), "Principal": "*"}
    group = made.log_group(deployed.cloud, OTHER_MEMBER)
    logs.put_destination_policy(**name, accessPolicy=made.policy(anybody))
    made.subscribe(deployed.cloud, OTHER_MEMBER, group, door(HOME))
    logs.put_destination_policy(**name, accessPolicy=kept["accessPolicy"])

    made.log(deployed.cloud, OTHER_MEMBER, group, "hello")

    assert [e for e in made.envelopes(deployed.cloud, STREAM) if e["logGroup"] == group] == []
    assert "may not assume" in made.refusals(deployed.cloud, group)[0]


@pytest.mark.parametrize(("account", "arrives"), [(MEMBER, True), (OTHER_MEMBER, False)])
def test_events_arrive_from_listed_accounts_alone(
    deployed: Deployed, account: str, *, arrives: bool
) -> None:
    events, marker = deployed.client("events", IRELAND, account), made.name("finding")
    role = sender(deployed.cloud, account, "events.amazonaws.com", "events:PutEvents")
    events.put_rule(Name=marker, EventPattern=json.dumps({"source": ["example.test"]}))
    events.put_targets(Rule=marker, Targets=[{"Id": "hub", "Arn": BUS, "RoleArn": role}])

    events.put_events(
        Entries=[{"Source": "example.test", "DetailType": "t", "Detail": f'{{"m": "{marker}"}}'}]
    )
    eventually(deployed.cloud.idle, "the event has gone its way")

    found = [r for r in made.records(deployed.cloud, STREAM) if marker.encode() in r["Data"]]
    assert bool(found) is arrives


def test_there_is_no_organisation_to_ask(deployed: Deployed) -> None:
    with pytest.raises(ClientError, match="AWSOrganizationsNotInUseException"):
        deployed.client("organizations").describe_organization()


def test_preflight_asks_for_no_organisation_but_who_the_accounts_are(deployed: Deployed) -> None:
    deployed.run("preflight", "--json")

    told = json.loads(deployed.said)
    asked = {f["check"] for f in told["findings"]}
    assert not asked & {"organisation", "organisation's accounts", "delegated administrator"}
    assert {
        "account": MEMBER,
        "command": "aws sts get-caller-identity --query Account --output text",
        "expected": f"{MEMBER}, or somebody else's account is admitted",
    } in told["elsewhere"]


def test_doctor_finds_the_doors_open_to_the_listed_accounts(deployed: Deployed) -> None:
    deployed.run("doctor", "--json")

    assert finding(deployed, "door", IRELAND) == ("ok", f"{door(IRELAND)}, to the stream")


def test_doctor_names_the_account_that_a_door_does_not_admit(deployed: Deployed) -> None:
    logs, name = deployed.client("logs", IRELAND), {"destinationName": CENTRAL_LOGS}
    (kept,) = logs.describe_destinations(DestinationNamePrefix=CENTRAL_LOGS)["destinations"]
    older = kept["accessPolicy"].replace(MEMBER, OTHER_MEMBER)
    logs.put_destination_policy(**name, accessPolicy=older)

    deployed.run("doctor", "--json")
    logs.put_destination_policy(**name, accessPolicy=kept["accessPolicy"])

    assert finding(deployed, "door", IRELAND) == (
        "error",
        f"its policy does not admit {MEMBER}",
    )


def test_a_door_that_is_open_to_an_organisation_admits_nobody_here(deployed: Deployed) -> None:
    stream = made.stream(deployed.cloud)
    group = made.log_group(deployed.cloud, MEMBER)

    with pytest.raises(ClientError, match=r"AccessDeniedException.*222222222222"):
        made.subscribe(deployed.cloud, MEMBER, group, made.destination(deployed.cloud, stream))
