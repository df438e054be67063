"""What the setup puts into OpenSearch: templates, the pipeline, retention and roles, as data."""

from dataclasses import replace
from typing import Any

import pytest

from lambdas.search_setup import ingest, retention, roles, templates
from lambdas.search_setup.settings import Settings
from logcore.fields import source_fields
from logcore.identity import LONGEST_ID
from logcore.registry import REJECTS, SOURCES
from logcore.source import SHARED_HOME, Source

ROLE = "arn:aws:iam::111111111111:role/"
SETTINGS = Settings(
    endpoint="https://search.example.com",
    master_role_arn=f"{ROLE}master",
    setup_role_arn=f"{ROLE}setup",
    writer_role_arns=(f"{ROLE}normalise", f"{ROLE}delivery"),
    analysts=(f"{ROLE}analyst",),
    authors=(f"{ROLE}author",),
    break_glass=(f"{ROLE}break-glass",),
    identity_pool="",
    guest_role_arn="",
    index="logs-inbox",
    periods={"*": "day", "aws.guardduty": "month"},
    retention_days={"*": {"warm": 7, "cold": 30, "delete": 90}, REJECTS: {"delete": 14}},
    shards=2,
    replicas=1,
)


def leaves(properties: dict[str, Any]) -> int:
    """Mapped fields, objects included: what OpenSearch's limit counts."""
    return sum(1 + leaves(value.get("properties", {})) for value in properties.values())


def test_settings_survive_the_environment() -> None:
    assert Settings.from_env(SETTINGS.to_env()) == SETTINGS


def test_every_source_and_the_rejects_have_a_template() -> None:
    assert templates.datasets() == (*(source.dataset for source in SOURCES), REJECTS)


@pytest.mark.parametrize("home", templates.homes())
def test_mapped_fields_stay_below_the_limit_of_the_index(home: str) -> None:
    base = templates.base_template(SETTINGS)["template"]
    template = templates.index_template(home)["template"]
    limit = {**base["settings"], **template["settings"]}["index.mapping.total_fields.limit"]

    both = leaves(base["mappings"]["properties"]) + leaves(template["mappings"]["properties"])
    assert both <= limit


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_shared_index_maps_every_field_that_a_source_declares(source: Source) -> None:
    together = templates.own_mappings()[SHARED_HOME]

    for field in source_fields(source.name):
        node: dict[str, Any] = {"properties": together}
        for name in field.name.split("."):
            node = node["properties"][name]
        assert node["type"] == field.type


def test_no_dataset_is_named_so_that_shared_indices_would_look_like_its_own() -> None:
    names = [dataset.split("-")[0] for dataset in templates.datasets()]

    assert SHARED_HOME not in names


def test_the_longest_id_fits_behind_the_longest_name_of_a_dataset() -> None:
    longest = max(len(f"{dataset}:".encode()) for dataset in templates.datasets())

    assert longest + LONGEST_ID <= 512  # what OpenSearch takes


def test_what_is_not_declared_is_not_indexed_and_what_is_malformed_costs_only_itself() -> None:
    template = templates.base_template(SETTINGS)["template"]

    assert template["mappings"]["dynamic"] is False
    assert template["settings"]["index.mapping.ignore_malformed"] is True


def test_a_template_matches_its_own_indices_only() -> None:
    patterns = [templates.index_template(home)["index_patterns"] for home in templates.homes()]

    assert patterns == [[f"logs-{home}-*"] for home in (*templates.datasets(), "shared")]


def test_identity_comes_before_the_way_home() -> None:
    kinds = [next(iter(p)) for p in ingest.pipeline(SETTINGS)["processors"]]

    assert kinds == ["fail", "fail", "set", "set", "date_index_name", "date_index_name"]


def test_each_dataset_has_one_period() -> None:
    routes = [
        p["date_index_name"]
        for p in ingest.pipeline(SETTINGS)["processors"]
        if "date_index_name" in p
    ]
    routed = {
        dataset: route["date_rounding"]
        for route in routes
        for dataset in templates.datasets()
        if f"'{dataset}'" in route["if"]
    }

    assert routed == {d: "M" if d == "aws.guardduty" else "d" for d in templates.datasets()}


