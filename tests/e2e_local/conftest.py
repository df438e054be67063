"""The real deployment, the real search server and a whole day of logs, once per sink.

Behind one sink members are listed, behind the other a StackSet onboards them by their units.

What is asserted about the day is counted before any test runs, so that tests may add lines of
their own and come in any order.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.names import ARCHIVE_PREFIX, REJECT_PREFIX
from local.demo.balance import Balance
from local.demo.kept_rejects import kept_rejects
from local.demo.performance import Performance
from local.demo.replay import archived
from local.deploy.config import Onboarding
from local.laptop import Laptop, laptop
from local.panels.server import PanelServer

OBJECTS = Path(__file__).parents[2] / "dashboards" / "compiled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A laptop after the day, with what was counted at its end.

    Attributes:
        copies: How often an event came by a second bus.
    """

    laptop: Laptop
    sink: str
    copies: int
    first: Balance
    again: Balance
    payloads: list[bytes]
    sent_again: int
    rejects: dict[str, dict[str, Any]]
    refused: list[dict[str, Any]]


ONBOARDING: dict[str, Onboarding] = {"firehose": "list", "direct": "units"}


@pytest.fixture(scope="session", params=["firehose", "direct"])
def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    sink, folder = request.param, tmp_path_factory.mktemp("laptop")
    with laptop(sink, onboarding=ONBOARDING[sink], folder=folder) as place:
        performance = Performance(place, end_ms=time.time_ns() // 1_000_000)
        performance.play()
        first = performance.settle()
        bucket = place.output("ArchiveBucket")
        payloads = list(archived(place.client("s3"), bucket, ARCHIVE_PREFIX))
        sent_again = performance.send_again()
        yield Stage(
            laptop=place,
            sink=sink,
            copies=performance.copies,
            first=first,
            again=performance.settle(),
            payloads=payloads,
            sent_again=sent_again,
            rejects=kept_rejects(place.client("s3"), place.output("RejectBucket"), REJECT_PREFIX),
            refused=place.cloud.refused(),
        )


@pytest.fixture(scope="session")
def page(stage: Stage) -> Iterator[PanelServer]:
    with PanelServer(stage.laptop.server.url, OBJECTS) as server:
        yield server
