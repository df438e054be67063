"""Error logs of httpd and nginx: whose line it is, and what a client cannot make them say."""

import pytest

from logcore import registry
from logcore.record import LogRecord, Origin
from logcore.routing import Routing
from logcore.sources import apache_error, nginx_error

ROUTING = Routing(registry.SOURCES)
NGINX = (
    '2026/03/01 12:00:00 [error] 29#29: *1 open() "/srv/{path}" failed (2: No such file or '
    'directory), client: 198.51.100.7, server: _, request: "GET /{target} HTTP/1.1"'
)
HTTPD = "[Sun Mar 01 12:00:00.123456 2026] [core:error] [pid 7] [client {peer}] AH00128: no file"


def record(message: str, group: str = "/apps/shop") -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", log_group=group)
    return LogRecord("0", 1_772_366_470_000, message, origin)


@pytest.mark.parametrize(
    ("message", "group", "source"),
    [
        (NGINX, "/apps/shop", "nginx_error"),
        (HTTPD, "/apps/shop", "apache_error"),
        ("anything", "/aws/elasticbeanstalk/shop/var/log/nginx/error.log", "nginx_error"),
        ("anything", "/aws/elasticbeanstalk/shop/var/log/httpd/error_log", "apache_error"),
        ("2026/03/01 12:00:00 [ERROR] payment failed", "/apps/shop", "generic"),
        ("2026/03/01 12:00:00 [error] payment failed", "/apps/shop", "generic"),
        ("[Sun Mar 01 12:00:00 2026] payment failed", "/apps/shop", "generic"),
        ("[2026-03-01 12:00:00] [error] payment failed", "/apps/shop", "generic"),
    ],
)
def test_a_line_reaches_its_servers_source(message: str, group: str, source: str) -> None:
    assert ROUTING.source_for(record(message, group)).name == source


def test_a_path_that_names_another_client_costs_the_client_and_says_so() -> None:
    forged = NGINX.format(path="a, client: 192.0.2.1, server: x", target="a%2C%20client")

    document = nginx_error.parse(record(forged))

    assert "source" not in document
    assert document["pipeline"]["malformed"] == ["client"]


def test_a_path_with_quotes_and_commas_moves_nothing() -> None:
    document = nginx_error.parse(record(NGINX.format(path='a", host: "evil', target="a")))

    assert document["source"]["ip"] == "198.51.100.7"
    assert "domain" not in document["url"]


@pytest.mark.parametrize(
    ("peer", "address", "port"),
    [
        ("203.0.113.9:51234", "203.0.113.9", 51234),
        ("2001:db8::7:51234", "2001:db8::7", 51234),
    ],
)
def test_the_port_is_what_follows_the_last_colon(peer: str, address: str, port: int) -> None:
    document = apache_error.parse(record(HTTPD.format(peer=peer)))

    assert document["source"] == {"address": address, "ip": address, "port": port}


def test_httpd_2_2_has_no_port() -> None:
    line = HTTPD.format(peer="2001:db8::7").replace("[pid 7] ", "")

    assert apache_error.parse(record(line))["source"]["ip"] == "2001:db8::7"
