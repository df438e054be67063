"""The demonstration knows what the deployment's rules drop, and counts it apart."""

import tomllib
from typing import Any

from infra.config import DeploymentConfig
from local.demo.dropped import dropped
from local.deploy.config import SANDBOX
from local.story.day import day

STORY = day(1_795_000_000_000)


def config(*rules: dict[str, Any]) -> DeploymentConfig:
    given = tomllib.loads(SANDBOX.read_text(encoding="utf-8"))
    given["datasets"]["aws.vpcflow"]["rules"] = list(rules)
    return DeploymentConfig.model_validate(given)


def test_the_sandbox_drops_nothing() -> None:
    assert dropped(STORY, DeploymentConfig.load(SANDBOX)) == []


def test_what_a_rule_drops_is_told_entry_by_entry() -> None:
    when = {"event.outcome": ["success"]}
    found = dropped(STORY, config({"name": "accepted", "action": "drop", "when": when}))

    accepted = [e for e in STORY if e.dataset == "aws.vpcflow" and " ACCEPT OK" in repr(e)]
    assert found == accepted
    assert accepted


def test_a_rule_that_is_only_counted_drops_nothing() -> None:
    rule = {"name": "all", "action": "drop", "when": "always", "dry_run": True}

    assert dropped(STORY, config(rule)) == []
