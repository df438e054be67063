"""The connection to the real OpenSearch that plays every domain, on behalf of an IAM principal.

A server with the security plugin is told who calls by proxy authentication: the principal's ARN
is the user and the only backend role, so role mappings by ARN work as on the managed service.

References:
    https://docs.opensearch.org/latest/security/authentication-backends/proxy/
    https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field

import urllib3

from local.aws.settings import Settings

IDENTITY_HEADERS = frozenset({"x-proxy-user", "x-proxy-roles", "x-forwarded-for", "authorization"})
"""What only this side may say; a caller's own are never passed on."""

_TIMEOUT = urllib3.Timeout(
    connect=5, read=120
)  # seconds; a force merge is slow, a dead port is not
_CONNECTIONS = 32  # kept open; threads of the endpoint plus Firehose deliveries


def _pool(ca_file: str | None) -> urllib3.PoolManager:
    return urllib3.PoolManager(
        maxsize=_CONNECTIONS, retries=False, timeout=_TIMEOUT, ca_certs=ca_file
    )


@dataclass(frozen=True, slots=True)
class OpenSearchServer:
    """One server behind ``url``.

    Attributes:
        url: Base address without a trailing slash; empty when the laptop runs no OpenSearch.
        auth: ``user:password`` sent with each request instead of the principal, or empty.
        pool: Connections that stay open.
    """

    url: str
    auth: str = field(default="", repr=False)
    pool: urllib3.PoolManager = field(default_factory=lambda: _pool(None), repr=False)

    @classmethod
    def from_settings(cls, settings: Settings) -> "OpenSearchServer":
        """The server that the settings name, trusted by ``ca_file`` when it speaks TLS."""
        pool = _pool(settings.ca_file or None)
        return cls(settings.opensearch_url.rstrip("/"), settings.opensearch_auth, pool)

    def send(
        self,
        method: str,
        target: str,
        *,
        principal: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> urllib3.BaseHTTPResponse:
        """Send one request as ``principal``, an ARN; the answer's body is not read yet.

        Raises:
            urllib3.exceptions.HTTPError: no server answers; retry, or answer 503.
        """
        return self.pool.request(
            method,
            self.url + target,
            body=body or None,
            headers={**(headers or {}), **self._identity(principal)},
            preload_content=False,
            decode_content=False,
            redirect=False,
        )

    def _identity(self, principal: str) -> dict[str, str]:
        proxy = {
            "x-proxy-user": principal,
            "x-proxy-roles": principal,
            "x-forwarded-for": "127.0.0.1",
        }
        if not self.auth:
            return proxy
        return {"authorization": "Basic " + base64.b64encode(self.auth.encode()).decode()}
