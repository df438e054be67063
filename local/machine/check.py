"""All checks of the machine in one list."""

from collections.abc import Collection
from pathlib import Path

from local.machine.browser import chromium
from local.machine.machine import Finding, Found, Machine
from local.machine.room import disk, ports
from local.machine.runtimes import java, node, npm, python

DISK_GIB = 2.0  # 1 GB of server files, and indices, wheels and npm packages beside them


def check(
    machine: Machine, *, folder: Path, wanted_ports: Collection[int] = (), browser: bool = False
) -> list[Finding]:
    """Look for everything that a run needs, in the order in which to put it right.

    Args:
        machine: Where to look.
        folder: Where the large files go.
        wanted_ports: Those that have to be free; none are fixed by default.
        browser: Whether browser tests are to run as well.
    """
    return [
        python(machine),
        node(machine),
        npm(machine),
        java(machine),
        *([chromium(machine)] if browser else []),
        *([ports(machine, wanted_ports)] if wanted_ports else []),
        disk(machine, folder, DISK_GIB),
    ]


def line(finding: Finding) -> str:
    """Say a finding in one line."""
    if isinstance(finding, Found):
        where = f"({finding.path})" if finding.path else ""
        return " ".join(filter(None, ["ok      ", finding.name, finding.version, where]))
    return f"missing  {finding.name}: {finding.advice}"
