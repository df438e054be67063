"""File locks between processes: two runs on one machine must not unpack over each other.

Reference: https://man7.org/linux/man-pages/man2/flock.2.html
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from local.opensearch.errors import LockedError


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Wait for the lock at ``path``, hold it for the block. A killed holder frees it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def hold(path: Path) -> IO[bytes]:
    """Take the lock at ``path`` now, for as long as the file or a child's copy of it stays open.

    Raises:
        LockedError: somebody else has it.
    """
    file = path.open("wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise LockedError(f"{path} is held by another process that still runs") from error
    return file
