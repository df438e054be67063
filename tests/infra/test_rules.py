"""A deployment's rules travel in the function's bundle, however many they are."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from infra.bundle import code_only
from infra.config import config_path
from lambdas.delivery.deployed_rules import deployed_rules
from lambdas.normalise.settings import Settings
from tests.infra.deployment import Deployment, flat, synthesise

SECRET = "arn:aws:secretsmanager:us-east-1:111111111111:secret:redaction-AbCdEf"
HASH = {"name": "users", "action": "redact", "mode": "hash", "fields": ["user.name"]}
MANY = [
    {"name": f"rule-{n}", "action": "drop", "when": {"source.port": [n + 1]}} for n in range(300)
]


def configured(folder: Path, datasets: dict[str, Any]) -> str:
    given = tomllib.loads(config_path("sandbox").read_text(encoding="utf-8"))
    for name, rules in datasets.items():
        given["datasets"].setdefault(name, {})["rules"] = rules
    path = folder / "with-rules.toml"
    path.write_text(tomli_w.dumps(given | {"redaction": {"key_secret": SECRET}}), encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ruled")


@pytest.fixture(scope="module")
def ruled(folder: Path) -> Iterator[Deployment]:
    path = configured(folder, {"aws.vpcflow": MANY, "*": [HASH]})
    with synthesise(path, code_only(folder)) as deployment:
        yield deployment


def environment(deployment: Deployment) -> dict[str, str]:
    function = deployment.stack("pipeline").one("AWS::Lambda::Function", below="NormaliseFunction")
    return {name: flat(value) for name, value in function["Environment"]["Variables"].items()}


def test_rules_beyond_four_kilobytes_leave_the_environment_small(ruled: Deployment) -> None:
    variables = environment(ruled)

    assert len(json.dumps(MANY)) > 4 * 4_096
    assert sum(len(name) + len(value) for name, value in variables.items()) < 4_096


def test_the_function_finds_the_rules_of_the_configuration_in_its_bundle(
    ruled: Deployment, folder: Path
) -> None:
    settings = Settings.from_env(environment(ruled))
    bundle = folder / "functions" / "normalise"

    rules = deployed_rules(settings.rules_file, SECRET.encode(), bundle)

    assert json.loads((bundle / settings.rules_file).read_bytes()) == ruled.config.rules
    assert rules.of("aws.vpcflow")
    assert rules.of("generic")


def test_the_function_may_read_the_key_and_no_other_secret(
    ruled: Deployment, sandbox: Deployment
) -> None:
    def secrets(deployment: Deployment) -> set[tuple[str, str]]:
        allowed = deployment.stack("pipeline").allowed("NormaliseFunctionRole")
        return {pair for pair in allowed if pair[0].startswith("secretsmanager:")}

    assert secrets(ruled) == {("secretsmanager:GetSecretValue", SECRET)}
    assert secrets(sandbox) == set()


def test_without_rules_the_settings_name_no_file(sandbox: Deployment) -> None:
    settings = Settings.from_env(environment(sandbox))

    assert (settings.rules_file, settings.redaction_key) == ("", "")
