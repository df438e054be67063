"""Elastic Beanstalk's groups: each stream reaches its source, and names its environment."""

import pytest

from logcore import registry
from logcore.normalise import Normaliser
from logcore.record import Accepted, LogRecord, Origin
from logcore.routing import Routing
from logcore.sources import beanstalk

ROUTING = Routing(registry.SOURCES)
GROUP = "/aws/elasticbeanstalk/shop-prod"


def record(message: str, stream: str = "/var/log/eb-engine.log") -> LogRecord:
    origin = Origin(
        transport="cloudwatch_logs",
        log_group=f"{GROUP}{stream}",
        log_stream="i-0123456789abcdef0",
    )
    return LogRecord("0", 1_772_366_470_000, message, origin)


@pytest.mark.parametrize(
    ("stream", "source"),
    [
        ("/environment-health.log", "beanstalk"),
        ("/var/log/eb-engine.log", "beanstalk"),
        ("/var/log/eb-activity.log", "beanstalk"),
        ("/var/log/eb-hooks.log", "beanstalk"),
        ("/var/log/nginx/access.log", "nginx_access"),
        ("/var/log/nginx/error.log", "nginx_error"),
        ("/var/log/httpd/access_log", "apache_access"),
        ("/var/log/httpd/error_log", "apache_error"),
        ("/var/log/messages", "syslog"),
        ("/var/log/web.stdout.log", "generic"),
        ("/var/log/tomcat/catalina.out", "generic"),
        ("/var/log/web-1.log", "generic"),
    ],
)
def test_each_stream_of_an_environment_reaches_its_source(stream: str, source: str) -> None:
    assert ROUTING.source_for(record("started", stream)).name == source


@pytest.mark.parametrize("stream", ["/var/log/web.stdout.log", "/var/log/eb-engine.log"])
def test_every_stream_names_its_environment(stream: str) -> None:
    outcome = Normaliser(ROUTING)(record("started", stream))

    assert isinstance(outcome, Accepted)
    assert outcome.document["service"]["environment"] == "shop-prod"


def test_an_application_that_names_its_environment_keeps_it() -> None:
    line = '{"service": {"name": "shop", "environment": "production"}}'

    outcome = Normaliser(ROUTING)(record(line, "/var/log/web.stdout.log"))

    assert isinstance(outcome, Accepted)
    assert outcome.document["service"]["environment"] == "production"


@pytest.mark.parametrize("broken", ['{"status": 7}', '{"results": [7]}', '{"results": {}}', "{"])
def test_a_response_that_cannot_be_read_is_still_one(broken: str) -> None:
    line = f"2026/03/01 12:00:00.000100 [INFO] CommandService Response: {broken}"

    document = beanstalk.parse(record(line))

    assert "outcome" not in document["event"]
    assert document["log"]["level"] == "info"
