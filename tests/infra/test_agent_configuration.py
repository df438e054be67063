"""What the CloudWatch agent collects is what ``logcore`` reads, group by group."""

import json
import re
from typing import Any

import pytest

from app import ROOT
from infra.agent_configuration import agent_configuration
from infra.config.host_files import LINUX_FILES, PLATFORMS, Collected, KnownFile
from infra.config.hosts import Hosts
from logcore.normalise import Normaliser
from logcore.record import Accepted, LogRecord, Origin
from logcore.registry import SOURCES
from logcore.routing import Routing

HOSTS = Hosts(enabled=True)
KNOWN = [each for platform in PLATFORMS for each in HOSTS.collected(platform)]
STREAM = "i-0123456789abcdef0_ip-10-0-1-5.ec2.internal"
NOON_MS = 1_772_366_460_000  # 2026-03-01T12:01:00Z

CASES = {
    "apache_access": "lines.log",
    "apache_error": "lines.log",
    "auth": "ssh.log",
    "nginx_access": "lines.log",
    "nginx_error": "lines.log",
    "syslog": "lines.log",
    "windows": "security.log",
}
"""Lines that each source takes, among its own cases."""

each_collected = pytest.mark.parametrize("collected", KNOWN, ids=lambda each: each.what)
each_joined = pytest.mark.parametrize(
    "file",
    [file for files in LINUX_FILES.values() for file in files if file.multi_line_start],
    ids=lambda file: file.path,
)


def lines(source: str) -> list[str]:
    path = ROOT / "logcore" / "sources" / source / "cases" / CASES[source]
    return path.read_text(encoding="utf-8").splitlines()


def configuration(platform: Any, hosts: Hosts = HOSTS) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(agent_configuration(hosts, platform))
    return found


def entries(platform: Any, hosts: Hosts = HOSTS) -> list[dict[str, Any]]:
    collected = configuration(platform, hosts)["logs"]["logs_collected"]
    return [entry for kind in collected.values() for entry in kind["collect_list"]]


@each_collected
def test_the_name_of_each_log_group_says_which_source_reads_it(collected: Collected) -> None:
    origin = Origin(transport="cloudwatch_logs", log_group=collected.log_group)

    match = Routing(SOURCES).claim(origin)

    assert match is not None
    assert (match.source.name, match.why) == (collected.source, "pattern")


@each_collected
def test_lines_from_each_log_group_become_documents_with_their_instance(
    collected: Collected,
) -> None:
    normalise = Normaliser(Routing(SOURCES))
    origin = Origin(transport="cloudwatch_logs", log_group=collected.log_group, log_stream=STREAM)

    found = [normalise(LogRecord("0", NOON_MS, line, origin)) for line in lines(collected.source)]

    accepted = [one for one in found if isinstance(one, Accepted)]
    assert len(accepted) == len(found) > 0
    assert {one.source for one in accepted} == {collected.source}
    assert {one.document["cloud"]["instance"]["id"] for one in accepted} == {STREAM[:19]}


@each_joined
def test_an_entry_begins_where_the_source_sees_one(file: KnownFile) -> None:
    start = re.compile(file.multi_line_start or "")
    (source,) = (source for source in SOURCES if source.name == file.source)
    origin = Origin(transport="cloudwatch_logs")
    heads = [
        line
        for line in lines(file.source)
        if source.recognises(LogRecord("0", NOON_MS, line, origin))
    ]

    assert len(heads) > 2
    assert [line for line in heads if not start.search(line)] == []
    assert not start.search("PHP Stack trace:")
    assert not start.search("    at shop.js:12")
    assert not start.search("[stack] 1 2")


def test_files_are_read_as_root_and_sent_by_instance_and_machine() -> None:
    found = configuration("linux")

    assert found["agent"] == {"run_as_user": "root"}
    assert found["logs"]["logs_collected"]["files"]["collect_list"][0] == {
        "file_path": "/var/log/messages",
        "log_group_name": "/hosts/var/log/messages",
        "log_stream_name": "{instance_id}_{hostname}",
        "retention_in_days": 30,
    }


def test_channels_are_sent_as_xml_each_to_a_group_of_its_own() -> None:
    hosts = Hosts(windows=("Security", "Directory Service"), windows_levels=("ERROR",))

    assert configuration("windows", hosts) == {
        "logs": {
            "logs_collected": {
                "windows_events": {
                    "collect_list": [
                        {
                            "event_name": name,
                            "event_levels": ["ERROR"],
                            "event_format": "xml",
                            "log_group_name": f"/hosts/windows-events/{group}",
                            "log_stream_name": "{instance_id}_{hostname}",
                            "retention_in_days": 30,
                        }
                        for name, group in (
                            ("Security", "Security"),
                            ("Directory Service", "Directory-Service"),
                        )
                    ]
                }
            }
        }
    }


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_group_that_the_agent_makes_has_a_retention(platform: Any) -> None:
    hosts = Hosts(retention_days=7)

    assert {entry["retention_in_days"] for entry in entries(platform, hosts)} == {7}


def test_further_files_go_below_the_prefix_on_the_hosts_that_have_such_paths() -> None:
    hosts = Hosts.model_validate(
        {
            "log_group_prefix": "/machines",
            "files": [
                {
                    "path": "/opt/shop/*.log",
                    "log_group": "/shop/app.log",
                    "multi_line_start": r"^\d{4}-",
                    "retention_days": 3,
                },
                {"path": r"C:\inetpub\logs\*.log", "log_group": "/iis"},
            ],
        }
    )

    assert entries("linux", hosts)[-1] == {
        "file_path": "/opt/shop/*.log",
        "log_group_name": "/machines/shop/app.log",
        "log_stream_name": "{instance_id}_{hostname}",
        "retention_in_days": 3,
        "multi_line_start_pattern": r"^\d{4}-",
    }
    assert [e["log_group_name"] for e in entries("windows", hosts) if "file_path" in e] == [
        "/machines/iis"
    ]


def test_a_platform_that_nothing_is_collected_of_has_no_configuration() -> None:
    assert Hosts(windows=()).platforms == ("linux",)
    assert Hosts(linux=()).platforms == ("windows",)
