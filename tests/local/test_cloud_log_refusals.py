"""Promises about who may not subscribe, what may not be delivered, and that each loss shows."""

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT
from tests.local import landscape as made
from tests.local.landscape import MEMBER, OTHER_MEMBER, OUTSIDER


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("cloud") / "cloud.log") as running:
        yield running


@pytest.fixture
def stream(cloud: LocalCloud) -> str:
    return made.stream(cloud)


def test_without_an_access_policy_nobody_may_subscribe(cloud: LocalCloud, stream: str) -> None:
    door = made.destination(cloud, stream, actions=())

    with pytest.raises(ClientError, match=r"AccessDeniedException.*PutSubscriptionFilter"):
        made.subscribe(cloud, MEMBER, made.log_group(cloud, MEMBER), door)


def test_an_account_outside_the_organisation_may_not_subscribe(
    cloud: LocalCloud, stream: str
) -> None:
    door = made.destination(cloud, stream)

    with pytest.raises(ClientError, match=r"AccessDeniedException.*999999999999"):
        made.subscribe(cloud, OUTSIDER, made.log_group(cloud, OUTSIDER), door)


def test_a_destination_without_a_role_that_may_write_is_refused(
    cloud: LocalCloud, stream: str
) -> None:
    idle = made.role(cloud, "logs.amazonaws.com")

    with pytest.raises(ClientError, match=r"not authorized to perform kinesis:PutRecord"):
        made.destination(cloud, stream, role_arn=idle)


def test_a_destination_whose_role_trusts_another_service_is_refused(
    cloud: LocalCloud, stream: str
) -> None:
    other = made.role(cloud, "events.amazonaws.com", made.allow("kinesis:PutRecord"))

    with pytest.raises(ClientError, match=r"logs.amazonaws.com may not assume"):
        made.destination(cloud, stream, role_arn=other)


def test_a_trust_that_names_source_accounts_keeps_others_out_and_the_loss_is_shown(
    cloud: LocalCloud, stream: str
) -> None:
    sources = [f"arn:aws:logs:us-east-1:{account}:*" for account in (CENTRAL_ACCOUNT, MEMBER)]
    writer = made.role(
        cloud,
        "logs.amazonaws.com",
        made.allow("kinesis:PutRecord", stream),
        condition={"StringLike": {"aws:SourceArn": sources}},
    )
    door = made.destination(cloud, stream, role_arn=writer)
    groups = {account: made.log_group(cloud, account) for account in (MEMBER, OTHER_MEMBER)}
    for account, group in groups.items():
        made.subscribe(cloud, account, group, door)
        made.log(cloud, account, group, account)

    owners = [envelope["owner"] for envelope in made.envelopes(cloud, stream)]

    assert owners == [MEMBER]
    assert "may not assume" in made.refusals(cloud, groups[OTHER_MEMBER])[0]


def test_a_trust_by_organisation_lets_every_member_in(cloud: LocalCloud, stream: str) -> None:
    writer = made.role(
        cloud,
        "logs.amazonaws.com",
        made.allow("kinesis:PutRecord", stream),
        condition={"StringEquals": {"aws:SourceOrgID": "o-exampleorgid"}},
    )
    group = made.log_group(cloud, OTHER_MEMBER)
    made.subscribe(cloud, OTHER_MEMBER, group, made.destination(cloud, stream, role_arn=writer))
    made.log(cloud, OTHER_MEMBER, group, "let in")

    assert len(made.envelopes(cloud, stream)) == 1


def test_events_after_the_role_lost_its_right_are_refused_with_the_reason(
    cloud: LocalCloud, stream: str
) -> None:
    writer = made.role(cloud, "logs.amazonaws.com", made.allow("kinesis:PutRecord", stream))
    group = made.log_group(cloud, MEMBER)
    made.subscribe(cloud, MEMBER, group, made.destination(cloud, stream, role_arn=writer))
    cloud.client("iam").delete_role_policy(RoleName=writer.rpartition("/")[2], PolicyName="p")
    made.log(cloud, MEMBER, group, "lost")

    assert made.envelopes(cloud, stream) == []
    assert "kinesis:PutRecord" in made.refusals(cloud, group)[0]


def test_events_after_the_destination_is_gone_are_refused(cloud: LocalCloud, stream: str) -> None:
    group, door = made.log_group(cloud, MEMBER), made.destination(cloud, stream)
    made.subscribe(cloud, MEMBER, group, door)
    cloud.client("logs").delete_destination(destinationName=door.rpartition(":")[2])
    made.log(cloud, MEMBER, group, "lost")

    assert "does not exist" in made.refusals(cloud, group)[0]


def test_a_destination_of_another_region_cannot_be_subscribed(
    cloud: LocalCloud, stream: str
) -> None:
    door = made.destination(cloud, stream, region="eu-west-1")

    with pytest.raises(ClientError, match="another region"):
        made.subscribe(cloud, MEMBER, made.log_group(cloud, MEMBER), door)


def test_a_stream_of_another_account_needs_a_destination(cloud: LocalCloud, stream: str) -> None:
    with pytest.raises(ClientError, match="another account"):
        made.subscribe(cloud, MEMBER, made.log_group(cloud, MEMBER), stream)


def test_a_stream_of_the_own_account_needs_a_role(cloud: LocalCloud, stream: str) -> None:
    group = made.log_group(cloud, CENTRAL_ACCOUNT)
    with pytest.raises(ClientError, match="needs a role"):
        made.subscribe(cloud, CENTRAL_ACCOUNT, group, stream)

    writer = made.role(cloud, "logs.amazonaws.com", made.allow("kinesis:PutRecord", stream))
    made.subscribe(cloud, CENTRAL_ACCOUNT, group, stream, role_arn=writer)
    made.log(cloud, CENTRAL_ACCOUNT, group, "at home")
    assert len(made.envelopes(cloud, stream)) == 1


def test_a_log_group_has_at_most_two_filters(cloud: LocalCloud, stream: str) -> None:
    group, door = made.log_group(cloud, MEMBER), made.destination(cloud, stream)
    made.subscribe(cloud, MEMBER, group, door)
    made.subscribe(cloud, MEMBER, group, door)

    with pytest.raises(ClientError, match="LimitExceededException"):
        made.subscribe(cloud, MEMBER, group, door)


def test_a_bad_filter_pattern_is_refused(cloud: LocalCloud, stream: str) -> None:
    door = made.destination(cloud, stream)

    with pytest.raises(ClientError, match=r"InvalidParameterException.*too early"):
        made.subscribe(cloud, MEMBER, made.log_group(cloud, MEMBER), door, pattern="{ $.a = }")


def test_a_role_that_may_not_send_keeps_its_log_group_from_the_door_and_the_loss_is_shown(
    cloud: LocalCloud, stream: str
) -> None:
    idle = made.role(cloud, "logs.amazonaws.com", account=MEMBER)
    group = made.log_group(cloud, MEMBER)
    made.subscribe(cloud, MEMBER, group, made.destination(cloud, stream), role_arn=idle)

    made.log(cloud, MEMBER, group, "unsent")

    assert made.envelopes(cloud, stream) == []
    assert "logs:PutLogEvents" in made.refusals(cloud, group)[0]
