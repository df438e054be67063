"""Whatever a document holds, an enricher adds to it soundly or leaves it alone."""

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
