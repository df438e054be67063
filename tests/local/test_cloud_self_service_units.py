"""A deployment with self-service: every account of the units gets roles and rules as it joins."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.config import DeploymentConfig
from infra.names import LOG_GROUP_RULES, READ_LOG_GROUPS_ROLE, SELF_SERVICE_ROLES
from infra.stacks.log_group_rules import LogGroupRulesStack
from infra.stacks.self_service import PortfolioStack, SelfServiceUnitsStack
from infra.stacks.self_service_roles import SelfServiceRolesStack
from local.aws.process import LocalCloud, free_port
from local.aws.settings import Settings
from tests.local.organisation import (
    INSIDE,
    MANAGEMENT,
    OUTSIDE,
    UNITS,
    WORKLOADS,
    Organisation,
    app,
    place,
)
from tests.unit.test_config import write

HOME, IRELAND = "us-east-1", "eu-west-1"
ROLES = {
    "central-logs-launch-application",
    "central-logs-launch-baseline",
    READ_LOG_GROUPS_ROLE,
}


@pytest.fixture
def organisation(tmp_path: Path) -> Iterator[Organisation]:
    accounts = {id_: {"name": f"a{id_}", "unit": unit, "tags": {}} for id_, unit in UNITS.items()}
    settings = Settings(
        port=free_port(), organisation=json.dumps(accounts), management_account=MANAGEMENT
    )
    with LocalCloud(tmp_path / "cloud.log", settings) as cloud:
        yield Organisation(cloud, tmp_path)


@pytest.fixture
def config(tmp_path: Path) -> DeploymentConfig:
    section = {
        "units": [WORKLOADS],
        "principals": ["arn:aws:iam:::role/developers-*"],
        "tag_options": {"environment": ["production"]},
        "rules": {"key_alias": "alias/log-groups"},
    }
    return DeploymentConfig.load(write(tmp_path, "sandbox", {"self_service": section}))


def roles(organisation: Organisation, account: str) -> set[str]:
    found = organisation.cloud.client("iam", account).list_roles()["Roles"]
    return {role["RoleName"] for role in found} & ROLES


def stacks(organisation: Organisation, account: str, region: str) -> set[str]:
    """Which of the two StackSets has a stack there."""
    api = organisation.cloud.client("cloudformation", account, region)
    names = [stack["StackName"] for stack in api.describe_stacks()["Stacks"]]
    return {s for s in (SELF_SERVICE_ROLES, LOG_GROUP_RULES) if any(s in name for name in names)}


def test_accounts_of_the_units_get_roles_and_rules_as_they_join(
    organisation: Organisation, config: DeploymentConfig
) -> None:
    organisation.delegate()
    home = place(HOME)
    organisation.put(SelfServiceRolesStack(app(), "Roles", config=config, env=home), HOME)
    for region in (HOME, IRELAND):
        there, left_out = place(region), ["/central-logs/normalise"]
        portfolio = PortfolioStack(
            app(), f"Portfolio-{region}", config=config, left_out=left_out, env=there
        )
        organisation.put(portfolio, region)
        rules = LogGroupRulesStack(app(), f"Rules-{region}", config=config, env=there)
        organisation.put(rules, region)
    organisation.put(SelfServiceUnitsStack(app(), "Units", config=config, env=home), HOME)

    for account in INSIDE:
        assert roles(organisation, account) == ROLES
        assert stacks(organisation, account, HOME) == {SELF_SERVICE_ROLES, LOG_GROUP_RULES}
        assert stacks(organisation, account, IRELAND) == {LOG_GROUP_RULES}
    assert roles(organisation, OUTSIDE) == set()

    organisation.move(OUTSIDE, WORKLOADS)

    assert roles(organisation, OUTSIDE) == ROLES
    assert stacks(organisation, OUTSIDE, IRELAND) == {LOG_GROUP_RULES}
