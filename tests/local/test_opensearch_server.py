"""Promises of the local OpenSearch, kept by real servers."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from opensearchpy.exceptions import AuthenticationException, AuthorizationException
from urllib3 import PoolManager

from local.opensearch import OpenSearchServer, SecurityFiles, StartError, User, default_home
from local.opensearch.process import launch

DEADLINE_S = 20.0
READER = User("reader", ("arn:aws:iam::111111111111:role/reader",))


@pytest.fixture(scope="module")
def plain() -> Iterator[OpenSearchServer]:
    with OpenSearchServer.start(home=default_home(), heap="512m") as server:
        yield server


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSearchServer]:
    folder = tmp_path_factory.mktemp("security") / "files"
    files = SecurityFiles.create(folder, [READER], proxy=True)
    with OpenSearchServer.start(home=default_home(), heap="512m", secured=files) as server:
        yield server


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return False


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_started_server_takes_documents(plain: OpenSearchServer) -> None:
    client = plain.client()
    client.index(index="logs-inbox", body={"message": "hello"}, params={"refresh": "true"})

    assert client.count(index="logs-inbox")["count"] == 1


def test_a_plain_server_does_not_need_the_security_plugin(plain: OpenSearchServer) -> None:
    assert plain.client().cat.plugins(params={"format": "json"}) == []


def test_two_servers_live_side_by_side(plain: OpenSearchServer, secured: OpenSearchServer) -> None:
    plain.client().indices.create(index="only-here")

    assert plain.url != secured.url
    assert secured.client().indices.exists(index="only-here") is False


def test_a_taken_port_is_refused_by_name(plain: OpenSearchServer) -> None:
    port = int(plain.url.rpartition(":")[2])

    with pytest.raises(StartError, match=f"port {port} of 127.0.0.1 is in use"):
        OpenSearchServer.start(home=default_home(), port=port)


def test_the_admin_may_do_everything(secured: OpenSearchServer) -> None:
    assert secured.client().indices.create(index="made-by-admin")["acknowledged"] is True


def test_a_user_carries_its_backend_roles(secured: OpenSearchServer) -> None:
    found = secured.client("reader").transport.perform_request(
        "GET", "/_plugins/_security/authinfo"
    )

    assert found["backend_roles"] == list(READER.backend_roles)


def test_a_user_without_a_mapped_role_may_nothing(secured: OpenSearchServer) -> None:
    with pytest.raises(AuthorizationException):
        secured.client("reader").indices.create(index="not-allowed")


def test_a_wrong_password_is_refused(secured: OpenSearchServer) -> None:
    assert secured.secured is not None
    wrong = SecurityFiles(secured.secured.folder, {"admin": "wrong"})
    stranger = OpenSearchServer(secured.url, wrong, secured._process, None)  # noqa: SLF001  to log in

    with pytest.raises(AuthenticationException):
        stranger.client().info()


def test_no_demo_user_exists(secured: OpenSearchServer) -> None:
    found = secured.client().transport.perform_request(
        "GET", "/_plugins/_security/api/internalusers"
    )

    assert set(found) == {"admin", "reader"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"x-proxy-user": "lambda", "x-proxy-roles": "admin"}, 401),
        ({"x-forwarded-for": "127.0.0.1", "x-proxy-user": "lambda", "x-proxy-roles": "admin"}, 200),
        ({"x-forwarded-for": "127.0.0.1", "x-proxy-user": "lambda", "x-proxy-roles": "none"}, 403),
    ],
)
def test_a_proxy_of_this_machine_says_who_asks(
    secured: OpenSearchServer, headers: dict[str, str], status: int
) -> None:
    assert secured.secured is not None
    with PoolManager(ca_certs=str(secured.secured.ca)) as http:
        answer = http.request("GET", f"{secured.url}/_cat/indices", headers=headers)

    assert answer.status == status


def test_a_proxys_word_counts_for_nothing_unless_asked_for(tmp_path: Path) -> None:
    files = SecurityFiles.create(tmp_path / "files")

    assert "x-proxy-user" not in (files.folder / "opensearch-security/config.yml").read_text()


def test_only_the_maker_may_read_security_files(tmp_path: Path) -> None:
    files = SecurityFiles.create(tmp_path / "files")

    assert files.folder.stat().st_mode & 0o077 == 0


def test_kept_security_files_are_read_back(tmp_path: Path) -> None:
    made = SecurityFiles.create(tmp_path / "files", [READER])

    assert SecurityFiles.load(tmp_path / "files") == made


def test_a_server_ends_when_its_starter_is_killed() -> None:
    program = textwrap.dedent("""\
        import sys
        from local.opensearch import OpenSearchServer, default_home
        with OpenSearchServer.start(home=default_home(), heap="256m") as server:
            print(server.pid, server.log.parent, flush=True)
            sys.stdin.read()
    """)
    with subprocess.Popen(  # noqa: S603  the program above
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as starter:
        assert starter.stdout is not None
        pid, run = starter.stdout.readline().split()
        lived = is_alive(int(pid))
        starter.send_signal(signal.SIGKILL)

    assert lived
    assert eventually(lambda: not is_alive(int(pid)))
    assert eventually(lambda: not Path(run, "scratch").exists())
    shutil.rmtree(run)


def test_a_failing_server_is_quoted_with_its_log() -> None:
    with pytest.raises(StartError, match="Too small maximum heap") as caught:
        OpenSearchServer.start(home=default_home(), heap="1k")

    log = log_named_by(caught.value)
    assert "maximum heap" in log.read_text()
    shutil.rmtree(log.parent)


def test_a_program_that_cannot_be_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"(?s)/no/java could not be run.*FileNotFoundError"):
        launch(["/no/java"], folder=tmp_path, log=tmp_path / "log", discard=None, lock=None)


def test_a_late_server_is_ended() -> None:
    with pytest.raises(
        StartError, match=r"not usable within 0\.1 s: it has opened no port"
    ) as caught:
        OpenSearchServer.start(home=default_home(), deadline_s=0.1)

    run = log_named_by(caught.value).parent
    assert not (run / "scratch").exists()  # deleted after the server's end
    shutil.rmtree(run)


def log_named_by(error: StartError) -> Path:
    return Path(str(error).partition("The end of ")[2].partition(":\n")[0])


def test_a_stopped_fresh_server_leaves_nothing() -> None:
    server = OpenSearchServer.start(home=default_home(), heap="256m")
    run = server.log.parent
    server.stop()
    server.stop()

    assert not is_alive(server.pid)
    assert not run.exists()


@pytest.fixture
def own_home() -> Iterator[Path]:
    """A home whose kept data is nobody's, with the downloads of the usual one."""
    shared = default_home()
    with tempfile.TemporaryDirectory(dir=shared) as folder:
        home = Path(folder)
        home.chmod(0o755)
        for name in ("downloads", "distributions"):
            (home / name).symlink_to(shared / name)
        yield home


def test_kept_data_is_there_after_a_restart(plain: OpenSearchServer, own_home: Path) -> None:
    assert plain  # the distribution is unpacked

    with OpenSearchServer.start(home=own_home, heap="256m", data="kept") as server:
        server.client().index(index="logs-kept", body={"message": "stay"})
        with pytest.raises(StartError, match="a server already runs on the kept data"):
            OpenSearchServer.start(home=own_home, data="kept")
    with OpenSearchServer.start(home=own_home, heap="256m", data="kept") as server:
        found = server.client().count(index="logs-kept")["count"]

    assert found == 1
