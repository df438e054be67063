"""What AWS means when it does not give what it was asked for."""

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Final

from botocore.exceptions import ClientError

DENIED: Final = frozenset(
    {"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation", "403"}
)
"""Codes by which services say that a right is missing; a HEAD request of S3 has no other words."""


_PERFORM = re.compile(r"not authorized to perform: ([a-z0-9-]+:\w+)")


def code(refused: ClientError) -> str:
    """The code of a refusal: ``ResourceNotFoundException``; of a HEAD request, its HTTP status."""
    return str(refused.response["Error"]["Code"])


def right(refused: ClientError) -> str:
    """The right that was missing, ``ssm:GetParameter``; empty where the service does not say."""
    named = _PERFORM.search(str(refused))
    return named[1] if named else ""


def unless[T](absent: AbstractSet[str], ask: Callable[[], T]) -> T | None:
    """What AWS gives; ``None`` when it says by one of these codes that there is nothing.

    Raises:
        ClientError: it refused for another reason.
    """
    try:
        return ask()
    except ClientError as refused:
        if code(refused) in absent:
            return None
        raise
