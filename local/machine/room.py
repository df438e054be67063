"""Looks for room: free ports and free disk space."""

from collections.abc import Iterable
from pathlib import Path

from local.machine.machine import Finding, Found, Machine, Missing

GIB = 2**30


def ports(machine: Machine, wanted: Iterable[int]) -> Finding:
    """Check that ports of 127.0.0.1 can be bound."""
    numbers = sorted(wanted)
    taken = [port for port in numbers if not machine.is_free(port)]
    if taken:
        return Missing("Ports", f"in use on 127.0.0.1: {_listed(taken)}; stop what listens there")
    return Found("Ports", version=_listed(numbers))


def disk(machine: Machine, folder: Path, needed_gib: float) -> Finding:
    """Check that the disk which holds ``folder`` has room for ``needed_gib`` GiB."""
    free_gib = machine.free_bytes(folder) / GIB
    if free_gib < needed_gib:
        return Missing(
            "Disk", f"{free_gib:.1f} GiB free for {folder}, {needed_gib:g} GiB needed: make room"
        )
    return Found("Disk", folder, f"{free_gib:.0f} GiB free")


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
