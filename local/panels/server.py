"""Serves the panel page on this machine, to this machine only.

with PanelServer("http://127.0.0.1:9200", objects=Path("dashboards/compiled")) as server:
    webbrowser.open(server.url)

Reference: https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html
"""

import json
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self, override

from local.panels.assets import STATIC, TYPES, Asset, assets
from local.panels.errors import PanelError
from local.panels.filters import Json
from local.panels.pages import Page, Pages, Redirect, status_code
from local.panels.search_client import SearchClient

HOST = "127.0.0.1"
PAGE = Asset(STATIC / "page.html", TYPES[".html"])
JSON = TYPES[".json"]
POLL_S = 0.05  # how late the end of the `with` block may be noticed
IDLE_S = 30  # a kept connection that says nothing for so long is closed

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""On every answer. Nothing is cached: the machine is the same, and edits show at once."""


class PanelServer:
    """A web server for as long as the ``with`` block lasts.

    Attributes:
        port: Of 127.0.0.1.
    """

    def __init__(
        self,
        search_url: str,
        objects: Path,
        port: int | None = None,
        status: Callable[[], Json] | None = None,
    ) -> None:
        """Listen, but answer only inside the ``with`` block.

        Args:
            search_url: Of the search server, such as ``http://127.0.0.1:9200``.
            objects: Folder of compiled dashboards.
            port: A free one by default.
            status: Gives the demo's reconciliation: ``{"rows": [{"account", "region", "dataset",
                "put", "arrived"}], "totals": {"put", "arrived", "lost", "duplicated",
                "rejected"}}``. It is called from several threads.

        Raises:
            PanelError: the port is taken, or the chart library is not installed.
            ValueError: the search server's address is no web address.
        """
        pages = Pages(SearchClient(search_url), objects, status)
        files = assets()

        class Handler(_Handler):
            """The handler of this one server."""

            _pages, _assets = pages, files

        try:
            self._server = ThreadingHTTPServer((HOST, port or 0), Handler)
        except OSError as error:
            raise PanelError(f"port {port} of {HOST} cannot be used: {error.strerror}") from error
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_S,), name="panels"
        )

    @property
    def url(self) -> str:
        """Where the page is, such as ``http://127.0.0.1:40123``."""
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop to answer, and give the port back."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Answers GET; every other method is refused by the base class with 501."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_S
    _pages: Pages
    _assets: dict[str, Asset]

    def do_GET(self) -> None:
        """Answer an address, or say in JSON why not."""
        if not self._is_meant():
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST, "this server is only for this machine")
            return
        asset = self._assets.get(self.path.partition("?")[0])
        if asset:
            self._send(HTTPStatus.OK, asset.type, asset.file.read_bytes())
            return
        try:
            answer = self._pages.answer(self.path)
        except PanelError as error:
            self._refuse(status_code(error), str(error))
            return
        match answer:
            case Redirect(path):
                self._send(HTTPStatus.FOUND, JSON, b"{}", {"Location": path})
            case Page():
                self._send(HTTPStatus.OK, PAGE.type, PAGE.file.read_bytes())
            case data:
                self._send(HTTPStatus.OK, JSON, _dumped(data))

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: the demo's terminal has other things to say."""

    def _is_meant(self) -> bool:
        """Whether the request names this machine; else a web site is trying DNS rebinding."""
        name = self.headers.get("Host", "").rpartition(":")[0]
        return name in {HOST, "localhost"}

    def _refuse(self, code: int, message: str) -> None:
        self._send(code, JSON, _dumped({"error": message}))

    def _send(
        self, code: int, type_: str, body: bytes, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(code)
        for name, value in {**HEADERS, **(headers or {}), "Content-Type": type_}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        try:
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:  # the reader went on to another page
            self.close_connection = True


def _dumped(data: Json) -> bytes:
    return json.dumps(data, separators=(",", ":")).encode()
