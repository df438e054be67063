"""Each function is deployed with exactly the settings that it reads."""

import pytest

from lambdas.normalise.settings import Settings as NormaliseSettings
from lambdas.search_setup.settings import Settings as SearchSetupSettings
from lambdas.settings import EnvSettings
from lambdas.snapshot_organisation.settings import Settings as SnapshotSettings
from tests.infra.deployment import Deployment, flat

FUNCTIONS = [
    ("Normalise", NormaliseSettings),
    ("Organisation", SnapshotSettings),
    ("SearchSetup", SearchSetupSettings),
]


def variables(deployment: Deployment, function: str) -> dict[str, str]:
    found = deployment.stack("pipeline").one("AWS::Lambda::Function", below=f"{function}Function")
    return {name: flat(value) for name, value in found["Environment"]["Variables"].items()}


@pytest.mark.parametrize(("function", "settings"), FUNCTIONS)
def test_a_function_gets_exactly_its_settings(
    function: str, settings: type[EnvSettings], deployment: Deployment
) -> None:
    environment = variables(deployment, function)

    read = settings.from_env(environment)

    assert read.to_env() == environment
    assert sum(len(k) + len(v) for k, v in environment.items()) < 4_096  # Lambda's limit


def test_the_function_sends_each_dataset_to_its_configured_sink(production: Deployment) -> None:
    read = NormaliseSettings.from_env(variables(production, "Normalise"))

    assert read.sinks["aws.vpcflow"] == "direct"
    assert read.sinks["*"] == "firehose"
    assert (read.index, read.reject_prefix) == ("logs-inbox", "rejects/")
    assert read.delivery_stream == "<DeliveryStreamDeliveryA396167E>"


def test_setup_is_told_the_age_of_the_shared_index(sandbox: Deployment) -> None:
    read = SearchSetupSettings.from_env(variables(sandbox, "SearchSetup"))

    assert read.periods["*"] == "shared"
    assert read.retention_days["shared"] == {"warm": 0, "cold": 0, "delete": 90}


def test_setup_is_told_each_datasets_period_and_age(production: Deployment) -> None:
    read = SearchSetupSettings.from_env(variables(production, "SearchSetup"))

    assert read.periods["aws.guardduty"] == "month"
    assert read.retention_days["aws.guardduty"] == {"warm": 0, "cold": 0, "delete": 400}
    assert (read.shards, read.replicas) == (1, 2)
    assert read.analysts == ("arn:aws:iam::111111111111:role/LogAnalyst",)
