"""Columns, URLs and names that access logs share are read as their writers meant them."""

from typing import Any

import pytest

from logcore.formats.web import (
    columns,
    domain_parts,
    hosts,
    request_line,
    seconds,
    status_code,
    tls,
    url,
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('a "b c" d', ["a", "b c", "d"]),
        ('"" -', ["", "-"]),
        (r'"say \"hi\"" x', [r"say \"hi\"", "x"]),
        ('"a"b" c', ['a"b', "c"]),
        ("[01/Mar/2026:12:00:00 +0000] x", ["01/Mar/2026:12:00:00 +0000", "x"]),
        ("[2001:db8::1]:443 x", ["[2001:db8::1]:443", "x"]),
        ('a "open', None),
        ("", []),
    ],
)
def test_columns_end_where_their_quotes_do(line: str, expected: list[str] | None) -> None:
    assert columns(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("GET /a b HTTP/1.1", ("GET", "/a b", "1.1")),
        ("- - - ", (None, None, None)),
        ("GET", (None, None, None)),
        (None, (None, None, None)),
    ],
)
def test_a_request_line_may_have_blanks_in_its_target(line: str | None, expected: Any) -> None:
    assert request_line(line) == expected


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("WWW.Example.com", ("com", "example.com", "www")),
        ("a.b.example.co.uk", ("co.uk", "example.co.uk", "a.b")),
        ("example.de", ("de", "example.de", None)),
        ("co.uk", ("co.uk", None, None)),
        ("a.b.city.kawasaki.jp", ("kawasaki.jp", "city.kawasaki.jp", "a.b")),  # by an exception
        ("www.example.pvt.k12.ma.us", ("pvt.k12.ma.us", "example.pvt.k12.ma.us", "www")),
        ("a.example.github.io", ("github.io", "example.github.io", "a")),
        (
            "d111111abcdef8.cloudfront.net",
            ("cloudfront.net", "d111111abcdef8.cloudfront.net", None),
        ),
        ("db.corp.internal", ("internal", "corp.internal", "db")),
        ("www.例え.jp", ("jp", "例え.jp", "www")),
        ("www.xn--r8jz45g.xn--zckzah", ("xn--zckzah", "xn--r8jz45g.xn--zckzah", "www")),
        ("_dmarc.*.example.com", ("com", "example.com", "_dmarc.*")),
    ],
)
def test_a_domain_has_the_parts_that_ecs_names(domain: str, expected: tuple[Any, ...]) -> None:
    found = domain_parts(domain)

    names = ("top_level_domain", "registered_domain", "subdomain")
    assert tuple(found[name] for name in names) == expected


@pytest.mark.parametrize(
    "domain",
    [
        "192.0.2.1",
        "[2001:db8::1]",
        "localhost",
        "",
        None,
        "..",
        ".example.com",
        "example..com",
        "shop.example.com:8443",
        "a/b.example.com",
        "xn--\udcff..\x00",
        f"{'a.' * 130}example.com",
    ],
)
def test_what_nobody_registers_has_no_parts(domain: str | None) -> None:
    assert domain_parts(domain) == {}


@pytest.mark.parametrize(
    ("name", "version", "protocol"),
    [
        ("TLSv1.2", "1.2", "tls"),
        ("tlsv12", "1.2", "tls"),
        ("TLSV1.3", "1.3", "tls"),
        ("TLSv1", "1.0", "tls"),
        ("SSLv3", "3.0", "ssl"),
    ],
)
def test_a_tls_version_is_its_number(name: str, version: str, protocol: str) -> None:
    found = tls(name, None, [])

    assert (found["version"], found["version_protocol"]) == (version, protocol)


def test_a_port_beyond_the_last_costs_only_itself() -> None:
    malformed: list[str] = []
    found = url("https://example.com:99999/a.tar.GZ?q", malformed)

    assert (found["port"], found["domain"], found["extension"]) == (None, "example.com", "gz")
    assert malformed == ["url"]


@pytest.mark.parametrize("value", ["nan", "inf", "1e400", "soon", [], {}])
def test_seconds_that_are_no_number_are_malformed(value: Any) -> None:
    malformed: list[str] = []

    assert seconds(value, "time", malformed) is None
    assert malformed == ["time"]


def test_no_answer_has_no_status_and_is_not_malformed() -> None:
    malformed: list[str] = []

    assert status_code("000", "status", malformed) is None
    assert malformed == []


def test_addresses_are_no_hosts() -> None:
    assert hosts("example.com", "192.0.2.1", "[2001:db8::1]", None) == ["example.com"]
