"""A config file is checked before anything is built, and its mistakes are explained."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from infra.config import DeploymentConfig
from infra.errors import ConfigError

CONFIGS = Path(__file__).parents[2] / "config"

type Refuse = Callable[[Mapping[str, Any]], str]
"""Loads the sandbox with changes; gives the message that it is refused with."""


def changed(given: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Merge sections; ``None`` takes a key away."""
    merged = dict(given)
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(given.get(key), dict):
            merged[key] = changed(given[key], value)
        else:
            merged[key] = value
    return {key: value for key, value in merged.items() if value is not None}


def write(folder: Path, stage: str, changes: Mapping[str, Any]) -> Path:
    given = tomllib.loads((CONFIGS / f"{stage}.toml").read_text(encoding="utf-8"))
    path = folder / "changed.toml"
    path.write_text(tomli_w.dumps(changed(given, changes)), encoding="utf-8")
    return path


@pytest.fixture
def load(tmp_path: Path) -> Callable[[Mapping[str, Any]], DeploymentConfig]:
    return lambda changes: DeploymentConfig.load(write(tmp_path, "sandbox", changes))


@pytest.fixture
def refuse(tmp_path: Path) -> Refuse:
    def loading(changes: Mapping[str, Any]) -> str:
        path = write(tmp_path, "sandbox", changes)
        with pytest.raises(ConfigError) as refused:
            DeploymentConfig.load(path)
        message = str(refused.value)
        assert message.startswith(f"{path}: ")
        return message

    return loading


@pytest.mark.parametrize("stage", ["sandbox", "small", "production"])
def test_what_is_shipped_loads(stage: str) -> None:
    assert DeploymentConfig.load(CONFIGS / f"{stage}.toml").stage == stage


def test_the_laptops_differences_load(
    load: Callable[[Mapping[str, Any]], DeploymentConfig],
) -> None:
    config = load({"function": {"wheels": "host"}, "datasets": {"*": {"sink": "direct"}}})

    assert config.function.wheels == "host"
    assert config.dataset("aws.cloudtrail").sink == "direct"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml"):
        DeploymentConfig.load(tmp_path / "nowhere.toml")


def test_a_file_that_is_not_toml_is_named_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text('stage = "sandbox"\norganisation =\n', encoding="utf-8")

    with pytest.raises(ConfigError, match=r"broken\.toml: .*line 2"):
        DeploymentConfig.load(path)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"organization": "o-x"}, "organization: unknown key, did you mean 'organisation'?"),
        (
            {"search": {"data_node": 1}},
            "search.data_node: unknown key, did you mean 'data_nodes'?",
        ),
        (
            {"datasets": {"aws.guardduty": {"delete_days": 1}}},
            "datasets.aws.guardduty.delete_days: unknown key, did you mean 'delete_after_days'?",
        ),
        ({"stream": {"zzz": 1}}, "stream.zzz: unknown key; known: existing, mode, retention"),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest(
    changes: dict[str, Any], expected: str, refuse: Refuse
) -> None:
    assert expected in refuse(changes)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"central": {"account": "12345"}}, "central.account"),
        ({"members": {"accounts": ["222222222222", "1234567890123"]}}, "members.accounts.1"),
        ({"members": {"regions": []}}, "members.regions"),
        ({"central": {"region": "Ireland"}}, "central.region"),
        ({"organisation": "example"}, "organisation"),
        ({"stage": "Sand Box"}, "stage"),
        ({"removal": "maybe"}, "removal"),
        ({"stream": {"retention_hours": 23}}, "stream.retention_hours"),
        ({"stream": {"retention_hours": 8_761}}, "stream.retention_hours"),
        ({"function": {"batch_size": 10_001}}, "function.batch_size"),
        ({"function": {"parallelisation": 11}}, "function.parallelisation"),
        ({"function": {"log_retention_days": 2}}, "function.log_retention_days"),
        ({"delivery": {"buffer_seconds": 901}}, "delivery.buffer_seconds"),
        ({"delivery": {"buffer_mib": 0}}, "delivery.buffer_mib"),
        ({"delivery": {"retry_seconds": 7_201}}, "delivery.retry_seconds"),
        ({"access": {"analysts": ["Analyst"]}}, "access.analysts.0"),
        ({"search": {"engine_version": "Elasticsearch_7.10"}}, "search.engine_version"),
        ({"search": {"data_nodes": None}}, "search.data_nodes"),
        ({"datasets": {"*": {"sink": "kafka"}}}, "datasets.*.sink"),
    ],
)
def test_a_value_out_of_range_is_named(changes: dict[str, Any], key: str, refuse: Refuse) -> None:
    assert f"\n  {key}: " in refuse(changes)


