"""What a config may not ask of the domain's nodes, tiers and shards."""

from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from infra.config import DeploymentConfig, config_path, dataset_names
from infra.config.datasets import Dataset
from infra.config.shard_budget import shards_in_the_end
from infra.config.shared_home import shared_home
from infra.config.stream import Stream

PRODUCTION = DeploymentConfig.load(config_path("production"))
SANDBOX = DeploymentConfig.load(config_path("sandbox"))

AGES = ("warm_after_days", "cold_after_days", "delete_after_days")
SHARDS_IN_PRACTICE = 25 * 2  # 25 for each GiB of heap; t3.medium.search has 4 GiB, half of it heap


def changed(config: DeploymentConfig, section: str, **values: Any) -> dict[str, Any]:
    """The config as its file would hold it, with some values of a section replaced."""
    given = deepcopy(config.model_dump())
    given[section] |= values
    return given


def refusal(given: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        DeploymentConfig.model_validate(given)
    return str(caught.value)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"warm_nodes": 1}, "warm_nodes 1: expected 0, or 2 and more"),
        (
            {"warm_nodes": 2, "master_type": None, "standby": False},
            "expected a master_type as well",
        ),
        (
            {"cold_storage": True, "warm_nodes": 0},
            "cold_storage: expected warm_nodes 2 or more, found 0",
        ),
        ({"instance_type": "t3.medium.search"}, "T2 and T3 have neither standby nor warm nodes"),
    ],
)
def test_a_tier_needs_what_it_stands_on(values: dict[str, Any], reason: str) -> None:
    assert reason in refusal(changed(PRODUCTION, "search", **values))


def test_warm_and_cold_nodes_are_allowed_where_everything_is_there() -> None:
    config = DeploymentConfig.model_validate(
        changed(PRODUCTION, "search", warm_nodes=2, cold_storage=True)
    )

    assert config.search.cold_storage


@pytest.mark.parametrize("stage", ["warm", "cold"])
def test_a_dataset_cannot_move_to_a_tier_that_the_domain_has_not(stage: str) -> None:
    dataset = {"period": "day", f"{stage}_after_days": 3, "delete_after_days": 9}
    given = changed(SANDBOX, "datasets", **{"aws.vpcflow": dataset})

    assert f"datasets.aws.vpcflow.{stage}_after_days: search has no" in refusal(given)


def test_each_index_counts_with_all_its_copies_and_the_youngest_beside_the_oldest() -> None:
    search = SANDBOX.search.model_copy(update={"shards": 2, "replicas": 1})
    dataset = Dataset(delete_after_days=10)

    assert shards_in_the_end([dataset], search) == (10 + 1) * 2 * 2


def test_an_index_that_went_to_warm_is_counted_no_more() -> None:
    dataset = Dataset(warm_after_days=3, delete_after_days=90)

    assert shards_in_the_end([dataset], SANDBOX.search) == 3 + 1


def test_a_month_of_days_is_one_index() -> None:
    dataset = Dataset(period="month", delete_after_days=56)

    assert shards_in_the_end([dataset], SANDBOX.search) == 2 + 1


def test_the_index_that_datasets_share_counts_once_and_as_long_as_its_longest() -> None:
    sharing = [Dataset(period="shared", delete_after_days=days) for days in (31, 84, 56)]

    assert shards_in_the_end([*sharing, Dataset(delete_after_days=9)], SANDBOX.search) == 4 + 10


def test_twelve_more_datasets_cost_the_sandbox_no_shard() -> None:
    today = [SANDBOX.dataset(name) for name in dataset_names()]
    more = [SANDBOX.datasets["*"]] * 12

    assert shards_in_the_end([*today, *more], SANDBOX.search) == 3 * (14 + 1) + 5
    assert SHARDS_IN_PRACTICE >= 3 * (14 + 1) + 5


@pytest.mark.parametrize(
    ("ages", "expected"),
    [
        ([(0, 0, 31), (0, 0, 90)], (0, 0, 90)),
        ([(40, 60, 90), (50, 55, 80)], (50, 60, 90)),
        ([(40, 0, 90), (0, 0, 80)], (0, 0, 90)),
        ([(40, 60, 0), (50, 55, 80)], (50, 60, 0)),
    ],
    ids=["the longest", "each stage", "a stage that one never reaches", "one stays for ever"],
)
def test_the_shared_index_ages_with_the_last_of_its_datasets(
    ages: list[tuple[int, int, int]], expected: tuple[int, int, int]
) -> None:
    each = [{"period": "shared", **dict(zip(AGES, days, strict=True))} for days in ages]

    home = shared_home(map(Dataset.model_validate, each))

    assert home
    assert tuple(getattr(home, age) for age in AGES) == expected


