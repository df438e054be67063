"""An organisation of five members in three regions, and everything that happens to a deployment.

Each step is what a person does: deploy, let an account join, change the configuration, upgrade,
destroy. Lines are written all the while, each with a text of its own, so that what is lost and what
is there twice has a name.
"""

import itertools
import json
import subprocess
import sys
import threading
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import tomli_w

from infra.names import MEMBER_STACK_SET, stack_name
from local.aws.organizations import unit_id
from local.aws.process import LocalCloud, free_port
from local.deploy.cdk import Cdk
from local.deploy.config import of_this_machine
from local.deploy.environment import environment
from local.deploy.organisation import (
    MANAGEMENT_ACCOUNT,
    delegate_centralisation,
    delegate_stack_sets,
)
from local.home import REPOSITORY
from local.laptop import cloud_settings
from local.opensearch import OpenSearchServer, default_home
from local.story.entry import Place
from local.story.organisation import CENTRAL, HOME
from tests.e2e_local import patience
from tests.e2e_local.inventory import Thing, inventory, stack_sets

REGIONS = (HOME, "eu-west-1", "ap-southeast-2")
NEW_REGION = "ca-central-1"
UNITS = {
    CENTRAL: "Security",
    "222222222222": "Workloads/Production",
    "333333333333": "Workloads/Production/Payments",
    "444444444444": "Workloads/Development",
    "555555555555": "Workloads",
    "666666666666": "Infrastructure",
}
"""Path of the unit of each account; units hold units."""

MEMBERS = tuple(account for account in UNITS if account != CENTRAL)
ONBOARDED = (unit_id("Workloads"), unit_id("Infrastructure"))
GROUP = "/apps/life"
STAGE = "sandbox"
until = partial(patience.until, patience_s=120.0)

type Change = Callable[[dict[str, Any]], None]
"""Edits a configuration as its file has it."""


def organisation() -> str:
    """For ``Settings.organisation``."""
    accounts = {
        account: {"name": f"account-{account[0]}", "unit": unit, "tags": {}}
        for account, unit in UNITS.items()
    }
    return json.dumps(accounts)