def test_every_mistake_is_told_at_once(refuse: Refuse) -> None:
    message = refuse({"organisation": "x", "removal": "maybe", "stage": ""})

    assert "3 to put right" in message


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ({"data_nodes": 4, "zones": 3}, "data_nodes 4: expected a multiple of zones 3"),
        (
            {"data_nodes": 3, "zones": 3, "standby": True, "replicas": 1},
            "standby: expected zones 3",
        ),
        ({"data_nodes": 1, "replicas": 1}, "expected data_nodes above 1, found 1"),
    ],
)
def test_a_domain_that_the_service_would_refuse_is_refused(
    search: dict[str, Any], expected: str, refuse: Refuse
) -> None:
    assert expected in refuse({"search": search})


def test_an_unknown_dataset_is_named_with_the_nearest(refuse: Refuse) -> None:
    message = refuse({"datasets": {"aws.gardduty": {"period": "day"}}})

    assert "unknown 'aws.gardduty', did you mean 'aws.guardduty'?" in message


def test_a_default_for_datasets_is_needed(refuse: Refuse) -> None:
    assert "expected a default under '*'" in refuse({"datasets": {"*": None}})


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (
            {"datasets": {"*": {"warm_after_days": 120}}},
            "warm, cold, delete: expected growing ages, found [120, 90] days",
        ),
        (
            {"archive": {"glacier_after_days": 90}},
            "infrequent, glacier, expire: expected growing ages, found [90, 30] days",
        ),
    ],
)
def test_ages_follow_each_other(section: dict[str, Any], expected: str, refuse: Refuse) -> None:
    assert expected in refuse(section)


def test_what_a_dataset_leaves_out_it_has_from_the_default(
    load: Callable[[Mapping[str, Any]], DeploymentConfig],
) -> None:
    config = load({"datasets": {"*": {"sink": "direct"}, "aws.guardduty": {"period": "month"}}})

    assert config.datasets["aws.guardduty"].sink == "direct"
    assert config.dataset("pipeline.rejects") == config.datasets["*"]


def rule(**more: Any) -> dict[str, Any]:
    return {"name": "quiet", "action": "drop", "when": {"event.outcome": ["success"]}, **more}


def test_rules_of_the_default_are_not_repeated_by_each_dataset(
    load: Callable[[Mapping[str, Any]], DeploymentConfig],
) -> None:
    config = load({"datasets": {"*": {"rules": [rule()]}, "generic": {"keep_original": True}}})

    assert config.rules == {"*": [rule()]}


def test_a_rule_of_the_file_may_nest_what_dots_part(tmp_path: Path) -> None:
    path = write(tmp_path, "sandbox", {})
    text = """
[[datasets."aws.vpcflow".rules]]
name = "internal"
action = "drop"
when = { event.outcome = ["success"], source.ip = [{ cidr = "10.0.0.0/8" }] }
"""
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    assert list(DeploymentConfig.load(path).rules) == ["aws.vpcflow"]


SECRET = "arn:aws:secretsmanager:us-east-1:111111111111:secret:redaction-AbCdEf"
HASH = {"name": "users", "action": "redact", "mode": "hash", "fields": ["user.name"]}