def test_there_is_no_shared_home_where_nothing_is_shared() -> None:
    assert shared_home([Dataset(), Dataset(period="month")]) is None
    assert PRODUCTION.shared is None


@pytest.mark.parametrize("period", ["month", "shared"])
@pytest.mark.parametrize("age", ["warm_after_days", "delete_after_days"])
def test_an_index_of_a_month_may_not_age_while_it_is_written_to(period: str, age: str) -> None:
    values = {"period": period, "warm_after_days": 0, "delete_after_days": 90, age: 30}

    message = refusal(changed(SANDBOX, "datasets", **{"*": values}))

    assert "expected ages of 31 days or more, found 30" in message
    assert Dataset.model_validate({**values, age: 31}).period == period


def test_more_shards_than_the_nodes_hold_are_refused_with_both_numbers() -> None:
    days = 1_000 // len(dataset_names())  # one node holds 1,000: this many days and one is too much
    daily = {"period": "day", "delete_after_days": days}
    forever = dict.fromkeys(("*", *dataset_names()), daily)

    message = refusal(changed(SANDBOX, "datasets", **forever))

    assert f"{len(dataset_names()) * (days + 1)} shards in the end" in message
    assert "1 data nodes hold 1000" in message


def test_a_dataset_that_is_never_deleted_counts_as_ten_years() -> None:
    assert shards_in_the_end([Dataset()], SANDBOX.search) == 3_650 + 1


@pytest.mark.parametrize("days", [0, 30])
def test_objects_may_go_to_infrequent_access_from_30_days_on(days: int) -> None:
    given = changed(PRODUCTION, "archive", infrequent_after_days=days)

    assert DeploymentConfig.model_validate(given).archive.infrequent_after_days == days


def test_objects_may_not_go_to_infrequent_access_before_30_days() -> None:
    message = refusal(changed(PRODUCTION, "archive", infrequent_after_days=29))

    assert "infrequent_after_days 29: expected 0, or 30 and more" in message


@pytest.mark.parametrize("what", ["accounts", "regions"])
def test_an_account_or_region_that_is_named_twice_is_named_in_the_error(what: str) -> None:
    once = getattr(SANDBOX.members, what)

    message = refusal(changed(SANDBOX, "members", **{what: (*once, once[0])}))

    assert f"{what}: named twice: {once[0]}" in message


def test_only_sources_of_aws_come_by_the_bus() -> None:
    assert "event_sources" in refusal({**SANDBOX.model_dump(), "event_sources": ["my.app"]})
    assert "event_sources" in refusal({**SANDBOX.model_dump(), "event_sources": []})


def test_as_many_sources_are_named_as_a_rule_has_room_for() -> None:
    many = [f"aws.service-{number:03d}" for number in range(120)]

    assert "2048 are allowed" in refusal({**SANDBOX.model_dump(), "event_sources": many})
    enough = DeploymentConfig.model_validate({**SANDBOX.model_dump(), "event_sources": many[:90]})
    assert len(enough.event_sources) == 90


@pytest.mark.parametrize(("mode", "shards"), [("provisioned", 3), ("on_demand", 4)])
def test_less_concurrency_than_shards_ask_for_is_refused_with_both_numbers(
    mode: str, shards: int
) -> None:
    def given(reserved: int) -> dict[str, Any]:
        function = SANDBOX.function.model_dump()
        changes = {"parallelisation": 2, "reserved_concurrency": reserved}
        stream = {"mode": mode, "shards": 3}
        return {**SANDBOX.model_dump(), "stream": stream, "function": {**function, **changes}}

    needed = 2 * shards

    assert DeploymentConfig.model_validate(given(needed)).function.reserved_concurrency == needed
    assert f"reserved_concurrency {needed - 1}: expected {needed} or more" in refusal(
        given(needed - 1)
    )


@pytest.mark.parametrize(("retention", "age"), [(24, 23), (168, 167), (169, 168), (8_760, 168)])
def test_a_record_is_set_aside_before_the_stream_forgets_it(retention: int, age: int) -> None:
    assert Stream(mode="on_demand", retention_hours=retention).oldest_read_hours == age
