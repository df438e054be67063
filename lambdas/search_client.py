"""Opens a signed connection to the search domain."""

from urllib.parse import urlsplit

from botocore.credentials import Credentials
from opensearchpy import OpenSearch, Urllib3AWSV4SignerAuth, Urllib3HttpConnection

HTTPS_PORT = 443


def open_search(
    endpoint: str, credentials: Credentials, region: str, *, timeout_s: int = 30
) -> OpenSearch:
    """A client that signs each request with SigV4 for the service ``es``.

    Args:
        endpoint: ``https://`` address of the domain, a port optional.
        credentials: Whose requests they are.
        region: Region of the domain.
        timeout_s: Seconds to wait for an answer.

    Raises:
        ValueError: the endpoint is no ``https://`` address.
    """
    address = urlsplit(endpoint)
    if address.scheme != "https" or not address.hostname:
        raise ValueError(f"search endpoint {endpoint!r}: expected https://host")
    return OpenSearch(
        hosts=[{"host": address.hostname, "port": address.port or HTTPS_PORT}],
        http_auth=Urllib3AWSV4SignerAuth(credentials, region, "es"),
        use_ssl=True,
        verify_certs=True,
        connection_class=Urllib3HttpConnection,
        timeout=timeout_s,
        max_retries=0,  # the sinks and the setup steps know what may be tried again
        pool_maxsize=4,
    )
