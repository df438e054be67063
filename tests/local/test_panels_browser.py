"""The promise of the page: in a real browser, every panel of every dashboard is drawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.home import REPOSITORY
from local.panels.screenshot import open_page, take, wait_until_drawn
from local.panels.server import PanelServer
from tests.local.panels_fake_search import FakeSearch, fake_search

COMPILED = REPOSITORY / "dashboards" / "compiled"
PNG = b"\x89PNG"
STATUS = {
    "rows": [],
    "totals": {"put": 20, "arrived": 18, "lost": 2, "duplicated": 0, "rejected": 1},
}


@pytest.fixture
def search() -> Iterator[FakeSearch]:
    with fake_search() as fake:
        yield fake


@pytest.mark.parametrize(
    ("name", "mode"),
    [("overview", "dark"), *((file.stem, "light") for file in sorted(COMPILED.glob("*.ndjson")))],
)
def test_every_panel_is_drawn_and_the_browser_is_content(
    search: FakeSearch, tmp_path: Path, name: str, mode: str
) -> None:
    with PanelServer(search.url, COMPILED) as server:
        shot = take(f"{server.url}/d/{name}", tmp_path / "shot.png", mode=mode)

    assert (shot.page_errors, shot.panel_errors) == ([], [])
    assert shot.png.read_bytes().startswith(PNG)


def test_a_broken_panel_is_reported(search: FakeSearch, tmp_path: Path) -> None:
    search.refused.add("logs-pipeline.rejects-*,logs-shared-*")
    with PanelServer(search.url, COMPILED) as server:
        shot = take(f"{server.url}/d/overview", tmp_path / "shot.png")

    assert shot.panel_errors == ["Latest rejects: the search was refused: the field is too tired"]


def test_a_page_that_cannot_be_had_is_reported(search: FakeSearch, tmp_path: Path) -> None:
    with PanelServer(search.url, COMPILED) as server:
        shot = take(f"{server.url}/d/overview?q=a%3A", tmp_path / "shot.png")

    assert shot.panel_errors == ["page: expected a field or a value at character 3, found the end"]


def test_a_click_on_a_bar_shows_only_its_value_until_the_chip_is_removed(
    search: FakeSearch,
) -> None:
    with (
        PanelServer(search.url, COMPILED) as server,
        open_page(f"{server.url}/d/overview") as (page, errors),
    ):
        page.get_by_title("Show only cloud.account.id: 222222222222").first.click()
        wait_until_drawn(page)
        filtered = page.url
        page.get_by_label("Remove the filter cloud.account.id: 222222222222").click()
        wait_until_drawn(page)

        assert filtered.endswith("?filter=cloud.account.id%3A222222222222")
        assert page.url == f"{server.url}/d/overview"
        assert errors == []


def test_a_query_that_is_refused_leaves_the_panels_and_says_why(search: FakeSearch) -> None:
    with (
        PanelServer(search.url, COMPILED) as server,
        open_page(f"{server.url}/d/overview") as (page, _),
    ):
        page.get_by_role("searchbox").fill("user.name : (")
        page.get_by_role("searchbox").press("Enter")
        page.get_by_text("expected a field or a value at character 14").wait_for()

        assert page.locator("section.panel").count() > 1


def test_the_time_range_goes_along_to_the_next_dashboard(search: FakeSearch) -> None:
    with (
        PanelServer(search.url, COMPILED) as server,
        open_page(f"{server.url}/d/overview?from=now-1h&to=now&filter=a:b") as (page, errors),
    ):
        page.get_by_role("link", name="CloudTrail").click()
        page.get_by_role("heading", name="CloudTrail", exact=True).wait_for()

        assert page.url == f"{server.url}/d/cloudtrail?from=now-1h&to=now"
        assert errors == []


def test_dashboards_without_a_tab_are_in_a_menu_that_names_the_one_shown(
    search: FakeSearch,
) -> None:
    with (
        PanelServer(search.url, COMPILED) as server,
        open_page(f"{server.url}/d/overview") as (page, errors),
    ):
        page.get_by_text(" more").click()
        page.get_by_role("link", name="WAF").click()
        page.get_by_role("heading", name="WAF", exact=True).wait_for()

        assert page.locator(".menu > summary").inner_text() == "WAF"
        assert not page.get_by_role("link", name="WAF").is_visible()
        assert errors == []


def test_the_reconciliation_is_shown_in_the_head(search: FakeSearch) -> None:
    with (
        PanelServer(search.url, COMPILED, status=lambda: STATUS) as server,
        open_page(f"{server.url}/d/overview") as (page, _),
    ):
        page.get_by_label("18 of 20 records arrived").wait_for()

        assert page.locator("#status .count.bad").inner_text() == "2 lost"


def test_values_are_shown_as_text_whatever_they_hold(search: FakeSearch) -> None:
    search.values["cloud.account.id"] = ["<img src=x onerror=alert(1)>"]
    with (
        PanelServer(search.url, COMPILED) as server,
        open_page(f"{server.url}/d/overview") as (page, errors),
    ):
        assert page.locator("main img").count() == 0
        assert errors == []
