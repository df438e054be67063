# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""EventBridge Scheduler whose rate schedules begin at once, and which needs its role.

References:
    - https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based
    - https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role
"""

from typing import Any

from ministack.services import eventbridge, scheduler

from local.aws import patching, roles
from local.aws.refusals import refuse
from local.aws.settings import Settings

SERVICE = "scheduler.amazonaws.com"
LONG_AGO = 0.0  # Unix seconds

type Json = dict[str, Any]
"""A schedule or its target as MiniStack keeps it, under the API's names."""


def apply(_settings: Settings) -> None:
    """Start what has no start date at its creation, and judge each call by the schedule's role."""
    patching.require(scheduler, "_schedules", "_schedule_last_fired")
    patching.wrap(scheduler, "_tick_schedules", _beginning_at_once)
    patching.wrap(eventbridge, "_invoke_target", _by_role)


def _beginning_at_once(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    def tick() -> None:
        for key, schedule in list(scheduler._schedules._data.items()):
            is_rate = str(schedule.get("ScheduleExpression", "")).startswith("rate(")
            if is_rate and not schedule.get("StartDate"):
                scheduler._schedule_last_fired.setdefault(key, LONG_AGO)
        original()

    return tick


def _by_role(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    def invoke(target: Json, event: Json, rule: Json, view: Any = None) -> None:  # noqa: ANN401  same
        why = _refused(target, rule) if "FlexibleTimeWindow" in rule else None
        if why:
            refuse("scheduler", f"{rule['Name']} to {target['Arn']}: {why}")
        else:
            original(target, event, rule, view)

    return invoke


def _refused(target: Json, schedule: Json) -> str | None:
    if ":function:" not in target["Arn"]:
        return "only functions are called here"
    return roles.denied(
        target.get("RoleArn", ""),
        "lambda:InvokeFunction",
        target["Arn"],
        SERVICE,
        source_arn=schedule["Arn"],
    )
