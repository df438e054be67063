"""Every size, synthesised once: without wheels, with the feature flags of cdk.json."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.bundle import code_only
from infra.permissions_table import OPTIONS
from tests.infra.deployment import Deployment, Template, synthesise
from tests.unit.test_config import write

OBJECTS = {
    "central": {"enabled": True},
    "buckets": [{"name": "example-logs", "account": "999999999999", "region": "eu-west-1"}],
}


@pytest.fixture(scope="session")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bundles")


@pytest.fixture(scope="session")
def sandbox(functions: Path) -> Iterator[Deployment]:
    with synthesise("sandbox", code_only(functions)) as deployment:
        yield deployment


@pytest.fixture(scope="session")
def production(functions: Path) -> Iterator[Deployment]:
    with synthesise("production", code_only(functions)) as deployment:
        yield deployment


@pytest.fixture(scope="session")
def small(functions: Path) -> Iterator[Deployment]:
    with synthesise("small", code_only(functions)) as deployment:
        yield deployment


@pytest.fixture(params=["sandbox", "small", "production"])
def deployment(request: pytest.FixtureRequest) -> Deployment:
    """Each size, for what must hold in all of them."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Deployment)
    return found


@pytest.fixture(scope="session")
def options(functions: Path) -> Iterator[Deployment]:
    """Production with everything that brings further rights."""
    with synthesise("production", code_only(functions), **OPTIONS) as deployment:
        yield deployment


@pytest.fixture(scope="session")
def alone(functions: Path) -> Iterator[Deployment]:
    """The sandbox without an organisation, with log files of other accounts and regions."""
    path = write(functions, "sandbox", {"organisation": None, "objects": OBJECTS})
    with synthesise(str(path), code_only(functions)) as deployment:
        yield deployment


@pytest.fixture(params=["sandbox", "small", "production", "options", "alone"])
def any_deployment(request: pytest.FixtureRequest) -> Deployment:
    """Each size, every option and no organisation, for what must hold whatever is chosen."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Deployment)
    return found


@pytest.fixture
def pipeline(sandbox: Deployment) -> Template:
    return sandbox.stack("pipeline")


@pytest.fixture
def search(sandbox: Deployment) -> Template:
    return sandbox.stack("search")