@dataclass
class Life:
    """One deployment in one organisation.

    Attributes:
        cloud: The local cloud.
        server: The search server behind its domain.
        folder: What belongs to this life alone.
        mode: ``members.mode`` of the configuration.
        written: Every line that was put so far, by where.
        accounts: Members that are onboarded.
        regions: Regions that are onboarded.
        empty: What was in the accounts before the deployment.
    """

    cloud: LocalCloud
    server: OpenSearchServer
    folder: Path
    mode: str
    written: Counter[tuple[Place, str]] = field(default_factory=Counter)
    accounts: tuple[str, ...] = MEMBERS
    regions: tuple[str, ...] = REGIONS
    empty: frozenset[Thing] = frozenset()

    @property
    def config_file(self) -> Path:
        return self.folder / "deployment.toml"

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(itertools.starmap(Place, itertools.product(self.accounts, self.regions)))

    def deploy(self, change: Change = lambda _: None, *, home: Path = REPOSITORY) -> None:
        """What ``cdk deploy --all`` does with the sandbox's configuration for this organisation.

        Args:
            change: What is chosen besides.
            home: The checkout that is deployed.
        """
        self.cdk(home).deploy(self.configure(change, home=home))

    def configure(self, change: Change, *, home: Path = REPOSITORY) -> Path:
        """Write the configuration that ``deploy`` takes; gives its file."""
        given = tomllib.loads((home / "config" / "sandbox.toml").read_text(encoding="utf-8"))
        given["function"] |= of_this_machine()
        given["datasets"]["*"]["sink"] = "direct"
        del given["members"]["accounts"]
        given["members"] |= {"units": list(ONBOARDED), "regions": list(REGIONS)}
        if self.mode != "subscribe":
            given["members"]["mode"] = self.mode
        change(given)
        self.config_file.write_text(tomli_w.dumps(given), encoding="utf-8")
        return self.config_file

    def destroy(self) -> subprocess.CompletedProcess[str]:
        """What ``python -m ops destroy`` does, which nobody is asked about and waits for nothing.

        That it waits until all is quiet takes minutes; tests/local/test_ops_destroy.py shows it.
        """
        words = ("destroy", "--data", "remove", "--yes", "--wait-minutes", "0")
        return subprocess.run(  # noqa: S603  this project's own command
            [sys.executable, "-m", "ops", *words, "--config", str(self.config_file)],
            cwd=REPOSITORY,
            env=environment(self.cloud.endpoint, CENTRAL, HOME),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def remember(self, *accounts: str) -> None:
        """Take what is in accounts as what was there before the deployment."""
        self.empty |= self._inventory(accounts)

    def left(self) -> frozenset[Thing]:
        """Everything that was not there before, but the log group that lines were put in."""
        found = self._inventory((CENTRAL, *self.accounts)) | stack_sets(self.cloud)
        return frozenset(thing for thing in found - self.empty if thing.name != GROUP)

    def _inventory(self, accounts: Sequence[str]) -> frozenset[Thing]:
        everywhere = itertools.product(accounts, (*REGIONS, NEW_REGION))
        return inventory(self.cloud, itertools.starmap(Place, everywhere))

    def cdk(self, home: Path = REPOSITORY) -> Cdk:
        return Cdk(
            endpoint=self.cloud.endpoint,
            central=CENTRAL,
            region=HOME,
            log=self.folder / "cdk.log",
            output=self.folder / "cdk.out",
            home=home,
        )

    def join(self, name: str, unit: str) -> str:
        """Make an account and move it into a unit, as whoever vends accounts does."""
        api = self.cloud.client("organizations", MANAGEMENT_ACCOUNT)
        made = api.create_account(AccountName=name, Email=f"{name}@example.com")
        account = str(made["CreateAccountStatus"]["AccountId"])
        self.remember(account)
        (parent,) = api.list_parents(ChildId=account)["Parents"]
        api.move_account(
            AccountId=account, SourceParentId=parent["Id"], DestinationParentId=unit_id(unit)
        )
        until(lambda: self.instances(account) == set(self.regions), f"stacks of {account}")
        self.accounts = (*self.accounts, account)
        return account

    def instances(self, account: str) -> set[str]:
        """Regions in which the StackSet has an account's stack."""
        found = self.cloud.client("cloudformation").list_stack_instances(
            StackSetName=MEMBER_STACK_SET, CallAs="DELEGATED_ADMIN", StackInstanceAccount=account
        )["Summaries"]
        return {each["Region"] for each in found if each["Status"] == "CURRENT"}

    def put(self, place: Place, text: str) -> None:
        """Write one line into the application's log group of a place."""
        logs = self.cloud.client("logs", *place)
        known = logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"]
        if not known:
            logs.create_log_group(logGroupName=GROUP)
            logs.create_log_stream(logGroupName=GROUP, logStreamName="s")
        event = {"timestamp": time.time_ns() // 1_000_000, "message": text}
        logs.put_log_events(logGroupName=GROUP, logStreamName="s", logEvents=[event])
        self.written[place, text] += 1

    def put_everywhere(self, text: str) -> None:
        """Write a line in every account and region that is onboarded."""
        for place in self.places:
            self.put(place, f"{text} {place.account} {place.region}")

    def announce(self, source: str, when: str) -> None:
        """Put an event of a service on the bus of every account and region."""
        for place in self.places:
            event = {"Source": source, "DetailType": "State", "Detail": json.dumps({"when": when})}
            self.cloud.client("events", *place).put_events(Entries=[event])

    def announced(self, *, at_least: int) -> Counter[tuple[str, str, str]]:
        """Events that the index has, by account, service and ``when``."""
        until(lambda: self._announced().total() >= at_least, f"{at_least} events")
        until(self.cloud.idle, "nothing under way")
        return self._announced()

    def _announced(self) -> Counter[tuple[str, str, str]]:
        hits = self._search({"term": {"event.dataset": "aws.events"}})
        return Counter(
            (each["cloud"]["account"]["id"], *_announced_by(each["aws"])) for each in hits
        )

    @contextmanager
    def writing(self, text: str) -> Iterator[None]:
        """Write lines, place after place, while something else goes on."""
        done = threading.Event()
        writer = threading.Thread(target=self._write, args=(text, done))
        writer.start()
        try:
            yield
        finally:
            done.set()
            writer.join()

    def _write(self, text: str, done: threading.Event) -> None:
        for number, place in enumerate(itertools.cycle(self.places)):
            if done.wait(0.1):
                return
            self.put(place, f"{text} {number}")

    def arrived(self) -> Counter[tuple[Place, str]]:
        """Every line that the index has, by where it says that it comes from."""
        return Counter(map(_line, self._search({"term": {"aws.cloudwatch.log_group": GROUP}})))

    def _search(self, query: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        search = self.server.client()
        search.indices.refresh(index="logs-*")
        body = {"query": query, "size": 10_000}
        hits = search.search(index="logs-*", body=body)["hits"]["hits"]
        return [hit["_source"] for hit in hits]

    def settled(self) -> Counter[tuple[Place, str]]:
        """The same once nothing is on its way any more."""
        until(lambda: self.cloud.idle() and self.arrived() >= self.written, "everything written")
        return self.arrived()

    def stateful(self) -> dict[str, str]:
        """Physical ids of what holds data or is named by others, by stack and logical id."""
        return {
            f"{region} {stack} {resource['LogicalResourceId']}": resource["PhysicalResourceId"]
            for region, stack in self.stacks()
            for resource in self._resources(region, stack)
            if resource["ResourceType"] in STATEFUL
        }

    def stacks(self) -> Sequence[tuple[str, str]]:
        """Region and name of every stack of the deployment in the central account."""
        prefix = stack_name(STAGE)
        return [
            (region, stack["StackName"])
            for region in (*REGIONS, NEW_REGION)
            for stack in self._api(region).describe_stacks()["Stacks"]
            if stack["StackName"].startswith(prefix)
        ]

    def _resources(self, region: str, stack: str) -> list[Mapping[str, Any]]:
        pages = self._api(region).get_paginator("list_stack_resources").paginate(StackName=stack)
        return [each for page in pages for each in page["StackResourceSummaries"]]

    def _api(self, region: str) -> Any:
        return self.cloud.client("cloudformation", CENTRAL, region)


@contextmanager
def begin(folder: Path, mode: str) -> Iterator[Life]:
    """An organisation in a cloud of its own, prepared as the deploy guide says, and no more."""
    with untouched(folder, mode) as life:
        delegate_stack_sets(life.cloud)
        if mode == "centralise":
            delegate_centralisation(life.cloud)
        life.cdk().bootstrap([CENTRAL], (*REGIONS, NEW_REGION))
        life.remember(CENTRAL, *MEMBERS)
        yield life


@contextmanager
def untouched(folder: Path, mode: str) -> Iterator[Life]:
    """The same before anybody has prepared anything."""
    port = free_port()
    settings = cloud_settings(folder, port, organisation=organisation(), manager=MANAGEMENT_ACCOUNT)
    with (
        LocalCloud(folder / "cloud.log", settings) as cloud,
        OpenSearchServer.start(home=default_home(), port=port) as server,
    ):
        yield Life(cloud, server, folder, mode)


STATEFUL = {
    "AWS::Events::EventBus",
    "AWS::KMS::Key",
    "AWS::Kinesis::Stream",
    "AWS::Logs::Destination",
    "AWS::OpenSearchService::Domain",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
}


def _line(document: Mapping[str, Any]) -> tuple[Place, str]:
    cloud = document["cloud"]
    return Place(cloud["account"]["id"], cloud["region"]), document["message"]


def _announced_by(carried: Mapping[str, Any]) -> tuple[str, str]:
    return carried["eventbridge"]["source"], carried["events"]["detail"]["when"]
