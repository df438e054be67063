"""Every option that brings stacks of its own is deployed, lets lines through, and goes again."""

import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

from infra.config import DeploymentConfig
from infra.delegation import commands
from local.aws.organizations import unit_id
from local.deploy.organisation import MANAGEMENT_ACCOUNT
from local.story.entry import Place
from tests.e2e_local.inventory import Thing
from tests.e2e_local.life import Life, begin
from tests.local.aws_command import shell

WORKLOADS: Final = unit_id("Workloads")

IN_EVERY_REGION: Final[dict[str, Any]] = {
    "access": {
        "analysts": [],
        "authors": [],
        "break_glass": {
            "principals": ["arn:aws:iam::111111111111:user/on-call"],
            "notify": ["security@example.com"],
        },
    },
    "hosts": {"enabled": True, "hybrid_accounts": "all"},
    "objects": {"central": {"enabled": True}},
    "organisation_sources": {
        "management_account": MANAGEMENT_ACCOUNT,
        "when_removed": "switch_off",
        "trail": {
            "enabled": True,
            "bucket": "example-org-trail",
            "insights": ["ApiCallRateInsight"],
        },
        "guardduty": {"enabled": True, "features": {"S3_DATA_EVENTS": "ALL"}},
        "security_hub": {"enabled": True, "targets": [WORKLOADS]},
        "inspector": {"enabled": True},
        "config": {"enabled": True},
        "telemetry": {"kinds": ["vpc_flow", "resolver_queries", "waf", "nlb", "eks"]},
    },
    "self_service": {
        "units": [WORKLOADS],
        "principals": ["arn:aws:iam:::role/developers-*"],
        "tag_options": {"environment": ["production", "staging"]},
        "rules": {"key_alias": "alias/log-groups"},
    },
}
"""Sections by name, as the file of a configuration has them."""

IN_A_VPC: Final[dict[str, Any]] = {
    name: section for name, section in IN_EVERY_REGION.items() if name != "objects"
} | {"network": {"cidr": "10.20.0.0/22"}}
"""The same where functions are in a VPC, which reaches buckets of its own region only."""

STACKS: Final = {
    "every region": {"files", "log-group-check", "log-group-rules", "self-service", "sources"},
    "a VPC": {"network", "log-group-check", "log-group-rules", "self-service", "sources"},
}
"""Beginnings of the names of stacks that options bring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was seen.

    Attributes:
        life: What was written, and where.
        options: The key of ``STACKS``.
        stacks: Names of the stacks of the central account.
        arrived: Lines that the index had.
        refused: What the cloud declined to deliver.
        destroyed: The command that ended it.
        left: What is in the accounts after it, and was not before.
    """

    life: Life
    options: str
    stacks: list[str]
    arrived: Counter[tuple[Place, str]]
    refused: list[dict[str, Any]]
    destroyed: subprocess.CompletedProcess[str]
    left: frozenset[Thing]


@pytest.fixture(scope="module", params=[("every region", IN_EVERY_REGION), ("a VPC", IN_A_VPC)])
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
    options, sections = request.param
    with begin(tmp_path_factory.mktemp("options"), "subscribe") as life:
        config = DeploymentConfig.load(life.configure(lambda given: given.update(sections)))
        for command in commands(config):
            shell(life.cloud, MANAGEMENT_ACCOUNT, command)
        life.deploy(lambda given: given.update(sections))
        life.put_everywhere("with every option")
        yield Told(
            life=life,
            options=options,
            arrived=life.settled(),
            refused=life.cloud.refused(),
            stacks=[stack for _region, stack in life.stacks()],
            destroyed=life.destroy(),
            left=life.left(),
        )


def test_each_option_has_brought_its_stacks(told: Told) -> None:
    for begins in STACKS[told.options]:
        assert [stack for stack in told.stacks if stack.startswith(f"CentralLogs-sandbox-{begins}")]


def test_lines_of_every_account_and_region_arrive_once(told: Told) -> None:
    assert told.arrived == told.life.written
    assert told.refused == []


def test_nothing_is_left_of_any_option(told: Told) -> None:
    assert told.destroyed.returncode == 0, told.destroyed.stdout + told.destroyed.stderr
    assert sorted(told.left) == []
