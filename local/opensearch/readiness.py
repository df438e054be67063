"""Waits until a server can do what it is for: create an index.

Health says less. A server on a Java runtime without the Thai locale turns green and then fails
every index.
"""

import time
import uuid

from urllib3 import PoolManager, make_headers
from urllib3.exceptions import HTTPError

from local.opensearch.configure import RunFolder
from local.opensearch.process import ServerProcess
from local.opensearch.progress import Progress
from local.opensearch.security import ADMIN, SecurityFiles

POLL_S = 0.2
REQUEST_TIMEOUT_S = 30.0
OK = 200
UNAVAILABLE = 503
NOT_YET = {401, 403, 408, 429, UNAVAILABLE}  # while security fills its index, or old ones open


def wait_until_usable(
    process: ServerProcess,
    run: RunFolder,
    secured: SecurityFiles | None,
    deadline_s: float,
    progress: Progress,
) -> str:
    """Give the server's URL once an index could be created and deleted.

    Raises:
        StartError: the server ended, refused, or took longer than ``deadline_s`` seconds.
    """
    progress("Starting OpenSearch", None)
    deadline = time.monotonic() + deadline_s
    http = _pool(secured)
    problem = "it has opened no port"
    while time.monotonic() < deadline:
        if process.has_ended():
            raise process.failure("the server ended by itself")
        if run.ports.exists():
            url = f"{'https' if secured else 'http'}://{run.ports.read_text().split()[0]}"
            status, problem = _try_an_index(http, url)
            if status == OK:
                progress("Starting OpenSearch", 1.0)
                return url
            if status not in NOT_YET:
                raise process.failure(problem)
        time.sleep(POLL_S)
    raise process.failure(f"not usable within {deadline_s:g} s: {problem}")


def _pool(secured: SecurityFiles | None) -> PoolManager:
    if secured is None:
        return PoolManager(retries=False, timeout=REQUEST_TIMEOUT_S)
    login = make_headers(basic_auth=f"{ADMIN}:{secured.passwords[ADMIN]}")
    return PoolManager(
        retries=False, timeout=REQUEST_TIMEOUT_S, headers=login, ca_certs=str(secured.ca)
    )


def _try_an_index(http: PoolManager, url: str) -> tuple[int, str]:
    """Create and delete an index; give the HTTP status, 503 for no answer, and what was said."""
    index = f"{url}/smoke-{uuid.uuid4().hex}"
    steps = (
        ("GET", f"{url}/_cluster/health?wait_for_status=yellow&timeout=2s"),
        ("PUT", index),
        ("DELETE", index),
    )
    try:
        for method, address in steps:
            answer = http.request(method, address)
            if answer.status != OK:
                return answer.status, f"HTTP {answer.status}: {answer.data.decode()}"
    except HTTPError as error:
        return UNAVAILABLE, str(error)
    return OK, ""
