"""A real OpenSearch with its security plugin, prepared by the very steps that a deployment runs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from opensearchpy import OpenSearch

from lambdas.search_setup.report import SetupReport
from lambdas.search_setup.run import run
from lambdas.search_setup.settings import Settings
from lambdas.search_setup.steps import Setup
from local.opensearch import OpenSearchServer, SecurityFiles, User, default_home
from tests.security.sent import document, send

ROLE = "arn:aws:iam::111111111111:role/"
SETTINGS = Settings(
    endpoint="https://search.example.com",
    master_role_arn=f"{ROLE}master",
    setup_role_arn=f"{ROLE}setup",
    writer_role_arns=(f"{ROLE}normalise", f"{ROLE}delivery"),
    analysts=(f"{ROLE}analyst",),
    authors=(f"{ROLE}author",),
    break_glass=(f"{ROLE}break-glass",),
    identity_pool="",
    guest_role_arn="",
    index="logs-inbox",
    periods={"*": "day", "pipeline.rejects": "month"},
    retention_days={"*": {"delete": 30}},
    shards=1,
    replicas=0,
)
NAMES = ("setup", "normalise", "delivery", "analyst", "author", "break-glass", "stranger")
USERS = tuple(User(name, (f"{ROLE}{name}",)) for name in NAMES)
OBJECTS = Path(__file__).parents[2] / "dashboards" / "compiled"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSearchServer]:
    files = SecurityFiles.create(tmp_path_factory.mktemp("security") / "files", USERS)
    with OpenSearchServer.start(home=default_home(), secured=files, heap="1g") as started:
        yield started


@pytest.fixture(scope="session")
def take_steps(server: OpenSearchServer) -> Callable[[], SetupReport]:
    """Runs the setup as a deployment would; gives its report."""

    def take() -> SetupReport:
        report = SetupReport()
        run(
            Setup(
                client=server.client("setup"),
                master=server.client,
                settings=SETTINGS,
                objects=OBJECTS,
                report=report,
                identities=lambda: pytest.fail("no directory was made"),
            )
        )
        return report

    return take


@pytest.fixture(scope="session")
def report(take_steps: Callable[[], SetupReport]) -> SetupReport:
    return take_steps()


@pytest.fixture
def prepared(server: OpenSearchServer, report: SetupReport) -> OpenSearchServer:
    assert report.lines
    return server


@pytest.fixture
def writer(prepared: OpenSearchServer) -> OpenSearch:
    return prepared.client("delivery")


@pytest.fixture
def admin(prepared: OpenSearchServer) -> OpenSearch:
    return prepared.client()


@pytest.fixture(scope="session")
def stocked(server: OpenSearchServer, report: SetupReport) -> OpenSearchServer:
    """The server with a document, something that is none of ours, and a dashboard for everybody."""
    assert report.lines
    send(server.client("delivery"), document("write-1"))
    admin = server.client()
    admin.index(index="private", body={"a": 1}, params={"refresh": "true"})
    admin.index(index=".kibana", id="dashboard:seed", body={"type": "dashboard"})
    admin.indices.refresh(index="logs-*,.kibana")
    return server
