"""What was brought to a deployment is looked at by its own name."""

from pathlib import Path
from typing import Any

import pytest

from ops.checks.way.placed import bucket_name, domain_name, key_id, stream_name
from ops.view import View
from tests.unit.test_config_brought import DOMAIN, KEY, STREAM
from tests.unit.test_ops import configured

BROUGHT = {
    "key": {"existing": KEY},
    "stream": {"existing": STREAM},
    "archive": {"existing": "example-archive"},
    "search": {"existing": DOMAIN},
}


def nothing(service: str, region: str) -> Any:
    raise AssertionError(f"{service} of {region} was asked for what the configuration says")


@pytest.fixture
def view(tmp_path: Path) -> View:
    return View(config=configured(tmp_path, BROUGHT), clients=nothing)


def test_what_was_brought_has_its_own_name(view: View) -> None:
    assert key_id(view) == KEY
    assert stream_name(view) == STREAM.rpartition("/")[2]
    assert bucket_name(view) == "example-archive"
    assert domain_name(view) == DOMAIN["arn"].rpartition("/")[2]


def test_what_the_deployment_makes_has_the_fixed_name(tmp_path: Path) -> None:
    view = View(config=configured(tmp_path, {}), clients=nothing)

    assert (key_id(view), stream_name(view)) == ("alias/central-logs", "central-logs")
    assert domain_name(view) == "central-logs"
