"""A whole deployment in the local cloud, from the app's own templates, and commands against it.

Left out is the one custom resource, which needs a search server; the functions are stubs.
"""

import io
import json
import time
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3

from infra.bundle import code_only
from infra.config import DeploymentConfig
from local.aws.process import CLIENT_CONFIG, LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT
from ops.access import Accounts
from ops.cli import main
from ops.view import Clients
from tests.infra.deployment import synthesise
from tests.local import landscape as made
from tests.local.ground import Beside
from tests.local.organisation import ended, reasons
from tests.local.pieces import eventually
from tests.unit.test_config import write

HOME, IRELAND = REGIONS = ("us-east-1", "eu-west-1")
ELSEWHERE = ("ap-southeast-2", "eu-central-1")
MEMBER = "222222222222"

STUB = "def handler(event, context):\n    return {}\n"
FUNCTIONS = ("normalise", "read_objects", "search_setup", "snapshot_organisation")

ROLES = {
    "deploy": ("cloudformation:Describe*", "cloudformation:List*", "cloudformation:DeleteStack"),
    "lookup": ("logs:Describe*",),
}
"""What each role of the bootstrap stack may do, as far as it matters here."""

type Json = dict[str, Any]


class Clock:
    """Goes as fast as a test can look."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def sleep(self, seconds: float) -> None:
        time.sleep(0.02)
        self._ahead += timedelta(seconds=seconds)


class Deployed:
    """One deployment of the sandbox: the central account and one listed member, two regions.

    Attributes:
        said: What the last command printed.
    """

    def __init__(self, cloud: LocalCloud, folder: Path, **changes: Any) -> None:
        self.cloud = cloud
        self.folder = folder
        self.said = ""
        members = {"accounts": [MEMBER], "units": None, "regions": list(REGIONS)}
        self.changes: Json = {"members": members, **changes}
        self.config = self._configured()
        self.clock = Clock()

    def client(self, service: str, region: str = HOME, account: str = CENTRAL_ACCOUNT) -> Any:
        return self.cloud.client(service, account, region)

    def deploy(self) -> None:
        """Every stack, each after those that it needs."""
        bodies = templates(json.dumps(self.changes, sort_keys=True))
        self._prepare(bodies)
        for name in sorted(bodies, key=_order):
            self._put(name, bodies[name])
        eventually(self.cloud.idle, "the subscriptions' first messages are processed")

    def run(self, *words: str, answers: str = "", clients: Any = None) -> int:
        """One command line; its exit code."""
        self.config = self._configured()
        lines: list[str] = []
        try:
            return main(
                [*words, "--config", str(self.folder / "config.toml")],
                session=lambda _profile: clients or self.as_root,
                assumed=self.with_keys,
                say=lines.append,
                ask=lambda _question: answers,
                clock=self.clock,
            )
        finally:
            self.said = "\n".join(lines)

    def as_root(self, service: str, region: str) -> Any:
        client = self.client(service, region)
        few: Any = {"get_paginator": _regions}
        return Beside(client, few) if service == "account" else client

    def with_keys(self, keys: Mapping[str, Any]) -> Clients:
        session: Any = boto3.Session(
            keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]
        )
        return cache(
            lambda service, region: session.client(
                service, region_name=region, endpoint_url=self.cloud.endpoint, config=CLIENT_CONFIG
            )
        )

    def accounts(self) -> Accounts:
        return Accounts(
            central_account=CENTRAL_ACCOUNT,
            central=self.as_root,
            session=lambda _profile: self.as_root,
            assumed=self.with_keys,
        )

    def names(self, region: str = HOME, account: str = CENTRAL_ACCOUNT) -> set[str]:
        """Stacks that are there, without what their names have in common."""
        told = self.client("cloudformation", region, account).describe_stacks()["Stacks"]
        return {s["StackName"].removeprefix("CentralLogs-sandbox-") for s in told}

    def physical(self, stack: str, type_: str, region: str = HOME, part: str = "") -> str:
        """Physical id of a resource."""
        told = self.client("cloudformation", region).list_stack_resources(
            StackName=f"CentralLogs-sandbox-{stack}"
        )["StackResourceSummaries"]
        ids = [
            r["PhysicalResourceId"]
            for r in told
            if r["ResourceType"] == type_ and part in r["LogicalResourceId"]
        ]
        found: str = ids[0]
        return found

    def bootstrap_roles(self, account: str, *kinds: str) -> None:
        """The roles of the bootstrap stack by which the central account reaches another."""
        iam = self.client("iam", account=account)
        for region in REGIONS:
            for kind in kinds or ROLES:
                name, actions = f"cdk-hnb659fds-{kind}-role-{account}-{region}", ROLES[kind]
                trust = {
                    "Effect": "Allow",
                    "Principal": {"AWS": CENTRAL_ACCOUNT},
                    "Action": "sts:AssumeRole",
                }
                iam.create_role(RoleName=name, AssumeRolePolicyDocument=made.policy(trust))
                iam.put_role_policy(
                    RoleName=name,
                    PolicyName="p",
                    PolicyDocument=made.policy(made.allow(list(actions))),
                )

    def metric(self, name: str, value: float, **dimensions: str) -> None:
        """What CloudWatch would know: ``AWS/Kinesis IncomingRecords``, a moment ago."""
        namespace, _, metric = name.partition(" ")
        self.client("cloudwatch").put_metric_data(
            Namespace=namespace,
            MetricData=[
                {
                    "MetricName": metric,
                    "Value": value,
                    "Timestamp": self.clock.now() - timedelta(seconds=1),
                    "Dimensions": [{"Name": k, "Value": v} for k, v in dimensions.items()],
                }
            ],
        )

    def _configured(self) -> DeploymentConfig:
        path = write(self.folder, "sandbox", self.changes)
        (self.folder / "config.toml").write_bytes(path.read_bytes())
        return DeploymentConfig.load(path)

    def _prepare(self, bodies: Mapping[str, Json]) -> None:
        for account in (CENTRAL_ACCOUNT, MEMBER):
            for region in REGIONS:
                self.client("ssm", region, account).put_parameter(
                    Name="/cdk-bootstrap/hnb659fds/version",
                    Value="30",
                    Type="String",
                    Overwrite=True,
                )
        s3 = self.client("s3")
        bucket = f"cdk-hnb659fds-assets-{CENTRAL_ACCOUNT}-{HOME}"
        s3.create_bucket(Bucket=bucket)
        resources = [r for body in bodies.values() for r in body["Resources"].values()]
        for function in (r for r in resources if r["Type"] == "AWS::Lambda::Function"):
            code = function["Properties"]["Code"]
            s3.put_object(Bucket=bucket, Key=code["S3Key"], Body=stubs())

    def _put(self, name: str, body: Json) -> None:
        account, region = _place(name)
        api = self.client("cloudformation", region, account)
        stack = f"CentralLogs-sandbox-{name}"
        api.create_stack(
            StackName=stack,
            TemplateBody=json.dumps(_without_setup(body)),
            Capabilities=["CAPABILITY_NAMED_IAM"],
            EnableTerminationProtection=self.config.removal == "retain" and name == "search",
        )
        state = eventually(lambda: ended(api, stack), f"the end of {stack}")
        assert state == "CREATE_COMPLETE", reasons(api, stack)


class _Regions:
    """A few of the regions that an account has; each costs a look."""

    def paginate(self, **_: Any) -> list[Json]:
        return [{"Regions": [{"RegionName": name} for name in (*REGIONS, *ELSEWHERE)]}]


def _regions(_method: str) -> _Regions:
    return _Regions()


@cache
def templates(changes: str) -> Mapping[str, Json]:
    """The templates of the sandbox with these changes; a synthesis takes seconds."""
    with TemporaryDirectory() as folder:
        path = write(Path(folder), "sandbox", json.loads(changes))
        with synthesise(str(path), code_only(Path(folder) / "bundles")) as made_of:
            return {name: dict(found.body) for name, found in made_of.templates.items()}


def _order(name: str) -> tuple[int, str]:
    order = ("search", "pipeline", "door", "member", "organisation", "centralisation")
    return order.index(name.partition("-")[0]), name


def _place(name: str) -> tuple[str, str]:
    match name.split("-", 2):
        case ["member", account, region]:
            return account, region
        case ["door", *region]:
            return CENTRAL_ACCOUNT, "-".join(region)
        case _:
            return CENTRAL_ACCOUNT, HOME


def _without_setup(body: Json) -> Json:
    """The template without the custom resource; nothing waits for it any more."""
    gone = {k for k, r in body["Resources"].items() if r["Type"] == "Custom::SearchSetup"}
    kept = {k: dict(r) for k, r in body["Resources"].items() if k not in gone}
    for resource in kept.values():
        if "DependsOn" in resource:
            resource["DependsOn"] = [k for k in resource["DependsOn"] if k not in gone]
    return {**body, "Resources": kept}


def stubs() -> bytes:
    """A bundle of every function, which does nothing."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for function in FUNCTIONS:
            archive.writestr(f"lambdas/{function}/handler.py", STUB)
    return packed.getvalue()
