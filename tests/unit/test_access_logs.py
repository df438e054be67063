"""Access logs of httpd and nginx: who asked, whose line it is, and what nobody may forge."""

import pytest

from logcore import registry
from logcore.formats.wall_time import without_year, without_zone
from logcore.record import Document, LogRecord, Origin
from logcore.routing import Routing
from logcore.sources import nginx_access

ROUTING = Routing(registry.SOURCES)
LINE = '203.0.113.9 - - [01/Mar/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 512 "-" "curl/8.5.0"'
NEW_YEAR_MS = 1_767_225_660_000  # 2026-01-01T00:01:00Z


def record(message: str, group: str = "/apps/shop") -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", log_group=group)
    return LogRecord("0", 1_772_366_470_000, message, origin)


def parsed(message: str, group: str = "/var/log/nginx/access.log") -> Document:
    return nginx_access.parse(record(message, group))


@pytest.mark.parametrize(
    ("message", "group", "source"),
    [
        (LINE, "/apps/shop", "apache_access"),
        (LINE, "/ecs/nginx", "nginx_access"),
        (f'{LINE} "-"', "/apps/shop", "nginx_access"),
        (f"{LINE} 1234", "/apps/shop", "apache_access"),
        (f"{LINE} 418 0.018 [shop-web-80] [] 10.0.2.7:8080", "/apps/shop", "nginx_access"),
        (LINE, "/var/log/nginx/access.log", "nginx_access"),
        (LINE, "/aws/elasticbeanstalk/shop-prod/var/log/nginx/access.log", "nginx_access"),
        (LINE, "/aws/elasticbeanstalk/shop-prod/var/log/httpd/access_log", "apache_access"),
        (LINE, "/var/log/apache2/access.log", "apache_access"),
        (f"INFO {LINE}", "/apps/shop", "generic"),
        (f"{LINE[:-1]}", "/apps/shop", "generic"),
        ('[01/Mar/2026:12:00:00 +0000] "GET / HTTP/1.1" 200', "/apps/shop", "generic"),
        ('{"remote_addr":"203.0.113.9","request":"GET / HTTP/1.1"}', "/apps/shop", "generic"),
    ],
)
def test_a_line_reaches_its_servers_source(message: str, group: str, source: str) -> None:
    assert ROUTING.source_for(record(message, group)).name == source


def test_a_long_tail_that_ends_in_an_open_quote_is_no_access_line() -> None:
    line = f'{LINE}{" a=b" * 5_000} "'

    assert ROUTING.source_for(record(line)).name == "generic"


def test_a_client_cannot_put_another_address_in_front_of_what_the_balancer_saw() -> None:
    behind = LINE.replace("203.0.113.9", "10.0.1.20", 1)

    document = parsed(f'{behind} "192.0.2.1, 198.51.100.7"')

    assert document["client"]["ip"] == "198.51.100.7"
    assert document["source"]["ip"] == "10.0.1.20"
    assert document["network"]["forwarded_ip"] == "192.0.2.1"


def test_who_connects_from_outside_is_the_client_whatever_it_claims() -> None:
    document = parsed(f'{LINE} "192.0.2.1"')

    assert document["client"]["ip"] == "203.0.113.9"


def test_a_header_cannot_name_a_column() -> None:
    document = parsed(f'{LINE} "192.0.2.1 rt=99.0 upstream=evil" rt=0.010 upstream=10.0.2.7:80')

    assert document["event"]["duration"] == 10_000_000
    assert document["nginx_access"]["upstream"] == "10.0.2.7:80"


def test_a_user_name_with_blanks_moves_no_column() -> None:
    document = parsed(LINE.replace("- -", "- a b [x]", 1))

    assert document["user"]["name"] == "a b [x]"
    assert document["http"]["response"]["status_code"] == 200


def test_an_environment_of_elastic_beanstalk_is_named() -> None:
    document = parsed(LINE, "/aws/elasticbeanstalk/shop-prod/var/log/nginx/access.log")

    assert document["service"] == {"type": "nginx", "environment": "shop-prod"}


def test_a_line_of_december_that_arrives_in_january_is_of_last_year() -> None:
    assert without_year("Dec", "31", "23:59:30", NEW_YEAR_MS) == NEW_YEAR_MS - 90_000
    assert without_year("Jan", " 1", "00:00:30", NEW_YEAR_MS) == NEW_YEAR_MS - 30_000


def test_a_leap_day_is_completed_only_in_a_leap_year() -> None:
    assert without_year("Feb", "29", "12:00:00", NEW_YEAR_MS) is None


def test_a_time_in_the_records_future_is_of_another_zone_and_not_taken() -> None:
    assert without_zone("2026-01-01T00:00:59", NEW_YEAR_MS) == NEW_YEAR_MS - 1_000
    assert without_zone("2026-01-01T02:00:59", NEW_YEAR_MS) is None
