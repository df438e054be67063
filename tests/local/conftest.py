"""What tests of the laptop's parts share."""

from collections.abc import Iterator

import pytest

from local.opensearch import OpenSearchServer, default_home
from tests.local.ground import CENTRAL, Places, ground_cloud


@pytest.fixture(scope="session")
def server() -> Iterator[OpenSearchServer]:
    """One search server, which takes half a minute to start."""
    with OpenSearchServer.start(home=default_home(), heap="512m") as started:
        yield started


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """A cloud for tests of what is looked at before a deployment, with a new account for each."""
    with ground_cloud(tmp_path_factory.mktemp("cloud")) as cloud:
        yield ((cloud, account) for account in CENTRAL)
