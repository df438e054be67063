"""A function reads the settings that its stack wrote."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.check_log_groups.settings import Settings as CheckSettings
from lambdas.enrol_organisation.settings import Settings as EnrolmentSettings
from lambdas.normalise.settings import Settings as NormaliseSettings
from lambdas.read_objects.settings import Settings as ReadObjectsSettings
from lambdas.search_setup.settings import Settings as SearchSetupSettings
from lambdas.settings import EnvSettings

names = st.text(max_size=20)
delivery: dict[str, st.SearchStrategy[Any]] = {
    "delivery_stream": names,
    "endpoint": names,
    "index": names,
    "sinks": st.dictionaries(names, st.sampled_from(["firehose", "direct"])),
    "reject_bucket": names,
    "reject_prefix": names,
    "keep_original": st.lists(names).map(tuple),
    "overrides": st.dictionaries(names, names),
    "source_options": st.dictionaries(names, st.dictionaries(names, st.lists(names))),
    "rules_file": names,
    "redaction_key": names,
    "enrichers": st.lists(names).map(tuple),
    "enrichment_objects": st.dictionaries(names, st.lists(names)),
    "environment_tags": st.lists(names).map(tuple),
    "owner_tags": st.lists(names).map(tuple),
    "refresh_seconds": st.integers(),
    "stale_after_seconds": st.integers(),
}
normalise = st.builds(NormaliseSettings, **delivery)
read_objects = st.builds(
    ReadObjectsSettings, **delivery, queue_url=names, reserve_seconds=st.integers()
)
search_setup = st.builds(
    SearchSetupSettings,
    endpoint=names,
    master_role_arn=names,
    setup_role_arn=names,
    writer_role_arns=st.lists(names).map(tuple),
    analysts=st.lists(names).map(tuple),
    authors=st.lists(names).map(tuple),
    break_glass=st.lists(names).map(tuple),
    identity_pool=names,
    guest_role_arn=names,
    index=names,
    periods=st.dictionaries(names, names),
    retention_days=st.dictionaries(names, st.dictionaries(names, st.integers())),
    shards=st.integers(),
    replicas=st.integers(),
)

enrol = st.builds(EnrolmentSettings, account=names, when_removed=names)

check_log_groups = st.builds(
    CheckSettings, door_arn=names, reader_role=names, excluded=st.lists(names).map(tuple)
)


@given(st.one_of(check_log_groups, enrol, normalise, read_objects, search_setup))
def test_settings_survive_the_environment(settings: EnvSettings) -> None:
    assert type(settings).from_env(settings.to_env()) == settings


@given(normalise)
def test_variables_are_text_named_like_their_fields(settings: NormaliseSettings) -> None:
    variables = settings.to_env()

    assert all(isinstance(value, str) for value in variables.values())
    assert variables["DELIVERY_STREAM"] == settings.delivery_stream


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(KeyError, match="DELIVERY_STREAM"):
        NormaliseSettings.from_env({})
