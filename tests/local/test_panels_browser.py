"""The promise of the page: in a real browser, every panel of every dashboard is drawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.home import REPOSITORY
from local.panels.screenshot import take
from local.panels.server import PanelServer
from tests.local.panels_fake_search import FakeSearch, fake_search

COMPILED = REPOSITORY / "dashboards" / "compiled"
PNG = b"\x89PNG"


@pytest.fixture
def search() -> Iterator[FakeSearch]:
    with fake_search() as fake:
        yield fake


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", sorted(file.stem for file in COMPILED.glob("*.ndjson")))
def test_every_panel_is_drawn_and_the_browser_is_content(
    search: FakeSearch, tmp_path: Path, name: str, mode: str
) -> None:
    with PanelServer(search.url, COMPILED) as server:
        shot = take(f"{server.url}/d/{name}", tmp_path / "shot.png", mode=mode)

    assert (shot.page_errors, shot.panel_errors) == ([], [])
    assert shot.png.read_bytes().startswith(PNG)


def test_a_broken_panel_is_reported(search: FakeSearch, tmp_path: Path) -> None:
    search.refused.add("logs-pipeline.rejects-*")
    with PanelServer(search.url, COMPILED) as server:
        shot = take(f"{server.url}/d/overview", tmp_path / "shot.png")

    assert shot.panel_errors == ["Latest rejects: the search was refused: the field is too tired"]


def test_a_page_that_cannot_be_had_is_reported(search: FakeSearch, tmp_path: Path) -> None:
    with PanelServer(search.url, COMPILED) as server:
        shot = take(f"{server.url}/d/overview?q=a%3A", tmp_path / "shot.png")

    assert shot.panel_errors == ["page: expected a field or a value at character 3, found the end"]
