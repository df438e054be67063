"""Installs the Chromium that the browser tests drive, where it can be done without a question."""

import subprocess
import sys

from local.machine.browser import chromium
from local.machine.machine import Finding, Found, Machine


def with_browser(machine: Machine) -> Finding:
    """Find Chromium, or install it: Debian's package as root, else Playwright's own build."""
    found = chromium(machine)
    if isinstance(found, Found):
        return found
    if machine.is_root and machine.which("apt-get"):
        _run(["apt-get", "update", "-qq"])
        _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])
    else:
        _run([sys.executable, "-m", "playwright", "install", "chromium"])
    return chromium(machine)


def _run(command: list[str]) -> None:
    """Run it; whether it helped is seen by looking again."""
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)  # noqa: S603  fixed commands
