"""Saved Insights queries: kept and given back; nothing runs them here.

Reference: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
"""

import time
import uuid
from typing import Any

from ministack.core.responses import AccountRegionScopedDict

from local.aws.logs.errors import NotFoundError

_KEPT = ("name", "queryString", "logGroupNames", "queryLanguage")

_definitions = AccountRegionScopedDict()


def put(request: dict[str, Any]) -> dict[str, Any]:
    """Answer ``PutQueryDefinition``: a new id, or the given one replaced.

    Raises:
        NotFoundError: the given id is unknown.
    """
    identity = request.get("queryDefinitionId") or str(uuid.uuid4())
    if request.get("queryDefinitionId") and identity not in _definitions:
        raise NotFoundError(f"query definition {identity} does not exist")
    definition = {key: request[key] for key in _KEPT if key in request}
    definition["lastModified"] = time.time_ns() // 1_000_000
    _definitions[identity] = {"queryDefinitionId": identity} | definition
    return {"queryDefinitionId": identity}


def describe(request: dict[str, Any]) -> dict[str, Any]:
    """Answer ``DescribeQueryDefinitions``."""
    prefix = request.get("queryDefinitionNamePrefix", "")
    found = [query for query in _definitions.values() if query["name"].startswith(prefix)]
    return {"queryDefinitions": found}


def delete(request: dict[str, Any]) -> dict[str, Any]:
    """Answer ``DeleteQueryDefinition``.

    Raises:
        NotFoundError: the id is unknown.
    """
    if _definitions.pop(request["queryDefinitionId"], None) is None:
        raise NotFoundError(f"query definition {request['queryDefinitionId']} does not exist")
    return {"success": True}


def reset() -> None:
    """Forget every definition."""
    _definitions.clear()
