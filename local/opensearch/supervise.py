"""Runs the server as a child and ends it when the process that asked for it is gone.

A program of its own, because a process killed with SIGKILL can clean up nothing itself. It asks
for its parent's id twice a second, which works on every POSIX system and which no inherited
file descriptor can fool, as it would a pipe.

It prints the server's process id; what the server says goes to its own standard error. SIGTERM
ends the server, then this.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

POLL_S = 0.5
GRACE_S = 20  # the server flushes its indices; it usually takes two


def main() -> int:
    """Supervise until the server or the parent ends; give the server's exit status."""
    options = _options()
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: stopping.set())
    server = _spawn(options)
    print(server.pid, flush=True)  # noqa: T201  the one message to the parent
    while server.poll() is None and os.getppid() == options.parent:
        if stopping.wait(POLL_S):
            break
    _end(server)
    if options.discard:
        shutil.rmtree(options.discard, ignore_errors=True)
    return server.returncode


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--user", type=int, help="numeric id to run as, given by root")
    parser.add_argument("--discard", type=Path, help="folder to delete at the end")
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def _spawn(options: argparse.Namespace) -> subprocess.Popen[bytes]:
    drop = {"user": options.user, "group": options.user, "extra_groups": []}
    return subprocess.Popen(  # noqa: S603  the command comes from process.py
        options.command,
        env={},  # neither the starter's credentials nor its JAVA_TOOL_OPTIONS
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        umask=0o077,
        **drop if options.user is not None else {},
    )


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
