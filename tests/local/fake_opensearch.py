"""A server that answers ``_bulk`` as it is told to and remembers what it was sent."""

import gzip
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Received:
    """One request; header names are lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> bytes:
        """The body, unpacked if it came with gzip."""
        packed = self.headers.get("content-encoding") == "gzip"
        return gzip.decompress(self.body) if packed else self.body

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]


@dataclass(slots=True)
class FakeOpenSearch:
    """An HTTP server on a free port of 127.0.0.1.

    Attributes:
        status_of: Gives the status of one document in ``_bulk``; all are created by default.
        request_status: Status of the next whole requests, one each; 200 when used up.
    """

    status_of: Callable[[dict[str, Any]], int] = field(default=lambda _document: 201)
    request_status: list[int] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    url: str = ""
    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        """Start."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def forget(self) -> None:
        """Answer as at the beginning, and as if nothing had been received."""
        self.status_of = lambda _document: 201
        self.request_status.clear()
        self.received.clear()

    def bulks(self) -> list[list[tuple[dict[str, Any], dict[str, Any]]]]:
        """Every ``_bulk`` body so far as pairs of action and document."""
        return [_pairs(request.content) for request in self.received if request.path == "/_bulk"]

    def documents(self) -> list[dict[str, Any]]:
        """Every document of every ``_bulk`` so far."""
        return [document for bulk in self.bulks() for _action, document in bulk]

    def answer(self, request: Received) -> tuple[int, bytes]:
        """Remember the request and give status and body."""
        self.received.append(request)
        status = self.request_status.pop(0) if self.request_status else 200
        if status != 200 or request.path != "/_bulk":
            return status, json.dumps({"status": status}).encode()
        items = [_item(self.status_of(document)) for _action, document in _pairs(request.content)]
        return status, json.dumps({"errors": True, "items": items}).encode()


def _item(status: int) -> dict[str, Any]:
    error = {"type": "mapper_parsing_exception", "reason": "failed to parse"}
    return {"index": {"status": status} | ({"error": error} if status >= 300 else {})}


def _pairs(body: bytes) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    lines = [json.loads(line) for line in body.splitlines()]
    return list(zip(lines[::2], lines[1::2], strict=True))


def _handler_for(fake: FakeOpenSearch) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer = fake.answer(Received(self.command, self.path, headers, body))
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815  http.server's names

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  http.server's name
            """Stay quiet."""

    return Handler
