"""CloudFormation StackSets with service-managed permissions, as far as onboarding needs them.

Played: targets by nested units with account filters, operations through accounts and regions with
tolerance, concurrency and order, one at a time; automatic deployment when an account is made,
moved in or moved out; the management account left out; trusted access and delegated
administrators; the resource type.

Not played, and so only seen on the template or not used: self-managed permissions, parameters and
their overrides, templates by URL, tags, drift detection, import, stopping an operation, suspended
accounts, dependencies between StackSets, operations side by side, and the roles that AWS makes in
each account: here stacks have CloudFormation's own rights.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/what-is-cfnstacksets.html
"""

from typing import Any

from ministack import app as gateway
from ministack.services import cloudformation, organizations
from ministack.services.cloudformation import handlers, helpers, stacks

from local.aws import delegation, patching
from local.aws.cloudformation import register
from local.aws.settings import Settings
from local.aws.stack_sets import api, control, joining
from local.aws.stack_sets.resource import NAME, TYPES


def apply(settings: Settings) -> None:
    """Answer the API, know the resource type, and follow accounts."""
    patching.require(gateway, "_MAIN_LOOP")
    patching.require(handlers, "_create_stack", "_delete_stack", "_update_stack")
    patching.require(helpers, "_error", "_extract_string_members", "_p", "_xml")
    patching.require(cloudformation, "_ACTION_HANDLERS", "_stack_events", "_stacks")
    for name, action in api.ACTIONS.items():
        patching.add_entry(cloudformation, "_ACTION_HANDLERS", name, api.handler(name, action))
    for name, answer in delegation.ACTIONS.items():
        patching.add_entry(organizations, "_DISPATCH", name, answer)
    for name, resource in TYPES.items():
        register(name, resource)
    patching.wrap(stacks, "_runs_on_worker_thread", _waiting_aside)
    patching.wrap(cloudformation, "reset", _with_own_reset)
    if settings.organisation:
        patching.wrap_entry(organizations, "_DISPATCH", "MoveAccount", joining.on_move)
        patching.wrap_entry(organizations, "_DISPATCH", "CreateAccount", joining.on_create)


def _waiting_aside(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """A StackSet waits for stacks that the server's loop makes, so it must not hold the loop."""
    return lambda kind: kind == NAME or original(kind)


def _with_own_reset(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    def reset() -> None:
        control.reset()
        original()

    return reset
