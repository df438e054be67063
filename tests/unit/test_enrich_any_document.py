"""Whatever a document or what is looked up holds, an enricher adds soundly or leaves it alone."""

from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logcore.enrichment.enricher import Counted, Enrich
from logcore.enrichment.geo import Locate
from logcore.enrichment.indicator_lists import read_list
from logcore.enrichment.indicator_match import MatchIndicators
from logcore.enrichment.organisation import NameAccounts, Organisation, TagKeys
from logcore.enrichment.related import complete_related
from logcore.enrichment.user_agent import enrich_user_agent
from logcore.errors import ReferenceDataError
from logcore.fields import shared_fields
from logcore.normalise import Normaliser
from logcore.record import Accepted, Document, LogRecord, Origin
from logcore.registry import SOURCES
from logcore.routing import Routing
from tests.sources.case_files import declared
from tests.sources.soundness import faults

ORIGIN = Origin(transport="cloudwatch_logs", account="222222222222", log_group="/aws/vpc/flow")
FLOW = (
    "2 222222222222 eni-1 192.0.2.10 203.0.113.66 43416 443 6 8 568 1772366400 1772366460 ACCEPT OK"
)
EVENT = {"id": "1", "kind": "event", "dataset": "aws.vpcflow", "module": "aws"}
SNAPSHOT = {
    "version": 1,
    "taken_at": "2026-03-01T12:00:00Z",
    "organisation": "o-exampleorgid",
    "accounts": {"222222222222": {"name": "shop", "unit": {"id": "ou-1", "path": "Root/Shop"}}},
}
RECORD = {
    "city": {"names": {"en": "Berlin"}},
    "country": {"iso_code": "DE", "names": {"en": "Germany"}},
    "location": {"latitude": 52.52, "longitude": 13.4},
    "autonomous_system_number": 64500,
    "autonomous_system_organization": "Example Networks",
}


def enrichers() -> dict[str, Enrich]:
    organisation, locate, match = NameAccounts(), Locate(), MatchIndicators()
    organisation.organisation = Organisation.read(SNAPSHOT, TagKeys())
    locate.use([lambda _address: RECORD])
    match.use([read_list("feed.txt", [b"203.0.113.0/24", b"example.com"]).indicators])
    return {
        "organisation": organisation,
        "user_agent": enrich_user_agent,
        "geo": locate,
        "related": complete_related,
        "indicators": match,
    }


ALL = enrichers()
SOURCE = next(source for source in SOURCES if source.name == "vpc_flow")
NAMES = sorted({part for field in shared_fields() for part in field.name.split(".")})
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["203.0.113.66", "10.0.0.1", "example.com", "222222222222", "curl/8.4.0"]),
)
trees = st.recursive(
    values,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=8,
)
PARTS = "city country subdivisions location names en iso_code latitude longitude traits"
records = st.recursive(
    values,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from([*PARTS.split(), *RECORD]), inner, max_size=6),
    ),
    max_leaves=8,
)
READ = [
    *("cloud", "aws", "service", "organization", "source", "destination", "client", "user_agent"),
    *("related", "threat", "dns", "url", "user", "file", "process", "host", "tls"),
]


@given(
    deep=st.dictionaries(st.sampled_from(READ), trees, max_size=4),
    flat=st.dictionaries(
        st.sampled_from(["source.ip", "cloud.account.id", "user_agent.original"]), values
    ),
)
@settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],  # shared runners are slow, not the enrichers
)
def test_no_document_makes_an_enricher_raise(deep: Document, flat: dict[str, Any]) -> None:
    document = deepcopy(deep)
    for name, value in flat.items():
        *parents, leaf = name.split(".")
        place = document
        for parent in parents:
            inner = place.get(parent)
            place[parent] = inner if isinstance(inner, dict) else {}
            place = place[parent]
        place[leaf] = value

    for enrich in ALL.values():
        enrich(document, ORIGIN)


@given(
    form=st.sampled_from(["txt", "csv", "jsonl"]),
    lines=st.lists(st.one_of(st.binary(max_size=40), st.text(max_size=40).map(str.encode))),
)
def test_any_list_is_read_or_refused(form: str, lines: list[bytes]) -> None:
    with suppress(ReferenceDataError):
        read = read_list(f"feed.{form}", [b"indicator,tlp\n", *lines])

        assert len(read.indicators) + read.malformed <= len(lines) + 1


@given(accounts=trees, tags=trees)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_snapshot_is_read_or_refused(accounts: Any, tags: Any) -> None:
    account = {"name": "shop", "unit": accounts, "tags": tags}
    for given_accounts in (accounts, {"222222222222": account}):
        with suppress(ReferenceDataError):
            found = Organisation.read(SNAPSHOT | {"accounts": given_accounts}, TagKeys())

            assert set(found.accounts) == set(given_accounts)


@given(record=records)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_record_of_a_database_gives_a_sound_place(record: Any) -> None:
    locate = Locate()
    locate.use([lambda _address: record])
    document: Document = {"source": {"ip": "203.0.113.5"}}

    locate(document, ORIGIN)

    required = {"@timestamp": "2026-03-01T12:00:00.000Z", "event": EVENT}
    assert faults(document | required, declared(SOURCE)) == []


def test_an_enriched_document_is_sound_ecs() -> None:
    outcome = normalised(FLOW)
    document = outcome.document
    (match,) = document["threat"].pop("enrichments")
    document["threat"]["enrichments"] = match  # the index takes a list of objects like this

    assert document["cloud"]["account"]["name"] == "shop"
    assert document["destination"]["geo"]["city_name"] == "Berlin"
    assert faults(document, declared(SOURCE)) == []


def normalised(message: str) -> Accepted:
    chosen = tuple(Counted(name, enrich) for name, enrich in ALL.items())
    outcome = Normaliser(Routing(SOURCES), enrichers=chosen)(
        LogRecord("1", 1_772_366_460_000, message, ORIGIN)
    )
    assert isinstance(outcome, Accepted)
    return outcome


@pytest.mark.parametrize("name", ["organisation", "geo", "related", "indicators"])
def test_each_document_is_counted_as_added_to_or_skipped(name: str) -> None:
    counted = Counted(name, ALL[name])

    counted(
        {
            "cloud": {"account": {"id": "222222222222"}},
            "source": {"ip": "203.0.113.66"},
            "related": {"ip": ["203.0.113.66"]},
            "user": {"name": "ana"},
        },
        ORIGIN,
    )
    counted({}, ORIGIN)

    assert counted.take() == (1, 1)
    assert counted.take() == (0, 0)
