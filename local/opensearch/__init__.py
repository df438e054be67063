"""A real OpenSearch server on this machine, from pinned files, without Docker."""

from local.opensearch.account import default_home
from local.opensearch.errors import StartError
from local.opensearch.progress import Progress
from local.opensearch.security import SecurityFiles, User
from local.opensearch.server import OpenSearchServer

__all__ = ["OpenSearchServer", "Progress", "SecurityFiles", "StartError", "User", "default_home"]
