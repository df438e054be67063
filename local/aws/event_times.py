"""Events that happened when their sender says; MiniStack dates all of them by their arrival.

Reference: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
"""

import json
from contextvars import ContextVar
from typing import Any

from ministack.core.responses import json_response
from ministack.services import eventbridge

from local.aws import patching

type Json = dict[str, Any]

MOST_ENTRIES = 10
"""Of PutEvents; MiniStack refuses more."""

_said: ContextVar[int | None] = ContextVar("said", default=None)
"""When the entry that is being put says that it happened: seconds since the epoch."""


def apply() -> None:
    """Let ``PutEvents`` keep the ``Time`` of its entries."""
    patching.wrap(eventbridge, "_dispatch_event", _dated)
    patching.wrap(eventbridge, "_put_events", _one_by_one)


def _dated(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    def dispatch(event: Json, view: Any = None) -> None:  # noqa: ANN401  same
        said = _said.get()
        if said is None:
            original(event, view)
            return
        event["Time"] = said
        original(event)  # the view that came along has the other time

    return dispatch


def _one_by_one(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Put each entry alone, so that no time is taken for another's."""

    def put(request: Json, allow_aws_source: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002  MiniStack's signature
        entries = request.get("Entries", [])
        if not 0 < len(entries) <= MOST_ENTRIES:
            return original(request, allow_aws_source)
        results = []
        for entry in entries:
            told = entry.get("Time")
            token = _said.set(None if told is None else int(told))
            try:
                _, _, body = original({**request, "Entries": [entry]}, allow_aws_source)
            finally:
                _said.reset(token)
            results += json.loads(body)["Entries"]
        failed = sum("ErrorCode" in result for result in results)
        return json_response({"FailedEntryCount": failed, "Entries": results})

    return put
