"""Where an address is said to be, and when nothing is said."""

from copy import deepcopy
from typing import Any

import pytest

from logcore.enrichment.geo import Locate, LookUp
from logcore.record import Document, Origin

ORIGIN = Origin(transport="unknown")
BERLIN = {
    "city": {"names": {"de": "Berlin", "en": "Berlin"}},
    "country": {"iso_code": "DE", "names": {"en": "Germany"}},
    "location": {"latitude": 52.52, "longitude": 13.4},
    "subdivisions": [{"iso_code": "BE", "names": {"en": "Land Berlin"}}],
}
EXAMPLE_NETWORKS = {
    "autonomous_system_number": 64500,
    "autonomous_system_organization": "Example Networks",
}
GEO = {
    "city_name": "Berlin",
    "country_iso_code": "DE",
    "country_name": "Germany",
    "location": "52.52,13.4",
    "region_name": "Land Berlin",
}
AS = {"number": 64500, "organization": {"name": "Example Networks"}}


def always(record: Any) -> LookUp:
    return lambda _address: record


def located(document: Document, *records: Any) -> Document:
    enrich = Locate()
    enrich.use([always(record) for record in records])
    enrich(document, ORIGIN)
    return document


def test_each_end_of_a_connection_has_its_place_and_its_network() -> None:
    ends = {end: {"ip": "203.0.113.5"} for end in ("source", "destination", "client")}

    assert located(ends, BERLIN, EXAMPLE_NETWORKS) == {
        end: {"ip": "203.0.113.5", "geo": GEO, "as": AS}
        for end in ("source", "destination", "client")
    }


def test_an_enterprise_database_gives_both() -> None:
    enterprise = {**BERLIN, "traits": EXAMPLE_NETWORKS}

    assert located({"source": {"ip": "2001:db8::7"}}, enterprise) == {
        "source": {"ip": "2001:db8::7", "geo": GEO, "as": AS}
    }


@pytest.mark.parametrize(
    "address",
    [
        *("10.1.2.3", "172.20.0.1", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "255.255.255.255", "224.0.0.251"),  # noqa: S104  addresses in a log
        *("::1", "::", "fe80::1", "fd00::1", "ff02::1"),
    ],
)
def test_a_private_address_has_no_place(address: str) -> None:
    assert located({"source": {"ip": address}}, BERLIN) == {"source": {"ip": address}}


def test_what_the_source_says_about_a_place_is_kept() -> None:
    said = {"ip": "203.0.113.5", "geo": {"country_iso_code": "US"}, "as": {"number": 64501}}

    assert located({"source": deepcopy(said)}, BERLIN, EXAMPLE_NETWORKS) == {"source": said}


def test_a_place_in_the_country_that_the_source_says_completes_it() -> None:
    said: Document = {"source": {"ip": "203.0.113.5", "geo": {"country_iso_code": "DE"}}}

    assert located(said, BERLIN)["source"]["geo"] == GEO


def test_of_two_databases_that_know_the_same_the_first_counts() -> None:
    france = {"country": {"iso_code": "FR"}}

    found = located({"source": {"ip": "203.0.113.5"}}, france, BERLIN)

    assert found["source"]["geo"]["country_iso_code"] == "FR"


def test_a_newer_database_is_asked_at_once() -> None:
    enrich = Locate()
    shown = []
    for code in ("DE", "FR"):
        enrich.use([always({"country": {"iso_code": code}})])
        document: Document = {"source": {"ip": "203.0.113.5"}}
        enrich(document, ORIGIN)
        shown.append(document["source"]["geo"]["country_iso_code"])

    assert shown == ["DE", "FR"]


def test_without_a_database_nothing_is_said() -> None:
    document: Document = {"source": {"ip": "203.0.113.5"}}

    assert Locate()(document, ORIGIN) is False
    assert document == {"source": {"ip": "203.0.113.5"}}


@pytest.mark.parametrize(
    "record",
    [
        None,
        "Berlin",
        {"city": "Berlin", "country": [], "location": 7, "subdivisions": ["Berlin"]},
        {"location": {"latitude": float("nan"), "longitude": 13.4}},
        {"location": {"latitude": 91, "longitude": 13.4}, "autonomous_system_number": -1},
        {"autonomous_system_number": True, "autonomous_system_organization": 7},
    ],
)
def test_a_record_of_an_unknown_shape_says_nothing(record: Any) -> None:
    assert located({"source": {"ip": "203.0.113.5"}}, record) == {"source": {"ip": "203.0.113.5"}}
