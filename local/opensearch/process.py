"""The server's process as its starter holds it: supervised, stoppable, with a log to quote."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from local.opensearch import supervise
from local.opensearch.account import server_id
from local.opensearch.errors import StartError

STOP_S = supervise.GRACE_S + 10
TAIL_LINES = 20


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A server under its supervisor.

    Attributes:
        pid: Of the server itself.
        log: Where both of its output streams go.
    """

    pid: int
    log: Path
    _supervisor: subprocess.Popen[str]

    def has_ended(self) -> bool:
        """Tell whether the server is gone."""
        return self._supervisor.poll() is not None

    def stop(self) -> None:
        """End the server and come back when it is gone. A second call does nothing."""
        self._supervisor.terminate()
        self._supervisor.wait(STOP_S)

    def failure(self, what: str) -> StartError:
        """Give the error that says ``what`` and quotes the end of the log."""
        lines = self.log.read_text(errors="replace").splitlines()
        tail = "\n".join(lines[-TAIL_LINES:])
        return StartError(f"OpenSearch did not start, {what}. The end of {self.log}:\n{tail}")


def launch(
    command: Sequence[str], *, folder: Path, log: Path, discard: Path | None, lock: IO[bytes] | None
) -> ServerProcess:
    """Run ``command`` in ``folder`` under a supervisor that outlives this process by a second.

    Args:
        command: What to run, as an unprivileged account if this is root.
        folder: Its working directory.
        log: File that gets its output, appended.
        discard: Folder that is deleted after its end.
        lock: Open lock file, to be held until then.

    Raises:
        StartError: the command cannot be run at all.
    """
    account = server_id()
    with log.open("ab") as output:
        supervisor = subprocess.Popen(  # noqa: S603  our own program, by its path
            [
                *(sys.executable, "-I", supervise.__file__, "--parent", str(os.getpid())),
                *(("--user", str(account)) if account is not None else ()),
                *(("--discard", str(discard)) if discard else ()),
                *("--", *command),
            ],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
            pass_fds=[lock.fileno()] if lock else [],
            start_new_session=True,  # Ctrl-C on the terminal is for the starter alone
        )
    pid = _read_pid(supervisor)
    process = ServerProcess(pid or supervisor.pid, log, supervisor)
    if pid is None:
        supervisor.wait()
        raise process.failure(f"{command[0]} could not be run")
    return process


def _read_pid(supervisor: subprocess.Popen[str]) -> int | None:
    """Read the server's process id, which the supervisor says first; None if it failed."""
    assert supervisor.stdout is not None  # noqa: S101  it is a pipe
    with supervisor.stdout as said:
        line = said.readline()
    return int(line) if line else None
