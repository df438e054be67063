"""Start and end the local cloud from another process: a demonstration, a test."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import boto3
import botocore.session
from botocore.config import Config

from local.aws.settings import CENTRAL_ACCOUNT, CENTRAL_REGION, Settings

REPOSITORY = Path(__file__).parents[2]
START_SECONDS = 20.0  # starts in about one second; a busy machine may take longer
STOP_SECONDS = 20.0  # the process itself gives up after 15

_PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH")


CLIENT_CONFIG = Config(
    s3={"addressing_style": "path"},
    retries={"total_max_attempts": 1},  # a failure here is an answer, not a hiccup
    proxies={},  # a user's proxy cannot reach this machine's loopback
)


class StartError(Exception):
    """The local cloud ended or kept silent while starting; the message has the log's last lines."""


class LocalCloud:
    """One local cloud in a child process, which ends with this one whatever happens.

    Attributes:
        settings: what the process was told.
        log_file: where its output goes, all of it.
        endpoint: address of all AWS APIs, such as ``http://127.0.0.1:4566``.
    """

    def __init__(self, log_file: Path, settings: Settings | None = None) -> None:
        """Prepare a cloud with ``settings``, or with defaults on a free port."""
        self.settings = settings or Settings(port=free_port())
        self.log_file = log_file
        self.endpoint = f"http://127.0.0.1:{self.settings.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._session = _session()
        self._clients: dict[tuple[str, str, str], Any] = {}

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    @property
    def pid(self) -> int:
        """Process id of the running cloud.

        Raises:
            RuntimeError: it does not run.
        """
        if self._process is None:
            raise RuntimeError("the local cloud is not running")
        return self._process.pid

    def start(self) -> None:
        """Start the process and wait until it answers.

        Raises:
            StartError: the port is taken, a patched name is missing, or it keeps silent.
        """
        if _answers(self.settings.port):
            raise StartError(f"port {self.settings.port} on 127.0.0.1 is taken")
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local.aws", "--until-input-ends"],
                cwd=REPOSITORY,
                env=_environment(self.settings),
                stdin=subprocess.PIPE,  # its end tells the child that this process is gone
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for this process, which then stops the child
            )
        try:
            self._await_health()
        except StartError:
            self.stop()
            raise

    def stop(self) -> int | None:
        """End the process: ask, wait for what it still delivers, then kill. Safe to call twice.

        Gives its exit status: 0 when it ended by itself, -9 when it had to be killed, ``None``
        when there was none.
        """
        process, self._process = self._process, None
        if process is None:
            return None
        if process.stdin is not None:
            process.stdin.close()
        try:
            return process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def client(
        self, service: str, account: str = CENTRAL_ACCOUNT, region: str = CENTRAL_REGION
    ) -> Any:  # noqa: ANN401  one function for every service, as boto3.client
        """Give a boto3 client that acts as the root of ``account``; asked again, the same one."""
        key = (service, account, region)
        if key not in self._clients:
            self._clients[key] = self.new_client(*key)
        return self._clients[key]

    def new_client(
        self, service: str, account: str, region: str, config: Config = CLIENT_CONFIG
    ) -> Any:  # noqa: ANN401  same
        """Give a client of its own, which may wait for a shorter or longer time."""
        return self._session.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id=account,
            aws_secret_access_key="test",  # noqa: S106  MiniStack's fixed secret of account roots
            config=config,
        )

    def refused(self) -> list[dict[str, Any]]:
        """Give what the cloud declined to deliver: ``[{"service", "reason", "time"}]``."""
        refused: list[dict[str, Any]] = json.loads(_get(f"{self.endpoint}/_local/refused"))
        return refused

    def idle(self) -> bool:
        """Say whether nothing is under way: no buffer is filled, no stream is unread."""
        report: dict[str, Any] = json.loads(_get(f"{self.endpoint}/_local/idle"))
        return bool(report["idle"])

    def _await_health(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise StartError(f"the local cloud ended while starting:\n{self._last_lines()}")
            try:
                _get(f"{self.endpoint}/_ministack/health")
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.02)
            else:
                return
        raise StartError(f"no answer within {START_SECONDS:.0f} s:\n{self._last_lines()}")

    def _last_lines(self) -> str:
        lines = self.log_file.read_text(errors="replace").splitlines()
        return "\n".join(lines[-20:])


def free_port() -> int:
    """Give a TCP port on 127.0.0.1 that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _session() -> Any:  # noqa: ANN401  boto3's client maker, of any service
    """Give a session that knows nothing of the user's own AWS profiles and their endpoints."""
    own: dict[str, Any] = {
        "profile": (None, None, None, None),
        "config_file": (None, None, os.devnull, None),
        "credentials_file": (None, None, os.devnull, None),
    }
    return boto3.Session(botocore_session=botocore.session.Session(session_vars=own))


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _environment(settings: Settings) -> dict[str, str]:
    """Leave out this process's AWS and Python variables: the functions would inherit them."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return passed | settings.to_env()


def _get(url: str) -> bytes:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(url, timeout=5) as response:
        body: bytes = response.read()
        return body
