"""What tests of the laptop's parts share: one search server, which takes half a minute to start."""

from collections.abc import Iterator

import pytest

from local.opensearch import OpenSearchServer, default_home


@pytest.fixture(scope="session")
def server() -> Iterator[OpenSearchServer]:
    with OpenSearchServer.start(home=default_home(), heap="512m") as started:
        yield started
