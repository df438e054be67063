"""Under which account the server runs, and whether that account can reach its files.

OpenSearch refuses to run as root. Any numeric id without privileges will do; it needs no entry
in the password file.
"""

import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

from local.opensearch.errors import UnreachableError
from local.opensearch.lock import exclusive

UNPRIVILEGED_ID = 64999  # of no account that a distribution makes
FOLDERS = ("distributions", "downloads", "java", "kept", "runs")


def server_id() -> int | None:
    """Give the user and group id to run the server under, None for one's own."""
    return UNPRIVILEGED_ID if os.geteuid() == 0 else None


def default_home() -> Path:
    """Give this user's folder for downloads, distributions and runs, about 1 GB."""
    return home_for(os.geteuid(), os.environ)


def home_for(user_id: int, environ: Mapping[str, str]) -> Path:
    """Give a user's folder: in its cache, or below ``/var/tmp`` for root.

    Nobody else may enter root's own home, and the server runs as somebody else then.

    Reference: https://specifications.freedesktop.org/basedir-spec/latest/
    """
    if user_id == 0:
        return Path("/var/tmp/central-logs-0")  # noqa: S108  claim() refuses another's folder
    cache = environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "central-logs"


def claim(home: Path, *, owner: int, account: int | None) -> None:
    """Make ``home`` and its folders, or check that what is there is ours and can be used.

    Raises:
        UnreachableError: it is not ``owner``'s, or ``account`` cannot read it.
    """
    home.mkdir(parents=True, exist_ok=True)
    if home.stat().st_uid != owner:
        raise UnreachableError(f"{home} belongs to another user: choose another folder")
    for folder in (home, *(home / name for name in FOLDERS)):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)  # whatever the umask is
    if account is not None and not open_to_all(home):
        raise UnreachableError(
            f"{home} cannot be read without root's rights, which OpenSearch refuses to have:"
            f" choose a folder such as {default_home()}"
        )


def open_to_all(path: Path) -> bool:
    """Tell whether every account may enter each folder on the way to ``path`` and read it."""
    found = path.resolve()
    return all(_allows(folder, stat.S_IXOTH) for folder in found.parents) and _allows(
        found, stat.S_IROTH | stat.S_IXOTH
    )


def open_up(folder: Path) -> None:
    """Let every account read a folder and all in it, whatever the umask was."""
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | 0o755 if path.is_dir() else mode | 0o644)


def reachable_java(java: Path, home: Path, account: int | None) -> Path:
    """Give ``java``, or its copy below ``home`` where ``account`` cannot run the original.

    That happens to root with a virtual environment in its own home folder.
    """
    if account is None or open_to_all(java):
        return java
    runtime = java.resolve().parent.parent
    copy = home / "java" / f"{runtime.name}-{runtime.stat().st_mtime_ns}"
    with exclusive(copy.with_name(f"{copy.name}.lock")):
        if not copy.exists():
            partial = copy.with_name(f"{copy.name}.partial")
            shutil.rmtree(partial, ignore_errors=True)  # left by a run that was killed
            shutil.copytree(runtime, partial, symlinks=True)
            partial.rename(copy)
    return copy / "bin" / java.name


def hand_over(folder: Path) -> None:
    """Give a folder and all in it to the server's account, and to nobody else."""
    account = server_id()
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
        if account is not None:
            os.chown(path, account, account)


def _allows(path: Path, bits: int) -> bool:
    return path.stat().st_mode & bits == bits
