"""Systems Manager with documents, associations and activations, which MiniStack lacks.

They are kept, checked and given back. No machine registers here and nothing runs on one: which
hosts a tag means, and what the agent does there, is not played.

Reference: https://docs.aws.amazon.com/systems-manager/latest/APIReference/Welcome.html
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import ssm

from local.aws import patching
from local.aws.settings import Settings
from local.aws.systems_manager import activations, associations, documents
from local.aws.systems_manager.errors import SystemsManagerError

type Action = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes a request's JSON; gives the response's JSON, or raises ``SystemsManagerError``."""

ACTIONS: dict[str, Action] = {
    "CreateActivation": activations.create,
    "DeleteAssociation": associations.remove,
    "DeleteDocument": documents.remove,
    "DescribeActivations": activations.describe,
    "DescribeAssociation": associations.describe,
    "GetDocument": documents.get,
    "ListAssociations": associations.listed,
}


def apply(_settings: Settings) -> None:
    """Answer what MiniStack does not."""
    patching.wrap(ssm, "handle_request", _with_actions)
    patching.wrap(ssm, "reset", _with_own_reset)


def _with_actions(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> Any:  # noqa: ANN401  same
        action = ACTIONS.get(headers.get("x-amz-target", "").rpartition(".")[2])
        if action is None:
            return await original(method, path, headers, body, query)
        try:
            return json_response(action(json.loads(body)))
        except SystemsManagerError as error:
            return error_response_json(error.code, str(error), 400)

    return handle


def _with_own_reset(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    def reset() -> None:
        for part in (activations, associations, documents):
            part.reset()
        original()

    return reset