def test_datasets_that_share_have_one_route_and_their_name_before_the_id() -> None:
    both = replace(SETTINGS, periods={"*": "shared", "aws.guardduty": "day"})
    processors = ingest.pipeline(both)["processors"]
    *_, day, shared = (p["date_index_name"] for p in processors if "date_index_name" in p)
    _plain, named, _ingested = (p["set"] for p in processors if "set" in p)

    assert day["if"] == "['aws.guardduty'].contains(ctx.event?.dataset)"
    assert (shared["index_name_prefix"], shared["index_name_format"]) == ("logs-shared-", "yyyy.MM")
    assert named["value"] == "{{{event.dataset}}}:{{{event.id}}}"
    assert named["if"] == shared["if"]
    assert "aws.guardduty" not in shared["if"]


def test_a_period_that_nobody_has_needs_no_processor() -> None:
    only_days = replace(SETTINGS, periods={"*": "day"})
    routes = [p for p in ingest.pipeline(only_days)["processors"] if "date_index_name" in p]

    assert len(routes) == 1


def test_an_index_passes_its_stages_in_order_and_by_age() -> None:
    policy = retention.policy("aws.cloudtrail", SETTINGS)["policy"]

    assert [state["name"] for state in policy["states"]] == ["hot", "warm", "cold", "delete"]
    assert [state["transitions"] for state in policy["states"]] == [
        [{"state_name": "warm", "conditions": {"min_index_age": "7d"}}],
        [{"state_name": "cold", "conditions": {"min_index_age": "30d"}}],
        [{"state_name": "delete", "conditions": {"min_index_age": "90d"}}],
        [],
    ]


def test_an_index_in_cold_storage_is_deleted_there() -> None:
    states = retention.policy("aws.cloudtrail", SETTINGS)["policy"]["states"]

    assert states[-1]["actions"] == [{"cold_delete": {}}]


def test_a_stage_that_is_left_out_is_skipped() -> None:
    policy = retention.policy(REJECTS, SETTINGS)["policy"]

    assert [state["name"] for state in policy["states"]] == ["hot", "delete"]
    assert policy["states"][-1]["actions"] == [{"delete": {}}]


def test_a_dataset_that_is_kept_for_ever_has_one_stage() -> None:
    kept = replace(SETTINGS, retention_days={"*": {"delete": 0}})

    assert [s["name"] for s in retention.policy("generic", kept)["policy"]["states"]] == ["hot"]


def test_the_shared_index_has_the_policy_of_its_own_ages() -> None:
    aged = replace(SETTINGS, retention_days={"*": {"delete": 31}, "shared": {"delete": 90}})
    policy = retention.policy(SHARED_HOME, aged)["policy"]

    assert policy["ism_template"][0]["index_patterns"] == ["logs-shared-*"]
    assert policy["states"][0]["transitions"][0]["conditions"] == {"min_index_age": "90d"}


def test_policies_cover_exactly_their_datasets_indices() -> None:
    (template,) = retention.policy("generic", SETTINGS)["policy"]["ism_template"]

    assert template["index_patterns"] == ["logs-generic-*"]


def test_iam_roles_get_their_role_and_the_servers_own_when_it_has_one() -> None:
    mapped = roles.mappings(SETTINGS, {"kibana_user", "all_access"})

    assert mapped == {
        "logs_writer": [f"{ROLE}normalise", f"{ROLE}delivery"],
        "logs_analyst": [f"{ROLE}analyst", f"{ROLE}author"],
        "logs_author": [f"{ROLE}author"],
        "logs_break_glass": [f"{ROLE}break-glass"],
        "logs_setup": [f"{ROLE}setup"],
        "kibana_user": [
            f"{ROLE}analyst",
            f"{ROLE}author",
            f"{ROLE}break-glass",
            f"{ROLE}setup",
        ],
    }


def test_a_group_is_mapped_beside_roles_of_iam() -> None:
    settings = replace(SETTINGS, analysts=("log-analysts", f"{ROLE}analyst"), authors=())

    mapped = roles.mappings(settings, ())

    assert mapped["logs_analyst"] == ["log-analysts", f"{ROLE}analyst"]
