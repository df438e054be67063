"""The deploy guide, word by word: its commands in a shell, its keys in its file, a fresh checkout.

Of its words are replaced the ids that it says to replace. One thing is different from AWS: the
functions run on this machine, so the configuration is told its architecture.
"""

import os
import re
import subprocess
import tarfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
import tomli_w

from local.aws.organizations import ROOT_ID, unit_id
from local.deploy.config import of_this_machine
from local.deploy.environment import environment
from local.deploy.organisation import MANAGEMENT_ACCOUNT
from local.home import REPOSITORY
from local.story.organisation import CENTRAL, HOME
from tests.e2e_local.inventory import Thing
from tests.e2e_local.life import MEMBERS, Life, until, untouched
from tests.local.aws_command import BIN

GUIDE: Final = REPOSITORY / "docs" / "deploy" / "README.md"
BLOCK: Final = re.compile(r"^```(console|toml)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
UNIT: Final = "Workloads"
MEMBER: Final = "222222222222"
STAGE: Final = "sandbox\n"
"""Typed where a command asks."""

YOURS: Final = {"r-ab12": ROOT_ID, "ou-ab12-1a2b3c4d": unit_id(UNIT)}
"""What the guide says to replace; the local cloud has its other ids as they are."""

PROFILES: Final = {"management": MANAGEMENT_ACCOUNT, "central": CENTRAL, "member": MEMBER}
STAYS: Final = ("CDKToolkit", "cdk-hnb659fds-", "/cdk-bootstrap/", "alias/aws/", "AWSServiceRole")
"""Beginnings of the names of what the guide says will stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What the guide led to.

    Attributes:
        said: What each command printed, by the command.
        seen: Lines that were in the index before the last step.
        left: What was in the accounts after it, and not before the first.
    """

    said: dict[str, str]
    seen: set[str]
    left: frozenset[Thing]

    def of(self, words: str) -> str:
        """What the command with these words printed."""
        (found,) = {text for command, text in self.said.items() if words in command}
        return found


class Reader:
    """A new user with the guide, a shell and an editor."""

    def __init__(self, life: Life, folder: Path) -> None:
        self.life = life
        self.home = folder / "checkout"
        self.said: dict[str, str] = {}
        self.seen: set[str] = set()
        profiles = folder / "profiles"
        profiles.write_text(
            "".join(
                f"[profile {name}]\nregion = {HOME}\naws_access_key_id = {account}\n"
                "aws_secret_access_key = test\n"
                for name, account in PROFILES.items()
            ),
            encoding="utf-8",
        )
        given = environment(life.cloud.endpoint, CENTRAL, HOME)
        for own in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "VIRTUAL_ENV"):
            given.pop(own, None)
        self.environment = {
            **given,
            "PATH": os.pathsep.join((BIN, given["PATH"])),
            "AWS_CONFIG_FILE": str(profiles),
            "AWS_PAGER": "",
        }

    def follow(self, text: str) -> None:
        """Do what each block says, in order."""
        for theirs, own in YOURS.items():
            text = text.replace(theirs, own)
        for kind, block in BLOCK.findall(text):
            if kind == "toml":
                self._edit(tomllib.loads(block))
            else:
                for command in re.findall(r"^\$ ((?:.*\\\n)*.*)$", block, re.MULTILINE):
                    self._run(command)

    def _run(self, command: str) -> None:
        if "ops destroy" in command:
            self._await_lines()
        done = subprocess.run(  # noqa: S603  the guide's own
            ["/bin/bash", "-c", command],
            cwd=self.home,
            env=self.environment,
            input=STAGE,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
        self.said[command] = done.stdout

    def _edit(self, keys: dict[str, Any]) -> None:
        file = self.home / "config" / "mine.toml"
        given = tomllib.loads(file.read_text(encoding="utf-8"))
        for name, value in keys.items():
            given[name] = {**given[name], **value} if isinstance(value, dict) else value
        given["members"].pop("accounts", None)
        given["function"] |= of_this_machine()
        file.write_text(tomli_w.dumps(given), encoding="utf-8")

    def _await_lines(self) -> None:
        """Wait until the lines that the guide has written are in the index."""
        wanted = set(re.findall(r"message=([a-z ]+)", " ".join(self.said)))
        until(lambda: self._lines() >= wanted, f"{wanted} in the index")
        self.seen = self._lines()

    def _lines(self) -> set[str]:
        search = self.life.server.client()
        search.indices.refresh(index="logs-*")
        query = {"term": {"aws.cloudwatch.log_group": "/hello"}}
        hits = search.search(index="logs-*", body={"query": query})["hits"]["hits"]
        return {hit["_source"]["message"] for hit in hits}


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    folder = tmp_path_factory.mktemp("guide")
    with untouched(folder, "subscribe") as life:
        life.remember(CENTRAL, *MEMBERS)
        reader = Reader(life, folder)
        check_out(reader.home)
        reader.follow(GUIDE.read_text(encoding="utf-8"))
        yield Followed(said=reader.said, seen=reader.seen, left=life.left())


def check_out(folder: Path) -> None:
    """Copy what a clone would have, and what is not committed yet."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(words, cwd=REPOSITORY, check=True, capture_output=True).stdout  # noqa: S603  fixed
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as files:
        for name in names.decode().rstrip("\0").split("\0"):
            if (REPOSITORY / name).exists():
                files.add(REPOSITORY / name, arcname=name)
    packed.seek(0)
    with tarfile.open(fileobj=packed) as files:
        files.extractall(folder, filter="data")


def test_what_is_to_be_looked_up_is_found(followed: Followed) -> None:
    assert followed.of("describe-organization").strip() == "o-exampleorgid"
    assert ROOT_ID in followed.of("list-roots")
    assert unit_id(UNIT) in followed.of("list-organizational-units-for-parent")


def test_nothing_stands_in_the_way(followed: Followed) -> None:
    assert "0 errors" in followed.of("ops preflight").splitlines()[-1]
    assert "ok      service-linked role: us-east-1" in followed.of("ops preflight")
    assert followed.of("ops doctor").splitlines()[-1] == "Nothing was found that stops an event."


def test_every_account_of_the_unit_is_on_board(followed: Followed) -> None:
    rows = [line.split() for line in followed.of("list-stack-instances").splitlines()]

    assert {(account, region, state) for account, region, state, *_ in rows} == {
        (account, HOME, "CURRENT") for account in MEMBERS if account != "666666666666"
    }


def test_the_lines_of_both_regions_arrive(followed: Followed) -> None:
    assert followed.seen == {"hello", "hello again"}


def test_nothing_is_left_but_what_the_guide_names(followed: Followed) -> None:
    left = [thing for thing in followed.left if not thing.name.startswith(STAYS)]

    assert sorted(left) == []
