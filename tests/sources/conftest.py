"""Contract tests of sources talk to nobody: a socket is an error."""

import pytest


@pytest.fixture(autouse=True)
def _no_sockets(socket_disabled: None) -> None:
    """Every test of this suite runs with sockets switched off."""
