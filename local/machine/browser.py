"""Looks for the Chromium that the browser tests drive.

Reference: https://playwright.dev/python/docs/browsers
"""

from pathlib import Path

from local.machine.machine import Finding, Found, Machine, Missing

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CACHES = {"Linux": ".cache/ms-playwright", "Darwin": "Library/Caches/ms-playwright"}
INSTALLED = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


def chromium(machine: Machine) -> Finding:
    """Look for Chromium on PATH, then among what Playwright has installed."""
    for command in filter(None, map(machine.which, COMMANDS)):
        version = machine.run([command, "--version"])
        if version is not None:
            return Found("Chromium", Path(command), version.strip())
    for path in _installed_by_playwright(machine):
        return Found("Chromium", path)
    return Missing("Chromium", f"no Chromium for the browser tests: run `{_cure(machine)}`")


def _installed_by_playwright(machine: Machine) -> list[Path]:
    """Give the executables, the newest version first."""
    default = machine.home / CACHES.get(machine.system, CACHES["Linux"])
    folder = Path(machine.environ.get("PLAYWRIGHT_BROWSERS_PATH") or default)
    return sorted((path for glob in INSTALLED for path in folder.glob(glob)), reverse=True)


def _cure(machine: Machine) -> str:
    if machine.is_root and machine.which("apt-get"):
        return "apt-get install chromium"
    return "playwright install chromium"
