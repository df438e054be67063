"""``compose.yml`` starts OpenSearch Dashboards of the demo's version, on the loopback only."""

import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # PyYAML publishes no types of its own

from local.opensearch.artifacts import pins

ROOT = Path(__file__).parents[2]
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "compose.yml").read_text(encoding="utf-8"))[
    "services"
]
SCRIPT = SERVICES["import"]["command"][0].replace("$$", "$")  # compose's own escape


class Dashboards(ThreadingHTTPServer):
    """Answers imports as OpenSearch Dashboards does, and keeps what came."""

    def __init__(self, answer: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Import)
        self.answer = answer
        self.received: list[tuple[str, str | None, bytes]] = []


class Import(BaseHTTPRequestHandler):
    """One import request."""

    def do_POST(self) -> None:
        assert isinstance(self.server, Dashboards)
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.received.append((self.path, self.headers["osd-xsrf"], body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  its signature
        """Say nothing."""


@pytest.fixture
def dashboards(request: pytest.FixtureRequest) -> Iterator[Dashboards]:
    with Dashboards(request.param) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run_import(server: Dashboards) -> int:
    objects = ROOT / "dashboards" / "compiled"
    return subprocess.run(  # noqa: S603  the script of our own file
        [*SERVICES["import"]["entrypoint"], SCRIPT],
        env={
            "PATH": "/usr/bin:/bin",
            "NO_PROXY": "127.0.0.1",
            "DASHBOARDS_URL": f"http://127.0.0.1:{server.server_port}",
            "OBJECTS": str(objects),
        },
        capture_output=True,
        check=False,
    ).returncode


def test_both_services_are_of_the_demos_version() -> None:
    images = {service["image"] for service in SERVICES.values()}

    assert images == {f"opensearchproject/opensearch-dashboards:{pins().version}"}


def test_dashboards_listens_on_the_loopback_only() -> None:
    for service in SERVICES.values():
        assert service["network_mode"] == "host"
        assert "ports" not in service
    assert SERVICES["dashboards"]["environment"]["SERVER_HOST"] == "127.0.0.1"


def test_an_address_that_is_not_set_is_an_error_that_says_what_to_set() -> None:
    hosts = SERVICES["dashboards"]["environment"]["OPENSEARCH_HOSTS"]

    assert hosts.startswith('["${OPENSEARCH_URL:?')
    assert "make demo" in hosts


def test_nothing_is_imported_before_dashboards_is_healthy() -> None:
    assert SERVICES["import"]["depends_on"] == {"dashboards": {"condition": "service_healthy"}}
    assert "healthcheck" in SERVICES["dashboards"]


def test_the_import_reads_the_compiled_dashboards_and_may_not_write_them() -> None:
    (volume,) = SERVICES["import"]["volumes"]
    source, target, mode = volume.split(":")

    assert (ROOT / source).is_dir()
    assert target == SERVICES["import"]["environment"]["OBJECTS"]
    assert mode == "ro"


@pytest.mark.parametrize("dashboards", [b'{"successCount":1,"success":true}'], indirect=True)
def test_every_compiled_file_is_imported_over_an_older_one(dashboards: Dashboards) -> None:
    files = sorted((ROOT / "dashboards" / "compiled").glob("*.ndjson"))

    assert run_import(dashboards) == 0
    assert {(path, xsrf) for path, xsrf, _body in dashboards.received} == {
        ("/api/saved_objects/_import?overwrite=true", "true")
    }
    bodies = [body for _path, _xsrf, body in dashboards.received]
    assert len(bodies) == len(files)
    assert all(file.read_bytes() in body for file, body in zip(files, bodies, strict=True))


@pytest.mark.parametrize("dashboards", [b'{"successCount":0,"success":false}'], indirect=True)
def test_refused_objects_fail_the_import(dashboards: Dashboards) -> None:
    assert run_import(dashboards) != 0
