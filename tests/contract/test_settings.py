"""A function reads the settings that its stack wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.normalise.settings import Settings as NormaliseSettings
from lambdas.search_setup.settings import Settings as SearchSetupSettings
from lambdas.settings import EnvSettings
from tests.infra.deployment import Deployment, flat

names = st.text(st.characters(codec="utf-8"), max_size=20)

FUNCTIONS = [("Normalise", NormaliseSettings), ("SearchSetup", SearchSetupSettings)]


@given(
    st.builds(
        NormaliseSettings,
        sinks=st.dictionaries(names, st.sampled_from(["firehose", "direct"])),
        keep_original=st.lists(names).map(tuple),
        overrides=st.dictionaries(names, names),
        source_options=st.dictionaries(names, st.dictionaries(names, st.lists(names))),
    )
)
def test_settings_survive_the_environment(settings: NormaliseSettings) -> None:
    assert NormaliseSettings.from_env(settings.to_env()) == settings


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(KeyError, match="DELIVERY_STREAM"):
        NormaliseSettings.from_env({})


@pytest.mark.parametrize(("function", "settings"), FUNCTIONS)
def test_a_function_gets_exactly_its_settings(
    function: str, settings: type[EnvSettings], deployment: Deployment
) -> None:
    pipeline = deployment.stack("pipeline")
    given = pipeline.one("AWS::Lambda::Function", below=f"{function}Function")
    environment = {k: flat(v) for k, v in given["Environment"]["Variables"].items()}

    read = settings.from_env(environment)

    assert read.to_env() == environment
    assert sum(len(k) + len(v) for k, v in environment.items()) < 4_096  # Lambda's limit


def test_the_function_sends_each_dataset_to_its_configured_sink(production: Deployment) -> None:
    pipeline = production.stack("pipeline")
    given = pipeline.one("AWS::Lambda::Function", below="NormaliseFunction")
    read = NormaliseSettings.from_env(
        {k: flat(v) for k, v in given["Environment"]["Variables"].items()}
    )

    assert read.sinks["aws.vpcflow"] == "direct"
    assert read.sinks["*"] == "firehose"
    assert (read.index, read.reject_prefix) == ("logs-inbox", "rejects/")
    assert read.delivery_stream == "<DeliveryStreamDeliveryA396167E>"


def test_setup_is_told_each_datasets_period_and_age(production: Deployment) -> None:
    pipeline = production.stack("pipeline")
    given = pipeline.one("AWS::Lambda::Function", below="SearchSetupFunction")
    read = SearchSetupSettings.from_env(
        {k: flat(v) for k, v in given["Environment"]["Variables"].items()}
    )

    assert read.periods["aws.guardduty"] == "month"
    assert read.retention_days["aws.guardduty"] == {"warm": 0, "cold": 0, "delete": 400}
    assert (read.shards, read.replicas) == (1, 2)
    assert read.analyst_role_arns == ("arn:aws:iam::111111111111:role/LogAnalyst",)
