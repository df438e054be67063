"""An organisation in the local cloud, with the app's stacks that concern its members."""

import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from botocore.exceptions import ClientError

from infra.config import DeploymentConfig
from infra.names import CENTRAL_LOGS, MEMBER_STACK_SET
from infra.stacks.door import DoorStack
from infra.stacks.organisation import OrganisationStack
from local.aws.delegation import STACK_SETS
from local.aws.organizations import unit_id
from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT, CENTRAL_REGION
from local.deploy.cdk import DeployError
from tests.infra.deployment import FLAGS, template_of
from tests.local import landscape as made
from tests.local.pieces import eventually
from tests.local.stacks import Json
from tests.unit.test_config import write

MANAGEMENT = "777777777777"
REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2")
UNITS = {
    CENTRAL_ACCOUNT: "Security",
    "222222222222": "Workloads",
    "333333333333": "Workloads/Production",
    "444444444444": "Workloads/Production/Shop",
    "555555555555": "Workloads/Development",
    "666666666666": "Sandbox",
}
INSIDE = ("222222222222", "333333333333", "444444444444", "555555555555")
OUTSIDE = "666666666666"
WORKLOADS = unit_id("Workloads")
TARGETS = [WORKLOADS, unit_id("Security")]

type Places = set[tuple[str, str]]


class Organisation:
    """One cloud, its organisation, and the app's stacks that concern members."""

    def __init__(self, cloud: LocalCloud, folder: Path) -> None:
        self.cloud = cloud
        self.folder = folder
        self.doors = set[str]()
        self.sections: Json = {}
        self.api = cloud.client("cloudformation")
        self.of_manager = cloud.client("organizations", MANAGEMENT)
        cloud.client("kinesis").create_stream(StreamName=CENTRAL_LOGS, ShardCount=1)
        cloud.client("events").create_event_bus(Name=CENTRAL_LOGS)
        self.stream = f"arn:aws:kinesis:{CENTRAL_REGION}:{CENTRAL_ACCOUNT}:stream/{CENTRAL_LOGS}"

    def trust(self) -> None:
        """The first of what the guide has the management account do."""
        self.cloud.client("cloudformation", MANAGEMENT).activate_organizations_access()

    def delegate(self) -> None:
        """All of it."""
        self.trust()
        self.of_manager.register_delegated_administrator(
            AccountId=CENTRAL_ACCOUNT, ServicePrincipal=STACK_SETS
        )

    def config(self, members: Mapping[str, Any]) -> DeploymentConfig:
        chosen = {"accounts": None, "units": TARGETS, "regions": list(REGIONS[:2]), **members}
        changes = {"members": chosen, **self.sections}
        return DeploymentConfig.load(write(self.folder, "sandbox", changes))

    def deploy(self, **members: Any) -> None:
        """Bring the doors, then the organisation's stack, to these choices."""
        config = self.config(members)
        for region in sorted(set(config.regions) - self.doors):
            self.put(DoorStack(app(), f"Door-{region}", config=config, env=place(region)), region)
            self.doors.add(region)
        self.put(organisation_stack(config), CENTRAL_REGION)

    def put(self, stack: cdk.Stack, region: str, account: str = CENTRAL_ACCOUNT) -> None:
        """Create or update a stack, as the ``cdk`` command does, or leave it if it is so."""
        self.cloud.client("ssm", account, region).put_parameter(
            Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String", Overwrite=True
        )
        api = self.cloud.client("cloudformation", account, region)
        known = {found["StackName"] for found in api.describe_stacks()["Stacks"]}
        what = "update" if stack.stack_name in known else "create"
        try:
            getattr(api, f"{what}_stack")(
                StackName=stack.stack_name,
                TemplateBody=json.dumps(template_of(stack).body),
                Capabilities=["CAPABILITY_NAMED_IAM"],
            )
        except ClientError as refused:
            if "No updates are to be performed" not in str(refused):
                raise
            return
        state = eventually(lambda: ended(api, stack.stack_name), f"the end of {stack.stack_name}")
        if state not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            raise DeployError(reasons(api, stack.stack_name))

    def instances(self, **more: Any) -> list[Json]:
        found: list[Json] = self.api.list_stack_instances(
            StackSetName=MEMBER_STACK_SET, CallAs="DELEGATED_ADMIN", **more
        )["Summaries"]
        return found

    def places(self) -> Places:
        return {(i["Account"], i["Region"]) for i in self.instances() if i["Status"] == "CURRENT"}

    def operations(self) -> list[Json]:
        found: list[Json] = self.api.list_stack_set_operations(
            StackSetName=MEMBER_STACK_SET, CallAs="DELEGATED_ADMIN"
        )["Summaries"]
        return found

    def move(self, account: str, unit: str) -> None:
        """What happens in the organisation, and the only thing that does."""
        (parent,) = self.of_manager.list_parents(ChildId=account)["Parents"]
        self.of_manager.move_account(
            AccountId=account, SourceParentId=parent["Id"], DestinationParentId=unit
        )
        eventually(self.cloud.idle, "the StackSet has followed")

    def sends(self, account: str, region: str) -> bool:
        """Whether a line that is put in a new log group arrives in the central stream."""
        group = made.log_group(self.cloud, account, region)
        made.log(self.cloud, account, group, "hello", region=region)
        return any(
            (envelope["owner"], envelope["logGroup"]) == (account, group)
            and envelope["subscriptionFilters"] == [f"{CENTRAL_LOGS}-{region}"]
            for envelope in made.envelopes(self.cloud, self.stream)
        )

    def senders(self, accounts: tuple[str, ...]) -> Places:
        return {(a, r) for a, r in itertools.product(accounts, REGIONS) if self.sends(a, r)}


def ended(api: Any, stack: str) -> str:
    """The state of a stack that has one; empty while it goes on."""
    (found,) = api.describe_stacks(StackName=stack)["Stacks"]
    state: str = found["StackStatus"]
    return "" if state.endswith("_IN_PROGRESS") else state


def reasons(api: Any, stack: str) -> str:
    events = api.describe_stack_events(StackName=stack)["StackEvents"]
    return "\n".join(event.get("ResourceStatusReason", "") for event in events)


def app() -> cdk.App:
    return cdk.App(context=FLAGS)


def place(region: str, account: str = CENTRAL_ACCOUNT) -> cdk.Environment:
    return cdk.Environment(account=account, region=region)


def organisation_stack(config: DeploymentConfig) -> cdk.Stack:
    left_out = ["/central-logs/normalise"]
    env = place(CENTRAL_REGION)
    return OrganisationStack(app(), "Organisation", config=config, left_out=left_out, env=env)


def every(accounts: tuple[str, ...]) -> Places:
    """Each of these accounts in each region."""
    return set(itertools.product(accounts, REGIONS))
