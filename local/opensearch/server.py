"""Starts a real OpenSearch on 127.0.0.1 and stops it, come what may.

with OpenSearchServer.start(home=default_home()) as server:
    server.client().indices.create(index="logs-inbox")
"""

import os
import shutil
import tempfile
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self

from opensearchpy import OpenSearch

from local.machine import this_machine
from local.machine.runtimes import JAVA_ADVICE, java_executable
from local.opensearch.account import claim, hand_over, reachable_java, server_id
from local.opensearch.artifacts import pins
from local.opensearch.configure import RunFolder, command, write_config
from local.opensearch.distribution import distribution
from local.opensearch.errors import LockedError, StartError
from local.opensearch.lock import hold
from local.opensearch.process import ServerProcess, launch
from local.opensearch.progress import Progress, silent
from local.opensearch.readiness import wait_until_usable
from local.opensearch.security import ADMIN, SecurityFiles

DEADLINE_S = 180.0  # from process to usable takes 10 to 25 on two cores, more when they are busy
CLIENT_TIMEOUT_S = 60  # a laptop under load answers late, and late is better than not

type Data = Literal["fresh", "kept"]
"""Whether a server starts empty and leaves nothing, or goes on where the last one ended."""


@dataclass(frozen=True, slots=True)
class OpenSearchServer:
    """One running server; a context manager that stops it.

    Attributes:
        url: Such as ``http://127.0.0.1:39571``; ``https`` when secured.
        secured: Its certificates and passwords; None for a server that lets everyone do all.
    """

    url: str
    secured: SecurityFiles | None
    _process: ServerProcess = field(repr=False)
    _leftover: Path | None = field(repr=False)

    @classmethod
    def start(
        cls,
        *,
        home: Path,
        port: int | None = None,
        secured: SecurityFiles | None = None,
        heap: str = "1g",
        data: Data = "fresh",
        progress: Progress = silent,
        deadline_s: float = DEADLINE_S,
    ) -> Self:
        """Start a server and come back when it can create an index.

        It ends with this process at the latest, even if that is killed.

        Args:
            home: Where downloads, distributions and runs live; see ``default_home``.
            port: Of 127.0.0.1; a free one by default.
            secured: Start with the security plugin and these files. Kept data keeps the users of
                its first start, so it wants the same files each time.
            heap: The JVM's, such as ``512m``; the process takes about half as much again.
            data: ``kept`` data is one set per mode (plain, secured), for one server at a time.
            progress: Told about download, unpacking and start.
            deadline_s: For the start alone, in seconds.

        Raises:
            StartError: no Java, a taken port, kept data in use, or a server that fails or is late.
            UnreachableError: ``home`` cannot be used.
            DownloadError: a file could not be had.
            ChecksumError: a file is not the pinned one.
        """
        machine = this_machine()
        java = java_executable(machine)
        if java is None:
            raise StartError(JAVA_ADVICE)
        if port is not None and not machine.is_free(port):
            raise StartError(f"port {port} of 127.0.0.1 is in use: choose another or none")
        claim(home, owner=os.geteuid(), account=server_id())
        root = distribution(home, pins(), secured=secured is not None, progress=progress)
        run, lock = _run_folder(home, data, secured)
        with lock as held, ExitStack() as undo:
            run.make()
            write_config(run, port=port, extra=secured.install(run.config) if secured else {})
            hand_over(run.root)
            process = launch(
                command(reachable_java(java, home, server_id()), root, run, heap),
                folder=root,
                log=run.log,
                discard=run.scratch if data == "fresh" else None,
                lock=held,
            )
            undo.callback(process.stop)
            url = wait_until_usable(process, run, secured, deadline_s, progress)
            undo.pop_all()
        return cls(url, secured, process, run.root if data == "fresh" else None)

    @property
    def pid(self) -> int:
        """The Java process."""
        return self._process.pid

    @property
    def log(self) -> Path:
        """What the server says."""
        return self._process.log

    def client(self, user: str = ADMIN) -> OpenSearch:
        """Give a client that is ``user``, or anyone on a server that is not secured.

        Raises:
            KeyError: the server is secured and has no such user.
        """
        if self.secured is None:
            return OpenSearch(self.url, timeout=CLIENT_TIMEOUT_S)
        return OpenSearch(
            self.url,
            http_auth=(user, self.secured.passwords[user]),
            ca_certs=str(self.secured.ca),
            timeout=CLIENT_TIMEOUT_S,
        )

    def stop(self) -> None:
        """End the server; a fresh one leaves nothing behind. A second call does nothing."""
        self._process.stop()
        if self._leftover:
            shutil.rmtree(self._leftover, ignore_errors=True)

    def __enter__(self) -> Self:
        """Give the server itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop it."""
        self.stop()


def _run_folder(
    home: Path, data: Data, secured: SecurityFiles | None
) -> tuple[RunFolder, AbstractContextManager[IO[bytes] | None]]:
    """Give the folder to run in, and for kept data the lock that makes us its only user.

    The supervisor inherits the lock, so that ours can be let go when the server is up.
    """
    if data == "fresh":
        return RunFolder(Path(tempfile.mkdtemp(dir=home / "runs"))), nullcontext()
    root = home / "kept" / ("secured" if secured else "plain")
    root.mkdir(exist_ok=True)
    try:
        return RunFolder(root), hold(root / "lock")
    except LockedError as error:
        raise StartError(f"a server already runs on the kept data in {root}") from error
