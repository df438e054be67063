"""Syslog lines: whose they are, when they were written, and what nobody can make them say."""

import pytest

from logcore import registry
from logcore.formats.machine import environment, instance
from logcore.record import Document, LogRecord, Origin
from logcore.routing import Routing
from logcore.sources import auth, syslog

ROUTING = Routing(registry.SOURCES)
HEAD = "Mar  1 12:00:00 ip-10-0-1-5"
NEW_YEAR_MS = 1_767_225_660_000  # 2026-01-01T00:01:00Z


def record(message: str, group: str = "/apps/shop", time_ms: int = 1_772_366_470_000) -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", log_group=group, log_stream="i-0123456789abcdef0")
    return LogRecord("0", time_ms, message, origin)


def parsed(text: str, program: str = "sshd[7]") -> Document:
    return auth.parse(record(f"{HEAD} {program}: {text}"))


@pytest.mark.parametrize(
    ("message", "group", "source"),
    [
        (f"{HEAD} sshd[7]: Invalid user a from 192.0.2.1 port 7", "/apps/shop", "auth"),
        ("<86>1 2026-03-01T12:00:00Z host sudo 7 - - a : x", "/apps/shop", "auth"),
        ("2026-03-01T12:00:00.123456+00:00 host systemd[1]: Started x.", "/apps/shop", "syslog"),
        (f"{HEAD} kernel: Linux version 6.1", "/apps/shop", "syslog"),
        (f"{HEAD} web[7]: GET / 200", "/apps/shop", "generic"),
        (f"{HEAD} web: GET / 200", "/aws/elasticbeanstalk/a/var/log/web.stdout.log", "generic"),
        ("2026-03-01T12:00:00Z INFO systemd: no head", "/apps/shop", "generic"),
        (f"{HEAD} web[7]: GET / 200", "/var/log/messages", "syslog"),
        ("anything", "/aws/elasticbeanstalk/shop/var/log/messages", "syslog"),
        ("anything", "/var/log/auth.log", "auth"),
        ("anything", "/apps/messages", "generic"),
    ],
)
def test_a_line_reaches_the_source_of_its_program(message: str, group: str, source: str) -> None:
    assert ROUTING.source_for(record(message, group)).name == source


def test_a_line_of_december_is_of_last_year_in_january() -> None:
    line = "Dec 31 23:59:30 host kernel: reboot"

    document = syslog.parse(record(line, time_ms=NEW_YEAR_MS))

    assert document["@timestamp"] == "2025-12-31T23:59:30.000Z"


@pytest.mark.parametrize(
    "text",
    [
        "Failed none for invalid user root from 192.0.2.1 port 22 ssh2 from 198.51.100.7 port 9",
        "Invalid user root from 192.0.2.1 port 22 from 198.51.100.7 port 9",
        "Connection closed by invalid user a 192.0.2.1 port 22 198.51.100.7 port 9 [preauth]",
    ],
)
def test_a_name_that_holds_an_address_moves_none(text: str) -> None:
    document = parsed(text)

    assert document["source"]["ip"] == "198.51.100.7"
    assert document["source"]["port"] == 9
    assert document["event"]["reason"] == "invalid user"


@pytest.mark.parametrize(
    "text",
    [
        "eve : TTY=pts/0 ; PWD=/tmp/ ; USER=bob ; COMMAND=/bin/ls ; USER=root ; COMMAND=/bin/sh",
        "eve : TTY=pts/0 ; PWD=/tmp ; USER=root ; COMMAND=/bin/echo ; COMMAND=/bin/ls",
    ],
)
def test_of_a_sudo_line_that_reads_in_two_ways_only_the_user_is_believed(text: str) -> None:
    document = parsed(text, "sudo[7]")

    assert document["user"] == {"name": "eve"}
    assert document["event"]["outcome"] == "unknown"
    assert "command_line" not in document["process"]


def test_sudo_says_who_became_whom_for_what() -> None:
    document = parsed(
        "  alice : TTY=pts/0 ; PWD=/home/a b ; USER=root ; COMMAND=/bin/ls -l", "sudo"
    )

    assert document["user"] == {"name": "alice", "effective": {"name": "root"}}
    assert document["process"]["command_line"] == "/bin/ls -l"
    assert document["process"]["working_directory"] == "/home/a b"


def test_pam_is_read_whatever_program_asked_it() -> None:
    document = parsed("pam_unix(vsftpd:session): session opened for user bob by (uid=0)", "vsftpd")

    assert document["event"]["category"] == ["session"]
    assert document["user"]["name"] == "bob"
    assert document["auth"]["service"] == "vsftpd"


@pytest.mark.parametrize(
    ("stream", "found"),
    [
        ("i-0123456789abcdef0", "i-0123456789abcdef0"),
        ("i-01234567", "i-01234567"),
        ("ip-10-0-1-5/i-0123456789abcdef0", "i-0123456789abcdef0"),
        ("i-0123456789abcdef0.messages", "i-0123456789abcdef0"),
        ("multi-0123456789abcdef0", None),
        ("", None),
    ],
)
def test_a_stream_named_after_its_instance_names_it(stream: str, found: str | None) -> None:
    assert instance(stream) == found


@pytest.mark.parametrize(
    ("group", "found"),
    [
        ("/aws/elasticbeanstalk/shop-prod/var/log/messages", "shop-prod"),
        ("/aws/elasticbeanstalk/shop-prod/environment-health.log", "shop-prod"),
        ("/aws/elasticbeanstalk/", None),
        ("/var/log/messages", None),
    ],
)
def test_a_group_of_elastic_beanstalk_names_its_environment(group: str, found: str | None) -> None:
    assert environment(group) == found
