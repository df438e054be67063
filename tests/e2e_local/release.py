"""The release before this one, as a checkout that the ``cdk`` command can deploy."""

import io
import subprocess
import tarfile
from pathlib import Path

from local.home import REPOSITORY

BEFORE = "9dee962aa69ff7b337d1cdaeafbcccb777e41b12"
"""What an upgrade begins from, where no tag says so."""

TOOLS = (".venv", "node_modules")
"""Of this checkout; the same tools deploy both."""


def checkout(folder: Path) -> Path:
    """Write the files of the newest tag before this commit into a folder.

    Where the history does not reach so far back, in a shallow clone, those of this commit.
    """
    with tarfile.open(fileobj=io.BytesIO(_git("archive", _previous()))) as files:
        files.extractall(folder, filter="data")
    for tool in TOOLS:
        (folder / tool).symlink_to(REPOSITORY / tool)
    return folder


def _previous() -> str:
    tags = _git("tag", "--list", "v*", "--merged", "HEAD", "--sort=-version:refname")
    return next(iter(tags.decode().split()), BEFORE if _is_known(BEFORE) else "HEAD")


def _is_known(commit: str) -> bool:
    asked = ["git", "cat-file", "-e", f"{commit}^{{commit}}"]
    return subprocess.run(asked, cwd=REPOSITORY, check=False, capture_output=True).returncode == 0  # noqa: S603  a fixed command


def _git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=REPOSITORY, check=True, capture_output=True).stdout  # noqa: S603, S607  a fixed command
