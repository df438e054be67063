"""Answers the local cloud's own addresses, ``/_local/...``, in front of MiniStack's gateway."""

import json
from collections.abc import Callable
from typing import Any

from ministack import app as gateway

from local.aws import patching

type Answer = Callable[[Any], Any]
"""Takes the request's JSON (``None`` without a body) and gives the response's.

A ``KeyError``, ``TypeError`` or ``ValueError`` is answered with 400.
"""


def route(method: str, path: str, answer: Answer) -> None:
    """Answer one method and path of the gateway; every other request goes on as before."""

    def around(original: Any) -> Any:  # noqa: ANN401  an ASGI application, untyped in MiniStack
        async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401  ASGI
            if scope["type"] != "http" or (scope["method"], scope["path"]) != (method, path):
                await original(scope, receive, send)
                return
            status, body = _respond(answer, await _body(receive))
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": json.dumps(body).encode()})

        return application

    patching.wrap(gateway, "app", around)


def _respond(answer: Answer, body: bytes) -> tuple[int, Any]:
    try:
        return 200, answer(json.loads(body) if body else None)
    except (KeyError, TypeError, ValueError) as error:
        return 400, {"message": f"{type(error).__name__}: {error}"}


async def _body(receive: Any) -> bytes:  # noqa: ANN401  ASGI
    parts, more = list[bytes](), True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)
