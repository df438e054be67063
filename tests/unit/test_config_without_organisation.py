"""A deployment may have no organisation; what only one gives is refused by name."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.config import DeploymentConfig
from infra.errors import ConfigError
from infra.senders import Senders
from tests.unit.test_config import write

ALONE = {"organisation": None}
TRAIL = "arn:aws:cloudtrail:us-east-1:777777777777:trail/example"
UNITS = {"accounts": None, "units": ["ou-ab12-1a2b3c4d", "ou-ab12-2a2b3c4d"]}
OFFERED = {"units": ["r-ab12"], "principals": ["arn:aws:iam:::role/developers-*"]}
GUARDDUTY = {"guardduty": {"enabled": True}}
EXISTING = {"trail": {"enabled": True, "bucket": "example-trail", "existing": TRAIL}}

type Load = Callable[[Mapping[str, Any]], DeploymentConfig]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads a shipped configuration without its organisation, and with further changes."""

    def loading(changes: Mapping[str, Any], stage: str = "sandbox") -> DeploymentConfig:
        return DeploymentConfig.load(write(tmp_path, stage, {**ALONE, **changes}))

    return loading


@pytest.mark.parametrize("stage", ["sandbox", "small", "production"])
def test_every_size_loads_without_one(tmp_path: Path, stage: str) -> None:
    config = DeploymentConfig.load(write(tmp_path, stage, ALONE))

    assert config.organisation is None
    assert not config.enrichment.organisation.enabled


def test_those_may_send_that_the_deployment_onboards(load: Load) -> None:
    accounts = ["444444444444", "222222222222"]
    buckets = [{"name": "example-logs", "account": "999999999999"}]

    config = load({"members": {"accounts": accounts}, "objects": {"buckets": buckets}})

    assert config.senders == Senders(accounts=("111111111111", "222222222222", "444444444444"))


def test_an_organisation_admits_all_of_its_accounts(tmp_path: Path) -> None:
    config = DeploymentConfig.load(write(tmp_path, "sandbox", {}))

    assert config.senders == Senders("o-exampleorgid")
    assert config.enrichment.organisation.enabled


def test_the_central_account_alone_may_send_to_itself(load: Load) -> None:
    assert load({"members": {"accounts": []}}).senders == Senders(accounts=("111111111111",))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"members": UNITS}, "members.units ou-ab12-1a2b3c4d"),
        ({"members": {"mode": "centralise"}}, "members.mode 'centralise'"),
        ({"members": {"parallel": True}}, "members.parallel = true"),
        ({"self_service": OFFERED}, "self_service.units r-ab12"),
        ({"organisation_sources": GUARDDUTY}, "organisation_sources (guardduty)"),
        ({"organisation_sources": EXISTING}, "organisation_sources (trail)"),
        (
            {"enrichment": {"organisation": {"enabled": True}}},
            "enrichment.organisation.enabled = true",
        ),
    ],
)
def test_what_needs_an_organisation_is_refused_by_name(
    load: Load, changes: dict[str, Any], named: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        load(changes)

    assert f"{named}: expected organisation = 'o-…' for it, found none" in str(refused.value)


def test_all_of_it_is_named_at_once(load: Load) -> None:
    with pytest.raises(ConfigError) as refused:
        load({"members": UNITS, "self_service": OFFERED, "organisation_sources": GUARDDUTY})

    assert (
        "members.units ou-ab12-1a2b3c4d; self_service.units r-ab12; "
        "organisation_sources (guardduty): expected organisation = 'o-…' for each of them"
    ) in str(refused.value)


def test_other_choices_about_names_are_kept(load: Load) -> None:
    enrichment = {"related": False, "organisation": {"stale_after_hours": 12}}

    config = load({"enrichment": enrichment})

    assert not config.enrichment.related
    assert config.enrichment.organisation.stale_after_hours == 12


@pytest.mark.parametrize("value", ["yes", {"organisation": "yes"}])
def test_a_section_that_is_none_is_refused_as_what_it_is(load: Load, value: object) -> None:
    with pytest.raises(ConfigError, match=r"enrichment.*found 'yes'"):
        load({"enrichment": value})


def test_hosts_outside_aws_are_registered_in_listed_accounts(load: Load) -> None:
    hosts = {"enabled": True, "hybrid_accounts": ["555555555555"]}

    with pytest.raises(ConfigError, match=r"hosts.hybrid_accounts: expected members"):
        load({"hosts": hosts})


def test_who_asks_for_the_id_where_there_is_none_is_told(load: Load) -> None:
    with pytest.raises(ConfigError, match="organisation: expected one, 'o-…', found none"):
        load({}).the_organisation  # noqa: B018  asking is what is refused
