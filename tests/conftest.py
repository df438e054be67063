"""Options shared by every suite."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--update-cases``: write the expected files anew from what the code says now."""
    parser.addoption("--update-cases", action="store_true", help="rewrite cases/*.expected.json")
