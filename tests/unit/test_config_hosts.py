"""Which hosts can be chosen, and what the agent or AWS would not take of it."""

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from infra.config import DeploymentConfig
from infra.config.host_files import LINUX_FILES
from infra.config.hosts import HostFile, Hosts, LinuxKind
from tests.unit.test_config import CONFIGS, Refuse, refuse, write

__all__ = ["refuse"]  # a fixture

FILE = {"path": "/opt/shop/app.log", "log_group": "/shop/app.log"}


@pytest.mark.parametrize("stage", ["sandbox", "production"])
def test_hosts_are_off_unless_they_are_asked_for(stage: str) -> None:
    assert not DeploymentConfig.load(CONFIGS / f"{stage}.toml").hosts.enabled


def test_each_kind_of_linux_has_its_files() -> None:
    assert set(get_args(LinuxKind)) == set(LINUX_FILES)


@pytest.mark.parametrize(
    ("hosts", "said"),
    [
        ({"tags": {}}, "hosts.tags: unknown key, did you mean 'tag'?"),
        ({"tag": {"key": "aws:name", "value": "x"}}, "keys that begin with aws: are AWS's own"),
        ({"tag": {"key": "k" * 129, "value": "x"}}, "hosts.tag.key"),
        ({"linux": ["mail"]}, "hosts.linux.0"),
        ({"windows": ["Forwarded\nEvents"]}, "hosts.windows.0"),
        ({"windows_levels": []}, "hosts.windows_levels"),
        ({"windows_levels": ["FATAL"]}, "hosts.windows_levels.0"),
        ({"retention_days": 2}, "hosts.retention_days"),
        ({"parameter_tier": "large"}, "hosts.parameter_tier"),
        ({"every_hours": 0}, "hosts.every_hours"),
        ({"every_hours": 744}, "hosts.every_hours"),
        ({"max_concurrency": "0"}, "hosts.max_concurrency"),
        ({"max_concurrency": "101%"}, "hosts.max_concurrency"),
        ({"max_errors": "-1"}, "hosts.max_errors"),
        ({"severity": "severe"}, "hosts.severity"),
        ({"hybrid_accounts": ["some"]}, "hosts.hybrid_accounts"),
        ({"enabled": True, "linux": [], "windows": []}, "expected something in linux, windows"),
    ],
)
def test_what_is_no_choice_is_named(hosts: dict[str, Any], said: str, refuse: Refuse) -> None:
    assert said in refuse({"hosts": hosts})


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ({"path": "shop.log"}, "hosts.files.0.path"),
        ({"log_group": "shop"}, "hosts.files.0.log_group"),
        ({"log_group": "/shop/"}, "hosts.files.0.log_group"),
        ({"log_group": "/shop/a b"}, "hosts.files.0.log_group"),
        ({"retention_days": 10}, "hosts.files.0.retention_days"),
        ({"multi_line_start": "("}, "multi_line_start '('"),
        ({"multi_line_start": "^(?!at )"}, "expected an expression of Go, which has no '(?!'"),
        ({"multi_line_start": r"^(a)\1"}, r"which has no '\\1'"),
        ({"path": "/var/log/messages"}, "paths: named twice: /var/log/messages"),
        ({"log_group": "/var/log/messages"}, "log groups: named twice: /hosts/var/log/messages"),
    ],
)
def test_a_file_that_the_agent_would_not_take_is_refused(
    file: dict[str, Any], said: str, refuse: Refuse
) -> None:
    assert said in refuse({"hosts": {"files": [FILE | file]}})


@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        ("hosts", "hosts.log_group_prefix"),
        ("/aws/hosts", "/aws/ is not the hosts' own"),
        ("/aws", "/aws/ is not the hosts' own"),
        ("/central-logs", "/central-logs/ is not the hosts' own"),
        ("/nginx/access", "to be read by source syslog, found nginx_access"),
    ],
)
def test_a_prefix_that_is_not_theirs_or_misleads_is_refused(
    prefix: str, said: str, refuse: Refuse
) -> None:
    assert said in refuse({"hosts": {"log_group_prefix": prefix}})


def test_a_log_group_of_512_characters_is_taken_and_one_more_refused(
    tmp_path: Path, refuse: Refuse
) -> None:
    longest = {**FILE, "log_group": "/" + "a" * (512 - len("/hosts/"))}
    longer = {**FILE, "log_group": longest["log_group"] + "a"}

    taken = DeploymentConfig.load(write(tmp_path, "sandbox", {"hosts": {"files": [longest]}}))

    assert len(taken.hosts.collected("linux")[-1].log_group) == 512
    assert "a log group of 513 characters, 512 are allowed" in refuse(
        {"hosts": {"files": [longer]}}
    )


def test_machines_are_registered_in_members_only(refuse: Refuse) -> None:
    message = refuse({"hosts": {"hybrid_accounts": ["222222222222", "777777777777"]}})

    assert "hosts.hybrid_accounts: expected members, found 777777777777" in message


@pytest.mark.parametrize(
    ("members", "chosen"),
    [
        ({}, "all"),
        ({}, ["111111111111"]),
        ({"accounts": None, "units": ["ou-ex4m-workloads"]}, ["777777777777"]),
    ],
)
def test_members_of_units_are_not_known_here_and_the_central_account_is_one(
    members: dict[str, Any], chosen: Any, tmp_path: Path
) -> None:
    changes = {"members": members, "hosts": {"hybrid_accounts": chosen}}

    found = DeploymentConfig.load(write(tmp_path, "sandbox", changes)).hosts.hybrid_accounts

    assert (found if found == "all" else list(found)) == chosen


@pytest.mark.parametrize("stage", ["sandbox", "production"])
def test_every_key_stands_in_the_file_and_what_is_commented_out_loads(stage: str) -> None:
    text = (CONFIGS / f"{stage}.toml").read_text(encoding="utf-8")
    start = text.index("[hosts]")
    section = text[start : text.index("\n[", start)]
    given = tomllib.loads(re.sub("^# ", "", section, flags=re.MULTILINE))["hosts"]

    hosts = Hosts.model_validate(given)

    assert set(given) == set(Hosts.model_fields)
    assert set(given["files"][0]) == set(HostFile.model_fields)
    assert hosts.model_copy(update={"files": (), "hybrid_accounts": ()}) == Hosts()
