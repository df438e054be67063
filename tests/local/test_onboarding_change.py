"""From subscriptions to copies and back, as the guide has it: each event arrives, and is one.

The app's own stacks of members and of the rule change in the local cloud, and the core reads the
stream as the function would at each step. Lines are generic: no source gives them an identity.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from infra.config import DeploymentConfig
from infra.config.centralise import scope
from infra.constructs.members.centralisation import Centralisation
from infra.constructs.store.key import Key
from infra.stacks.member import MemberStack
from local.aws.centralisation.destination import PRINCIPAL
from local.aws.delegation import CLOUDWATCH
from local.aws.organizations import ROOT_ID
from local.aws.process import LocalCloud, free_port
from local.aws.settings import CENTRAL_ACCOUNT, CENTRAL_REGION, Settings
from logcore.normalise import Normaliser
from logcore.record import Accepted
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.transports.copied_groups import NO_COPIES, Copies
from tests.local import landscape as made
from tests.local.organisation import MANAGEMENT, UNITS, Organisation, app, place

REGIONS = (CENTRAL_REGION, "eu-west-1")
MEMBERS = ("222222222222", "333333333333")
PLACES = [(account, region) for account in (CENTRAL_ACCOUNT, *MEMBERS) for region in REGIONS]
GROUP = "/apps/web"

ROUTING = Routing(SOURCES)
SUBSCRIBED = Normaliser(ROUTING, copies=NO_COPIES)
PARALLEL = Normaliser(ROUTING, copies=Copies(CENTRAL_ACCOUNT, parallel=True))
CENTRALISED = Normaliser(ROUTING, copies=Copies(CENTRAL_ACCOUNT))


class Change:
    """An organisation whose members change the mode, and what arrives of them meanwhile."""

    def __init__(self, cloud: LocalCloud, folder: Path) -> None:
        self.cloud = cloud
        self.organisation = Organisation(cloud, folder)
        self.written = 0
        self.read = 0
        self.documents: Counter[tuple[str, str, str, str]] = Counter()
        self._ids = set[str]()
        self._delegate()
        for account, region in PLACES:
            logs = cloud.client("logs", account, region)
            logs.create_log_group(logGroupName=GROUP)
            logs.create_log_stream(logGroupName=GROUP, logStreamName="s")

    def deploy(self, **members: Any) -> None:
        """Bring doors, the central account's stacks and the StackSet to these choices."""
        chosen = {"units": [ROOT_ID], "regions": list(REGIONS), **members}
        self.organisation.deploy(**chosen)
        config = self.organisation.config(chosen)
        for region in REGIONS:
            self.organisation.put(central_member(config, region), region)

    def copy(self, **members: Any) -> None:
        """Make the rule, with the key that copies are encrypted with."""
        chosen = {"units": [ROOT_ID], "regions": list(REGIONS), **members}
        self.organisation.put(copying(self.organisation.config(chosen)), CENTRAL_REGION)

    def end_copying(self) -> None:
        self.organisation.api.delete_stack(StackName="Centralisation")
        waiter = self.organisation.api.get_waiter("stack_delete_complete")
        waiter.wait(StackName="Centralisation", WaiterConfig={"Delay": 0.1, "MaxAttempts": 100})

    def write(self) -> None:
        """One line in each place, no two of them at one time."""
        self.written += 1
        for account, region in PLACES:
            made.log(self.cloud, account, GROUP, f"line {self.written}", region=region)

    def normalise(self, normalise: Normaliser) -> None:
        """What the function makes of what came since the last time."""
        payloads = [r["Data"] for r in made.records(self.cloud, self.organisation.stream)]
        for payload in payloads[self.read :]:
            for outcome in normalise.payload(payload):
                assert isinstance(outcome, Accepted)
                self._keep(outcome.document)
        self.read = len(payloads)

    def _keep(self, document: dict[str, Any]) -> None:
        """As the index does: once for each identity."""
        if document["event"]["id"] in self._ids:
            return
        self._ids.add(document["event"]["id"])
        cloud, log = document["cloud"], document["aws"]["cloudwatch"]
        said = document["message"], cloud["account"]["id"], cloud["region"], log["log_group"]
        self.documents[said] += 1

    def _delegate(self) -> None:
        self.organisation.delegate()
        manager = self.organisation.of_manager
        manager.enable_aws_service_access(ServicePrincipal=CLOUDWATCH)
        manager.register_delegated_administrator(
            AccountId=CENTRAL_ACCOUNT, ServicePrincipal=CLOUDWATCH
        )
        self.cloud.client("iam").create_service_linked_role(AWSServiceName=PRINCIPAL)


def central_member(config: DeploymentConfig, region: str) -> cdk.Stack:
    return MemberStack(
        app(),
        f"Member-{region}",
        config=config,
        left_out=["/central-logs/normalise"],
        env=place(region),
    )


def copying(config: DeploymentConfig) -> cdk.Stack:
    """The rule as the app makes it, and of the store the key alone."""
    stack = cdk.Stack(app(), "Centralisation", env=place(CENTRAL_REGION))
    key = Key(
        stack, "Key", alias="alias/copies", removal=cdk.RemovalPolicy.DESTROY, keeps_copies=True
    )
    Centralisation(
        stack,
        "Members",
        sources=scope(config.members, config.the_organisation, config.central),
        regions=config.regions,
        chosen=config.members.centralise,
        key=key.key,
    )
    return stack


@pytest.fixture
def change(tmp_path: Path) -> Iterator[Change]:
    accounts = {
        id_: {"name": f"a{id_}", "unit": unit, "tags": {}}
        for id_, unit in UNITS.items()
        if id_ in (CENTRAL_ACCOUNT, *MEMBERS)
    }
    settings = Settings(
        port=free_port(), organisation=json.dumps(accounts), management_account=MANAGEMENT
    )
    with LocalCloud(tmp_path / "cloud.log", settings) as cloud:
        yield Change(cloud, tmp_path)


def every_line_once(lines: int) -> dict[tuple[str, str, str, str], int]:
    return {
        (f"line {line}", account, region, GROUP): 1
        for line in range(1, lines + 1)
        for account, region in PLACES
    }


def test_changing_to_copies_and_back_loses_nothing_and_doubles_nothing(change: Change) -> None:
    change.deploy()
    change.write()
    change.normalise(SUBSCRIBED)

    change.copy(parallel=True)  # the function has changed before
    change.deploy(parallel=True)
    change.write()
    both_ways = len(made.envelopes(change.cloud, change.organisation.stream))
    change.deploy(mode="centralise")
    change.write()
    change.normalise(PARALLEL)
    change.write()
    change.normalise(CENTRALISED)

    change.deploy(parallel=True)
    change.write()
    change.end_copying()
    change.write()
    change.normalise(PARALLEL)
    change.deploy()
    change.write()
    change.normalise(SUBSCRIBED)

    assert both_ways == len(PLACES) * 3, "at first one way, then two"
    assert dict(change.documents) == every_line_once(change.written)
    assert change.cloud.refused() == []


def test_without_parallel_lines_that_come_both_ways_are_doubled(change: Change) -> None:
    change.deploy()
    change.copy(mode="centralise")
    change.write()
    change.normalise(CENTRALISED)

    doubled = [said for said, count in change.documents.items() if count == 2]
    assert len(doubled) == len(PLACES) - 1, "but for the central account and region"
