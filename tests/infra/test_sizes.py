"""Three sizes: what differs is on the page, what holds something goes or stays as its size says."""

from collections.abc import Mapping
from typing import Any

import pytest

from app import ROOT
from infra.config import DeploymentConfig, config_path, dataset_names
from infra.config.shard_budget import shards_in_the_end
from infra.sizes import STATEFUL, WITHIN, WITHOUT_SIZE, drivers
from infra.sizes_table import SIZES, markdown
from tests.infra.deployment import Deployment

PAGE = ROOT / "docs" / "deploy" / "sizes.md"

MEMORY_GIB = {"t3.medium.search": 4, "r7g.medium.search": 8, "r7g.large.search": 16}

RETAINED_BY = {"sandbox": "Delete", "small": "Retain", "production": "Retain", "options": "Retain"}


def bodies(deployment: Deployment) -> dict[str, Mapping[str, Any]]:
    return {name: template.body for name, template in deployment.templates.items()}


def test_the_page_is_what_the_templates_say(
    sandbox: Deployment, small: Deployment, production: Deployment
) -> None:
    deployed = dict(zip(SIZES, map(bodies, (sandbox, small, production)), strict=True))

    assert PAGE.read_text(encoding="utf-8") == markdown(deployed), "run `make reference`"


@pytest.mark.parametrize("size", RETAINED_BY)
def test_everything_that_holds_something_follows_its_size(
    size: str, request: pytest.FixtureRequest
) -> None:
    deployment: Deployment = request.getfixturevalue(size)

    found = {
        (resource["Type"], resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy"))
        for template in deployment.templates.values()
        for resource in template.body["Resources"].values()
        if resource["Type"] in STATEFUL
    }

    policy = RETAINED_BY[size]
    made = {kind for kind in STATEFUL if "Cognito" not in kind or size == "options"}
    assert found == {(kind, policy, policy) for kind in made}


def test_every_kind_with_a_deletion_policy_is_on_the_page(any_deployment: Deployment) -> None:
    kinds = {
        resource["Type"]
        for template in any_deployment.templates.values()
        for resource in template.body["Resources"].values()
        if "DeletionPolicy" in resource and resource["Type"].startswith("AWS::")
    }

    assert kinds - {*STATEFUL, *WITHOUT_SIZE, *WITHIN} == set()


def test_every_node_and_hour_is_counted(production: Deployment) -> None:
    assert drivers(bodies(production)) == {
        "hours of r7g.large.search": 3 * 730,
        "hours of m7g.large.search": 3 * 730,
        "hours of ultrawarm1.medium.search": 3 * 730,
        "GiB of gp3": 3 * 500,
        "hours of an on-demand stream": 730,
        "hours of extended retention": 168 - 24,
        "customer-managed keys": 1,
    }


def test_an_endpoint_is_counted_in_each_of_its_subnets(sandbox: Deployment) -> None:
    endpoint = {"Type": "AWS::EC2::VPCEndpoint", "Properties": {"SubnetIds": ["a", "b"]}}
    stacks = {**bodies(sandbox), "network": {"Resources": {"One": endpoint, "Two": endpoint}}}

    assert drivers(stacks)["endpoint hours"] == 4 * 730


def test_nodes_of_one_type_are_added_whatever_they_are_for(sandbox: Deployment) -> None:
    cluster = {
        "InstanceType": "r7g.large.search",
        "InstanceCount": 3,
        "DedicatedMasterEnabled": True,
        "DedicatedMasterType": "r7g.large.search",
        "DedicatedMasterCount": 3,
    }
    properties = {"ClusterConfig": cluster, "EBSOptions": {"VolumeSize": 20}}
    domain = {"Type": "AWS::OpenSearchService::Domain", "Properties": properties}
    pipeline = bodies(sandbox)["pipeline"]

    found = drivers({"search": {"Resources": {"Domain": domain}}, "pipeline": pipeline})

    assert found["hours of r7g.large.search"] == 6 * 730


@pytest.mark.parametrize("size", SIZES)
def test_shards_stay_within_what_the_heap_carries(size: str) -> None:
    """25 shards for each GiB of heap, which is half of a node's memory, 32 GiB at most.

    Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/bp-sharding.html
    """
    config = DeploymentConfig.load(config_path(size))

    total = shards_in_the_end(map(config.dataset, dataset_names()), config.search)

    heap_gib = MEMORY_GIB[config.search.instance_type] // 2
    assert total <= 25 * heap_gib * config.search.data_nodes
