"""The page that shows the day, looked at with a browser: every panel is drawn and shows data."""

import json
from pathlib import Path
from urllib.request import urlopen

import pytest

from local.panels.screenshot import take
from local.panels.server import PanelServer

DASHBOARDS = (
    "overview",
    "access_analyzer",
    "auth",
    "cloudtrail",
    "config",
    "eks",
    "elb",
    "events",
    "generic",
    "guardduty",
    "inspector",
    "lambda_platform",
    "macie",
    "nginx_access",
    "nginx_error",
    "rds",
    "route53_resolver",
    "securityhub",
    "syslog",
    "vpc_flow",
    "waf",
)


@pytest.mark.parametrize("name", DASHBOARDS)
def test_every_panel_is_drawn_without_an_error(
    page: PanelServer, tmp_path: Path, name: str
) -> None:
    shot = take(f"{page.url}/d/{name}", tmp_path / f"{name}.png")

    assert (shot.page_errors, shot.panel_errors) == ([], [])
    assert shot.png.stat().st_size > 50_000


@pytest.mark.parametrize("name", DASHBOARDS)
def test_every_panel_shows_data(page: PanelServer, name: str) -> None:
    with urlopen(f"{page.url}/api/dashboards/{name}", timeout=30) as answer:  # noqa: S310  our own loopback address
        panels = json.load(answer)["panels"]

    empty = [panel["title"] for panel in panels if panel["drawing"]["kind"] in {"empty", "error"}]

    assert panels
    assert empty == []
