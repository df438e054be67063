"""``related.*`` holds whatever a document's own fields hold."""

import pytest

from logcore.enrichment.related import FIELDS, complete_related
from logcore.fields import field_types, shared_fields
from logcore.record import Document, Origin

ORIGIN = Origin(transport="unknown")


def completed(document: Document) -> Document:
    complete_related(document, ORIGIN)
    return document


def test_what_a_source_left_out_is_added_behind_what_it_listed() -> None:
    document: Document = {
        "source": {"ip": "192.0.2.1"},
        "destination": {"ip": "192.0.2.2", "domain": "example.com"},
        "user": {"name": "ana"},
        "file": {"hash": {"sha256": "a" * 64}},
        "related": {"ip": ["192.0.2.9", "192.0.2.2"]},
    }

    assert completed(document)["related"] == {
        "ip": ["192.0.2.9", "192.0.2.2", "192.0.2.1"],
        "hosts": ["example.com"],
        "user": ["ana"],
        "hash": ["a" * 64],
    }


def test_nothing_is_listed_twice() -> None:
    document: Document = {"source": {"ip": "192.0.2.1"}, "client": {"ip": "192.0.2.1"}}

    assert completed(document)["related"] == {"ip": ["192.0.2.1"]}


def test_a_host_that_is_an_address_is_related_as_an_address() -> None:
    assert completed({"url": {"domain": "192.0.2.1"}})["related"] == {"ip": ["192.0.2.1"]}


@pytest.mark.parametrize(
    "nothing", [{}, {"source": {"ip": "no address"}}, {"dns": {"question": {"name": "."}}}]
)
def test_a_document_without_such_values_gets_no_lists(nothing: Document) -> None:
    assert complete_related(nothing, ORIGIN) is False
    assert "related" not in nothing


def test_every_address_that_a_document_may_hold_is_related() -> None:
    kinds = field_types(*shared_fields())
    addresses = {name for name, kind in kinds.items() if kind == "ip" and name != "related.ip"}

    assert addresses <= set(FIELDS["ip"])
