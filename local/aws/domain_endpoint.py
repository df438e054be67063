"""The endpoint of every OpenSearch domain: TLS and IAM in front of the real server.

A function finds here what the managed service does: a signed request is authenticated, the
caller's policies and the domain's own are evaluated, and who may pass is passed on by name.

Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
"""

import json
import logging
import ssl
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer

import urllib3
from ministack.services import opensearch

from local.aws import domain_access, patching
from local.aws.domain_access import Forbidden, Request
from local.aws.opensearch_server import IDENTITY_HEADERS, OpenSearchServer
from local.aws.settings import Settings

log = logging.getLogger("local.aws.domain_endpoint")

_HOST = "127.0.0.1"
_CHUNK_BYTES = 64 * 1024
_IDLE_SECONDS = 60.0  # then a kept-alive connection is closed
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "host"}
)
"""Of one connection only: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1."""


class DomainEndpoint(ThreadingTCPServer):
    """An HTTPS server on the loopback interface with a thread per connection."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, settings: Settings) -> None:
        """Bind the port; requests are answered once ``serve_forever`` runs.

        Raises:
            OSError: the port is taken, or a certificate file cannot be read; the message says so.
        """
        self.opensearch = OpenSearchServer.from_settings(settings)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(settings.cert_file, settings.key_file)
        try:
            super().__init__((_HOST, settings.domain_port), _Handler)
        except OSError as error:
            raise OSError(f"domain_port {settings.domain_port} on {_HOST}: {error}") from error
        # The handshake is left to the connection's own thread, so that no client delays another.
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )

    def handle_error(self, request: object, client_address: object) -> None:
        """Log what went wrong with a connection; the server goes on."""
        log.exception("connection %s from %s failed", request, client_address)  # noqa: LOG004  socketserver calls this while it handles the exception


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = _IDLE_SECONDS
    server: DomainEndpoint

    def _answer(self) -> None:
        try:
            request = Request(
                self.command, self.path, list(self.headers.items()), self._read_body()
            )
            principal = domain_access.authorise(request)
        except Forbidden as error:
            self._refuse(HTTPStatus.FORBIDDEN, str(error))
            return
        self._forward(request, principal)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = _answer  # noqa: N815  http.server's names

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(self._chunks())
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailers

    def _forward(self, request: Request, principal: str) -> None:
        headers = {
            name: value
            for name, value in request.headers
            if name.lower() not in _HOP_BY_HOP | IDENTITY_HEADERS | {"content-length"}
            and not name.lower().startswith("x-amz-")
        }
        try:
            response = self.server.opensearch.send(
                request.method,
                request.target,
                principal=principal,
                body=request.body,
                headers=headers,
            )
        except urllib3.exceptions.HTTPError as error:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, f"OpenSearch does not answer: {error}")
            return
        self._pass_back(response)

    def _pass_back(self, response: urllib3.BaseHTTPResponse) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        sized = "content-length" in response.headers
        if not sized:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if self.command != "HEAD":
            for piece in response.stream(_CHUNK_BYTES, decode_content=False):
                self.wfile.write(piece if sized else b"%x\r\n%b\r\n" % (len(piece), piece))
            if not sized:
                self.wfile.write(b"0\r\n\r\n")
        response.release_conn()

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        body = json.dumps({"Message": message}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  http.server's name
        """Keep single requests out of the log."""
        log.debug(format, *arguments)


def apply(settings: Settings) -> None:
    """Start the endpoint and name it in every domain, if the settings give it a port.

    Raises:
        OSError: the port is taken, or a certificate file cannot be read.
    """
    domain_access.apply(settings)
    if not settings.domain_port:
        return
    patching.replace(opensearch, "ENDPOINT_OVERRIDE", f"{_HOST}:{settings.domain_port}")
    endpoint = DomainEndpoint(settings)
    threading.Thread(target=endpoint.serve_forever, daemon=True, name="domain-endpoint").start()
