"""Organizations and Scheduler as the app uses them: one organisation, and schedules that begin."""

import json
from collections.abc import Iterator

import pytest

from lambdas.snapshot_organisation.organisation import read_accounts
from local.aws.process import LocalCloud, free_port
from local.aws.settings import CENTRAL_ACCOUNT, ORGANISATION_ID, Settings
from tests.local import landscape as made
from tests.local.pieces import eventually

ACCOUNTS = {
    CENTRAL_ACCOUNT: {"name": "log-archive", "unit": "Security", "tags": {}},
    made.MEMBER: {
        "name": "shop",
        "unit": "Workloads/Production",
        "tags": {"environment": "production"},
    },
    made.OTHER_MEMBER: {"name": "platform", "unit": "Workloads", "tags": {}},
}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    log = tmp_path_factory.mktemp("cloud") / "cloud.log"
    settings = Settings(port=free_port(), organisation=json.dumps(ACCOUNTS))
    with LocalCloud(log, settings) as running:
        yield running


def test_every_account_of_the_organisation_sees_the_same_accounts(cloud: LocalCloud) -> None:
    for account in ACCOUNTS:
        client = cloud.client("organizations", account)
        found = read_accounts(client)

        assert client.describe_organization()["Organization"]["Id"] == ORGANISATION_ID
        assert {
            id_: (known["name"], known["unit"]["path"], known["tags"])
            for id_, known in found.items()
        } == {
            id_: (known["name"], f"Root/{known['unit']}", known["tags"])
            for id_, known in ACCOUNTS.items()
        }


def test_an_account_outside_sees_only_its_own_organisation(cloud: LocalCloud) -> None:
    found = read_accounts(cloud.client("organizations", made.OUTSIDER))

    assert set(found) == {made.OUTSIDER}


def test_the_organisation_may_not_be_read_without_the_right(cloud: LocalCloud) -> None:
    role = made.role(cloud, CENTRAL_ACCOUNT)
    client = made.session(cloud, role, "organizations")

    with pytest.raises(client.exceptions.ClientError, match="not authorized"):
        client.describe_organization()


def test_a_schedule_begins_at_once_and_is_refused_without_a_right_to_its_target(
    cloud: LocalCloud,
) -> None:
    target = f"arn:aws:lambda:us-east-1:{CENTRAL_ACCOUNT}:function:absent"
    cloud.client("scheduler").create_schedule(
        Name="too-little",
        ScheduleExpression="rate(60 minutes)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": target, "RoleArn": made.role(cloud, "scheduler.amazonaws.com")},
    )

    (reason,) = eventually(lambda: made.refusals(cloud, "too-little"), "the refusal")

    assert "lambda:InvokeFunction" in reason
