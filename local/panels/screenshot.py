"""Takes a picture of a page of panels, and says what went wrong on it.

``python -m local.panels.screenshot URL FILE`` from the command line.

Reference: https://playwright.dev/python/docs/screenshots
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, ViewportSize, sync_playwright

from local.machine import Missing, this_machine
from local.machine.browser import chromium
from local.panels.errors import PanelError

FLAGS = (  # a browser that keeps to this page
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
AS_ROOT = "--no-sandbox"  # Chromium refuses to start as root with its sandbox
READY = "() => window.panelsReady === true"
READY_MS = 60_000  # a laptop that is busy with a demo draws late


@dataclass(frozen=True, slots=True)
class Shot:
    """What was seen.

    Attributes:
        png: The picture.
        page_errors: What the page's scripts threw, and what the browser refused to load.
        panel_errors: ``title: message`` of each panel that shows an error.
    """

    png: Path
    page_errors: list[str]
    panel_errors: list[str]


def take(
    url: str,
    png: Path,
    *,
    width: int = 1600,
    height: int = 1000,
    scale: float = 1.0,
    whole: bool = True,
    mode: str = "light",
) -> Shot:
    """Open a page of panels, wait until all are drawn, and take its picture.

    Args:
        url: Of a page of ``PanelServer``.
        png: Where the picture goes; its folder must exist.
        width: Of the window, in CSS pixels.
        height: Of the window, in CSS pixels.
        scale: Pixels of the picture per CSS pixel; 2 for a sharp print.
        whole: The whole page rather than what the window shows.
        mode: ``light`` or ``dark``.

    Raises:
        PanelError: no Chromium was found, or the panels were not drawn in time.
    """
    with open_page(url, width=width, height=height, scale=scale, mode=mode) as (page, errors):
        page.screenshot(path=png, full_page=whole)
        return Shot(png, list(errors), panel_errors(page))


@contextmanager
def open_page(
    url: str, *, width: int = 1600, height: int = 1000, scale: float = 1.0, mode: str = "light"
) -> Iterator[tuple[Page, list[str]]]:
    """A page of panels whose panels are drawn, and the list that its errors are added to.

    Raises:
        PanelError: no Chromium was found, or the panels were not drawn in time.
    """
    browser_path = _chromium()
    flags = [*FLAGS, *([AS_ROOT] if this_machine().is_root else [])]
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=flags)
        size: ViewportSize = {"width": width, "height": height}
        page = browser.new_page(viewport=size, device_scale_factor=scale)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.add_init_script(f"localStorage.setItem('mode', {mode!r})")
        try:
            page.goto(url)
            wait_until_drawn(page)
        except PlaywrightError as error:
            raise PanelError(f"{url} was not drawn: {error.message}") from error
        yield page, errors
        browser.close()


def wait_until_drawn(page: Page) -> None:
    """Wait for the panels, as after a click."""
    page.wait_for_function(READY, timeout=READY_MS)


def panel_errors(page: Page) -> list[str]:
    """``title: message`` of each panel that shows an error."""
    found: list[str] = page.evaluate(
        "() => window.panelErrors.map(({ title, message }) => `${title}: ${message}`)"
    )
    return found


def _chromium() -> Path:
    found = chromium(this_machine())
    if isinstance(found, Missing):
        raise PanelError(found.advice)
    if found.path is None:
        raise PanelError(f"{found.name} was found without its path")
    return found.path


def main() -> int:
    """Take one picture; 1 when anything on the page went wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m local.panels.screenshot", description="Take a picture of a page of panels."
    )
    parser.add_argument("url")
    parser.add_argument("file", type=Path)
    parser.add_argument("--width", type=int, default=1600)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--mode", choices=("light", "dark"), default="light")
    options = parser.parse_args()
    shot = take(
        options.url, options.file, width=options.width, scale=options.scale, mode=options.mode
    )
    for problem in (*shot.page_errors, *shot.panel_errors):
        sys.stderr.write(f"{problem}\n")
    return 1 if shot.page_errors or shot.panel_errors else 0


if __name__ == "__main__":
    sys.exit(main())
