# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Makes, updates and deletes the stack of one instance, in its own account and region.

The stack is MiniStack's own, by its own handlers, under the account and region of the instance.
"""

import asyncio
import re
from collections.abc import Callable
from html import unescape
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import cloudformation
from ministack.services.cloudformation import handlers

from local.aws.stack_sets.model import Instance, StackSet

LOOK_SECONDS = 0.02  # a stack here takes a fraction of a second
GOOD = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
GONE = ("", "DELETE_COMPLETE", "ROLLBACK_COMPLETE")
"""States in which there is no stack to update: none, deleted, or never made."""

NO_CHANGE = "No updates are to be performed."

_MESSAGE = re.compile(r"<Message>(.*?)</Message>", re.DOTALL)


async def put(stack_set: StackSet, instance: Instance) -> str:
    """Bring the instance's stack to the template; gives why it could not be, or nothing."""
    request = {
        "StackName": [instance.stack_name],
        "TemplateBody": [stack_set.properties["TemplateBody"]],
    }
    for number, name in enumerate(stack_set.properties.get("Capabilities", []), start=1):
        request[f"Capabilities.member.{number}"] = [name]
    exists = _status(instance) not in GONE
    refusal = _ask(instance, handlers._update_stack if exists else handlers._create_stack, request)
    if refusal:
        return "" if refusal == NO_CHANGE else refusal
    await _settled(instance)
    instance.stack_id = _read(instance, "StackId")
    return "" if _status(instance) in GOOD else _why(instance)


async def remove(instance: Instance) -> str:
    """Delete the instance's stack; gives why it could not be, or nothing."""
    if not _status(instance):
        return ""
    refusal = _ask(instance, handlers._delete_stack, {"StackName": [instance.stack_name]})
    if refusal:
        return refusal
    await asyncio.sleep(LOOK_SECONDS)  # the deletion begins with the loop's next turn
    await _settled(instance)
    return "" if _status(instance) == "DELETE_COMPLETE" else _why(instance)


def _ask(instance: Instance, handler: Callable[[Any], Any], request: dict[str, Any]) -> str:
    with request_scope(*instance.place):
        status, _headers, body = handler(request)
    if status < 300:  # noqa: PLR2004  HTTP: a success
        return ""
    found = _MESSAGE.search(body.decode())
    return unescape(found[1]) if found else body.decode()


async def _settled(instance: Instance) -> None:
    while _status(instance).endswith("_IN_PROGRESS"):  # noqa: ASYNC110  MiniStack tells nobody
        await asyncio.sleep(LOOK_SECONDS)


def _status(instance: Instance) -> str:
    return _read(instance, "StackStatus")


def _why(instance: Instance) -> str:
    """What the last resource that failed said; the stack's state if none said anything."""
    with request_scope(*instance.place):
        events = cloudformation._stack_events.get(_read(instance, "StackId"), [])
    said = [
        event["ResourceStatusReason"]
        for event in events
        if event["ResourceStatus"].endswith("_FAILED") and event.get("ResourceStatusReason")
    ]
    return said[-1] if said else f"the stack is {_status(instance)}"


def _read(instance: Instance, key: str) -> str:
    with request_scope(*instance.place):
        return str(cloudformation._stacks.get(instance.stack_name, {}).get(key, ""))