@pytest.mark.parametrize(
    ("dataset", "given", "said"),
    [
        ("aws.vpcflow", rule(when={"event.outcom": ["success"]}), "did you mean 'event.outcome'"),
        ("aws.vpcflow", rule(when={"event.outcome": ["ok"]}), "expected one of failure, success"),
        ("*", rule(when={"aws.vpcflow.action": ["ACCEPT"]}), "that every dataset has"),
        ("generic", HASH, "mode hash: expected a key, found none"),
        ("pipeline.rejects", rule(), "no rule is asked about a reject"),
    ],
)
def test_a_rule_that_cannot_work_is_named_with_its_dataset(
    dataset: str, given: dict[str, Any], said: str, refuse: Refuse
) -> None:
    message = refuse({"datasets": {dataset: {"rules": [given]}}})

    assert f'datasets."{dataset}".rules' in message
    assert said in message


def test_a_rule_may_hash_once_the_key_is_named(
    load: Callable[[Mapping[str, Any]], DeploymentConfig],
) -> None:
    config = load({"datasets": {"*": {"rules": [HASH]}}, "redaction": {"key_secret": SECRET}})

    assert config.redaction.key_secret == SECRET


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        (SECRET.replace("111111111111", "222222222222"), "expected a secret of 111111111111"),
        (SECRET.replace("us-east-1", "eu-west-1"), "in us-east-1"),
        (SECRET.removesuffix("-AbCdEf"), "redaction.key_secret"),
    ],
)
def test_a_key_that_the_function_could_not_read_is_refused(
    secret: str, said: str, refuse: Refuse
) -> None:
    assert said in refuse({"redaction": {"key_secret": secret}})


def test_a_route_to_an_unknown_source_is_named(refuse: Refuse) -> None:
    assert "vpc_flows" in refuse({"routing": {"/flows/*": "vpc_flows"}})


def test_the_central_account_and_region_are_onboarded_first_and_once(
    load: Callable[[Mapping[str, Any]], DeploymentConfig],
) -> None:
    accounts, regions = ["222222222222", "111111111111"], ["eu-west-1", "us-east-1"]

    config = load({"members": {"accounts": accounts, "regions": regions}})

    assert config.accounts == ("111111111111", "222222222222")
    assert config.regions == ("us-east-1", "eu-west-1")


def test_both_configurations_say_what_they_choose_in_the_same_sections() -> None:
    sections = [
        set(tomllib.loads((CONFIGS / f"{stage}.toml").read_text(encoding="utf-8")))
        for stage in ("sandbox", "production")
    ]

    assert sections[0] == sections[1]


KEY_ARN = "arn:aws:kms:us-east-1:111111111111:key/00000000-0000-4000-a000-000000000000"


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"organisation": {"stale_after_hours": 1, "snapshot_minutes": 60}}, "stale_after_hours 1"),
        ({"organisation": {"enviroment_tags": []}}, "did you mean 'environment_tags'"),
        ({"geo": {"keys": ["enrichment/*"]}}, "enrichment.geo.keys.0"),
        ({"geo": {"key_arn": KEY_ARN}}, "name a bucket as well"),
        ({"indicators": {"bucket": "Not_A_Bucket"}}, "enrichment.indicators.bucket"),
    ],
)
def test_a_mistake_about_enrichment_is_explained(
    section: Mapping[str, Any], said: str, refuse: Refuse
) -> None:
    assert said in refuse({"enrichment": section})


def buckets(*found: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"objects": {"buckets": list(found), **others}}


def test_a_bucket_needs_no_more_than_its_name(
    load: Callable[[Mapping[str, Any]], DeploymentConfig],
) -> None:
    config = load(buckets({"name": "example-org-logs"}, {"name": "b-2", "account": "222222222222"}))

    assert [bucket.prefix for bucket in config.objects.buckets] == ["", ""]
    assert config.bucket_accounts == ("111111111111", "222222222222")
    assert load({}).bucket_accounts == ()


@pytest.mark.parametrize(
    ("section", "regions"),
    [
        ({}, ()),
        ({"buckets": [{"name": "abc"}]}, ()),
        ({"buckets": [{"name": "abc", "region": "eu-west-1"}]}, ("eu-west-1",)),
        ({"buckets": [{"name": "abc", "region": "eu-west-1", "account": "222222222222"}]}, ()),
        ({"central": {"enabled": True}}, ("eu-west-1", "us-east-1")),
        ({"central": {"enabled": True, "services": ["elb"]}}, ("eu-west-1", "us-east-1")),
    ],
)
def test_log_files_take_a_stack_where_there_is_something_to_make(
    section: dict[str, Any],
    regions: tuple[str, ...],
    load: Callable[[Mapping[str, Any]], DeploymentConfig],
) -> None:
    assert load({"objects": section}).log_file_regions == regions


