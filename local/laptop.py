"""The laptop, up and running: a search server, a cloud, and the app deployed into it."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trustme
from opensearchpy import OpenSearch

from infra.config import DeploymentConfig
from infra.config.stream import Central
from local.aws.process import LocalCloud, free_port
from local.aws.settings import CENTRAL_ACCOUNT, Settings
from local.deploy.cdk import Cdk
from local.deploy.config import NO_CHANGES, Onboarding, Sections, derive_config
from local.deploy.organisation import (
    MANAGEMENT_ACCOUNT,
    as_json,
    await_snapshot,
    delegate_centralisation,
    delegate_stack_sets,
)
from local.home import REPOSITORY, RUN
from local.lambda_python import lambda_python
from local.opensearch import OpenSearchServer, default_home
from local.story.entry import Place

CONFIG = "deployment.toml"
"""Name of the configuration's file in the folder of a run."""

type Say = Callable[[str, float | None], None]
"""Is told what goes on, and how far it is (0 to 1) where that is known."""

type Bring = Callable[[LocalCloud], Sections]
"""Makes what the deployment should be brought, and names it in the configuration."""


@dataclass(frozen=True, slots=True)
class Laptop:
    """Everything that a demonstration or an end-to-end test talks to.

    Attributes:
        cloud: The local cloud.
        server: The search server behind its domain.
        cdk: The command that deployed.
        config: What was deployed.
        outputs: The stacks' outputs, by stack name.
    """

    cloud: LocalCloud
    server: OpenSearchServer
    cdk: Cdk
    config: DeploymentConfig
    outputs: Mapping[str, Mapping[str, Any]]

    @property
    def search(self) -> OpenSearch:
        """A client that may do everything."""
        return self.server.client()

    def output(self, name: str) -> str:
        """The value of the one stack output of that name.

        Raises:
            LookupError: no stack has it.
        """
        for values in self.outputs.values():
            if name in values:
                return str(values[name])
        raise LookupError(f"no stack has an output {name!r}; they have {dict(self.outputs)}")

    def client(self, service: str, place: Place | None = None) -> Any:  # noqa: ANN401  as boto3.client
        """A boto3 client in a place, as the root of its account; central by default."""
        central = Place(self.config.central.account, self.config.central.region)
        return self.cloud.client(service, *(place or central))

    def idle(self) -> bool:
        """Whether nothing is under way in the cloud: no buffer is filled, no stream unread."""
        return self.cloud.idle()


@contextmanager
def laptop(
    sink: str,
    say: Say = lambda _what, _share: None,
    onboarding: Onboarding = "list",
    bring: Bring = lambda _cloud: NO_CHANGES,
    folder: Path = RUN,
) -> Iterator[Laptop]:
    """Bring everything up, and take it down again whatever happens.

    The search server starts while the cloud's accounts are bootstrapped; the app needs both.
    Accounts that a StackSet onboards are not bootstrapped: they need nothing. What the deployment
    is brought is made in the empty cloud.

    Args:
        sink: What documents take to the index.
        say: Is told what goes on.
        onboarding: How members come.
        bring: Makes what is brought.
        folder: Belongs to this run; whatever is in it goes. Runs side by side have one each.

    Raises:
        StartError: a server did not start.
        DeployError: bootstrapping or deploying failed; its log is named.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    port = free_port()
    with ExitStack() as stack:
        aside = stack.enter_context(ThreadPoolExecutor(1))
        starting = aside.submit(
            OpenSearchServer.start, home=default_home(), port=port, progress=say
        )
        stack.callback(_stop, starting)
        cloud = stack.enter_context(
            LocalCloud(
                folder / "cloud.log",
                cloud_settings(
                    folder,
                    port,
                    organisation=as_json(),
                    manager=CENTRAL_ACCOUNT if onboarding == "list" else MANAGEMENT_ACCOUNT,
                ),
            )
        )
        config = derive_config(folder / CONFIG, sink, onboarding, bring(cloud))
        if onboarding != "list":
            delegate_stack_sets(cloud)
        if onboarding == "centralise":
            delegate_centralisation(cloud)
        cdk = Cdk(
            endpoint=cloud.endpoint,
            central=config.central.account,
            region=config.central.region,
            log=folder / "cdk.log",
            output=folder / "cdk.out",
        )
        say("bootstrapping the accounts", None)
        cdk.bootstrap(config.accounts, config.regions)
        say("bootstrapping the accounts", 1.0)
        server = starting.result()
        for bucket in config.objects.buckets:
            _make_bucket(cloud, bucket.name, config.central)
        say("deploying the app", None)
        outputs = cdk.deploy(folder / CONFIG)
        say("deploying the app", 1.0)
        await_snapshot(cloud.client("s3"), outputs)
        yield Laptop(cloud, server, cdk, config, outputs)


def _stop(starting: "Future[OpenSearchServer]") -> None:
    if starting.exception() is None:
        starting.result().stop()


def _make_bucket(cloud: LocalCloud, name: str, central: Central) -> None:
    """A bucket that tells EventBridge of its objects, as the one who writes log files has it."""
    s3 = cloud.client("s3", central.account, central.region)
    s3.create_bucket(Bucket=name)
    switched_on: dict[str, Any] = {"EventBridgeConfiguration": {}}
    s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=switched_on)


def cloud_settings(run: Path, search_port: int, *, organisation: str, manager: str) -> Settings:
    """The cloud's settings, with a certificate for its domain endpoint made for this run.

    Args:
        run: Folder of the run, which gets the certificate's.
        search_port: Where the search server answers.
        organisation: Its accounts, as ``Settings.organisation``.
        manager: The account that manages it.
    """
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1", "localhost")
    folder = run / "certificates"
    folder.mkdir(mode=0o700)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    issued.cert_chain_pems[0].write_to_path(str(folder / "endpoint.pem"))
    issued.private_key_pem.write_to_path(str(folder / "endpoint-key.pem"))
    return Settings(
        port=free_port(),
        lambda_python=str(lambda_python()),
        node_path=str(REPOSITORY / "node_modules"),
        opensearch_url=f"http://127.0.0.1:{search_port}",
        domain_port=free_port(),
        ca_file=str(folder / "ca.pem"),
        cert_file=str(folder / "endpoint.pem"),
        key_file=str(folder / "endpoint-key.pem"),
        buffer_cap_seconds=1.0,
        organisation=organisation,
        management_account=manager,
    )
