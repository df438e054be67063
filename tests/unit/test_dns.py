"""What both kinds of DNS query log have in common is read the same way."""

import pytest

from logcore.formats import dns


@pytest.mark.parametrize(
    ("written", "name"),
    [("wWw.Example.COM.", "www.example.com"), (".", "."), ("", None), (7, None)],
)
def test_a_name_has_one_spelling(written: object, name: str | None) -> None:
    assert dns.host_name(written) == name


@pytest.mark.parametrize(
    ("word", "transport", "number"),
    [("UDP", "udp", "17"), ("TCP", "tcp", "6"), ("DoH", "tcp", "6"), ("DoH-FIPS", "tcp", "6")],
)
def test_each_word_for_a_transport_is_known(word: str, transport: str, number: str) -> None:
    network = dns.network(word, "192.0.2.53", [])

    assert (network["transport"], network["iana_number"]) == (transport, number)


def test_an_unknown_transport_costs_only_itself() -> None:
    malformed: list[str] = []

    network = dns.network("QUIC", "2001:db8::53", malformed)

    assert (network["transport"], network["type"]) == (None, "ipv6")
    assert malformed == ["transport"]


@pytest.mark.parametrize(
    ("code", "outcome"), [("NOERROR", "success"), ("NXDOMAIN", "failure"), (None, "unknown")]
)
def test_only_an_answer_without_error_is_a_success(code: str | None, outcome: str) -> None:
    assert dns.outcome(code) == outcome