def test_every_bucket_is_read_with_the_account_and_region_that_it_has(
    load: Callable[[Mapping[str, Any]], DeploymentConfig],
) -> None:
    far = {"name": "far", "account": "222222222222", "region": "ap-south-1"}
    config = load(buckets({"name": "near"}, far, central={"enabled": True}))

    assert [(b.name, b.account, b.region) for b in config.log_buckets] == [
        ("near", "111111111111", "us-east-1"),
        ("far", "222222222222", "ap-south-1"),
        ("central-logs-111111111111-us-east-1", "111111111111", "us-east-1"),
        ("central-logs-111111111111-eu-west-1", "111111111111", "eu-west-1"),
    ]
    assert config.bucket_accounts == ("111111111111",)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (buckets({"name": "Example"}), "objects.buckets.0.name: "),
        (buckets({"name": "ab"}), "objects.buckets.0.name: "),
        (buckets({"name": "abc", "prefix": "a*"}), "objects.buckets.0.prefix: "),
        (buckets({"name": "abc", "prefx": "a"}), "did you mean 'prefix'?"),
        (buckets({"name": "abc", "key_arn": "alias/x"}), "objects.buckets.0.key_arn: "),
        (buckets({"name": "abc"}, {"name": "abc"}), "abc/ would be read twice"),
        (
            buckets({"name": "abc", "prefix": "a/"}, {"name": "abc", "prefix": "a/b"}),
            "abc/a/b would be read twice, it lies below abc/a/",
        ),
        (buckets({"name": "abc", "region": "Ireland"}), "objects.buckets.0.region: "),
        (
            buckets({"name": "central-logs-111111111111-us-east-1"}, central={"enabled": True}),
            "central-logs-111111111111-us-east-1 is made and read by objects.central",
        ),
        (buckets(central={"services": []}), "objects.central.services: "),
        (buckets(central={"services": ["waf"]}), "objects.central.services.0: "),
        (buckets(central={"services": ["elb", "elb"]}), "services: named twice: elb"),
        (buckets(central={"expire_after_days": 3_651}), "objects.central.expire_after_days: "),
        (buckets(batch_size=11), "objects.batch_size: "),
        (buckets(batch_size=0), "objects.batch_size: "),
        (buckets(max_concurrency=1), "objects.max_concurrency: "),
        (buckets(max_concurrency=1_001), "objects.max_concurrency: "),
        (buckets(timeout_seconds=59), "objects.timeout_seconds: "),
        (buckets(timeout_seconds=901), "objects.timeout_seconds: "),
        (buckets(attempts=0), "objects.attempts: "),
        (buckets(attempts=1_001), "objects.attempts: "),
    ],
)
def test_log_buckets_that_no_service_would_take_are_refused(
    changes: dict[str, Any], told: str, refuse: Refuse
) -> None:
    assert told in refuse(changes)


def test_the_largest_values_that_the_services_take_load(
    load: Callable[[Mapping[str, Any]], DeploymentConfig],
) -> None:
    largest = buckets(batch_size=10, max_concurrency=1_000, timeout_seconds=900, attempts=1_000)

    assert load(largest).objects.max_concurrency == 1_000


def test_two_prefixes_of_a_bucket_are_read_beside_each_other(
    load: Callable[[Mapping[str, Any]], DeploymentConfig],
) -> None:
    both = buckets({"name": "abc", "prefix": "a/"}, {"name": "abc", "prefix": "b/"})

    assert len(load(both).objects.buckets) == 2


def test_objects_are_routed_by_their_address(
    load: Callable[[Mapping[str, Any]], DeploymentConfig],
) -> None:
    config = load({"routing": {"s3://example-org-logs/edge/*": "cloudfront"}})

    assert config.routing["s3://example-org-logs/edge/*"] == "cloudfront"
