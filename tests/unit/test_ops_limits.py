"""The quotas that preflight looks at, each at its edge."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.config import DeploymentConfig
from infra.names import LOG_GROUP_RULES, MEMBER_STACK_SET, SELF_SERVICE_ROLES, stack_name
from ops.checks import firehose, stack_set_limits
from ops.view import View
from tests.unit.test_config import write

HOME, FRANKFURT = "us-east-1", "eu-central-1"
UNIT = "ou-ex4m-workloads"
MIB = 1024 * 1024

type Json = dict[str, Any]


class Pages:
    """A paginator of boto3 that has these pages."""

    def __init__(self, *pages: Json) -> None:
        self.pages = pages

    def paginate(self, **_: object) -> tuple[Json, ...]:
        return self.pages


def configured(folder: Path, **changes: Any) -> DeploymentConfig:
    return DeploymentConfig.load(write(folder, "sandbox", changes))


def view(config: DeploymentConfig, **services: Any) -> View:
    return View(config=config, clients=lambda service, _region: services[service])


def resources(*listed: Json) -> SimpleNamespace:
    """CloudFormation with these resources in the pipeline stack, or without it."""
    stack = {
        "StackName": stack_name("sandbox", "pipeline"),
        "StackId": "arn:pipeline",
        "StackStatus": "CREATE_COMPLETE",
        "CreationTime": datetime(2026, 1, 1, tzinfo=UTC),
    }
    pages = {
        "describe_stacks": Pages({"Stacks": [stack] if listed else []}),
        "list_stack_resources": Pages({"StackResourceSummaries": list(listed)}),
    }
    return SimpleNamespace(get_paginator=pages.__getitem__)


DELIVERY = {
    "LogicalResourceId": "DeliveryStreamAB12",
    "ResourceType": "AWS::KinesisFirehose::DeliveryStream",
    "PhysicalResourceId": "documents",
    "ResourceStatus": "CREATE_COMPLETE",
}


def metrics(**values: list[float]) -> SimpleNamespace:
    """CloudWatch with these values of metrics of Firehose, oldest first."""

    def told(**asked: Any) -> Json:
        [statistic] = asked["Statistics"]
        assert asked["Dimensions"] == [{"Name": "DeliveryStreamName", "Value": "documents"}]
        return {
            "Datapoints": [
                {"Timestamp": datetime(2026, 1, 1, hour, tzinfo=UTC), statistic: value}
                for hour, value in enumerate(values.get(asked["MetricName"], []))
            ]
        }

    return SimpleNamespace(get_metric_statistics=told)


@pytest.mark.parametrize(
    ("region", "stream", "status"),
    [
        (HOME, {"mode": "provisioned", "shards": 5}, "ok"),
        (HOME, {"mode": "provisioned", "shards": 6}, "warning"),
        (HOME, {"mode": "on_demand"}, "ok"),
        (FRANKFURT, {"mode": "provisioned", "shards": 1}, "ok"),
        (FRANKFURT, {"mode": "provisioned", "shards": 2}, "warning"),
        (FRANKFURT, {"mode": "on_demand"}, "warning"),
    ],
)
def test_direct_put_takes_what_the_shards_take_in(
    region: str, stream: Json, status: str, tmp_path: Path
) -> None:
    place = {"account": "111111111111", "region": region}
    members = {"accounts": [], "regions": [region]}
    config = configured(tmp_path, stream=stream, central=place, members=members)

    answer = firehose.direct_put(region, view(config, cloudformation=resources()))

    assert answer.status == status


@pytest.mark.parametrize(
    ("told", "peak_mib", "status"),
    [
        ([], 4.0, "ok"),
        ([], 4.01, "warning"),
        ([5.0, 10.0], 8.0, "ok"),
        ([10.0, 5.0], 8.0, "warning"),
        ([5.0, 10.0], 8.01, "warning"),
    ],
)
def test_what_came_is_held_against_the_limit_that_firehose_told_last(
    told: list[float], peak_mib: float, status: str, tmp_path: Path
) -> None:
    sums = [0.0, peak_mib * MIB * firehose.PERIOD_SECONDS, 1.0]
    watch = metrics(BytesPerSecondLimit=[mib * MIB for mib in told], IncomingBytes=sums)
    looked = view(configured(tmp_path), cloudformation=resources(DELIVERY), cloudwatch=watch)

    assert firehose.direct_put(HOME, looked).status == status


def test_a_delivery_stream_that_nothing_came_to_is_well(tmp_path: Path) -> None:
    looked = view(configured(tmp_path), cloudformation=resources(DELIVERY), cloudwatch=metrics())

    answer = firehose.direct_put(HOME, looked)

    assert (answer.status, answer.found) == ("ok", "0.00 of 5 MiB/s at most in a day")


def test_nothing_is_asked_of_direct_put_where_nothing_goes_by_it(tmp_path: Path) -> None:
    config = configured(tmp_path, datasets={"*": {"sink": "direct", "period": "shared"}})

    assert firehose.by_firehose(config) == {}
    assert firehose.by_firehose(configured(tmp_path)) == {HOME: HOME}


@pytest.mark.parametrize(("used", "status"), [(48, "ok"), (49, "error")])
def test_two_delivery_streams_find_room(used: int, status: str, tmp_path: Path) -> None:
    names = {"DeliveryStreamNames": [f"stream-{number}" for number in range(used)]}
    looked = view(
        configured(tmp_path),
        **{
            "cloudformation": resources(),
            "firehose": SimpleNamespace(list_delivery_streams=lambda **_: names),
            "service-quotas": SimpleNamespace(
                get_service_quota=lambda **_: {"Quota": {"Value": 50.0}}
            ),
        },
    )

    answer = firehose.delivery_streams(HOME, looked)

    assert answer.status == status


def test_delivery_streams_that_are_there_need_no_room(tmp_path: Path) -> None:
    looked = view(configured(tmp_path), cloudformation=resources(DELIVERY))

    assert firehose.delivery_streams(HOME, looked).status == "ok"


def by_units(folder: Path) -> DeploymentConfig:
    members = {"accounts": None, "units": [UNIT], "regions": [HOME, FRANKFURT]}
    service = {"units": [UNIT], "principals": ["arn:aws:iam:::role/developers-*"]}
    return configured(folder, members=members, self_service=service)


@pytest.mark.parametrize(
    ("others", "status"), [(997, "ok"), (998, "warning")], ids=["room for 3", "room for 2"]
)
def test_three_stack_sets_find_room(others: int, status: str, tmp_path: Path) -> None:
    known = [{"StackSetName": f"set-{number}"} for number in range(others)]
    api = SimpleNamespace(get_paginator=lambda _name: Pages({"Summaries": known}))

    answer = stack_set_limits.sets(HOME, view(by_units(tmp_path), cloudformation=api))

    assert answer.status == status


def test_stack_sets_that_are_there_need_no_room(tmp_path: Path) -> None:
    own = (MEMBER_STACK_SET, SELF_SERVICE_ROLES, LOG_GROUP_RULES)
    known = [{"StackSetName": name} for name in (*own, *(f"set-{n}" for n in range(997)))]
    api = SimpleNamespace(get_paginator=lambda _name: Pages({"Summaries": known}))

    answer = stack_set_limits.sets(HOME, view(by_units(tmp_path), cloudformation=api))

    assert answer.found == "1000 of 1,000 StackSets by default, 0 needed"


@pytest.mark.parametrize(
    ("stack_set", "most"),
    [(MEMBER_STACK_SET, 50_000), (SELF_SERVICE_ROLES, 100_000), (LOG_GROUP_RULES, 50_000)],
)
@pytest.mark.parametrize(("more", "status"), [(0, "ok"), (1, "warning")])
def test_a_stack_set_holds_every_account_in_each_of_its_regions(
    stack_set: str, most: int, more: int, status: str, tmp_path: Path
) -> None:
    listed = {
        "list_parents": Pages({"Parents": [{"Id": "r-ex4m"}]}),
        "list_accounts_for_parent": Pages(
            {"Accounts": [{"Id": f"{number:012}"} for number in range(most + more)]}
        ),
        "list_organizational_units_for_parent": Pages({"OrganizationalUnits": []}),
    }
    api = SimpleNamespace(get_paginator=listed.__getitem__)

    looked = view(by_units(tmp_path), organizations=api)

    assert stack_set_limits.instances(stack_set, looked).status == status
