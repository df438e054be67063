"""What services say by themselves: instances, scaling, stacks and alarms.

Reference: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html
"""

from collections.abc import Iterator
from typing import Any

from local.story.clock import Clock
from local.story.entry import BusEvent, Place
from local.story.organisation import HOME, MINE, MINER, PLACES, PLATFORM, VICTIM
from logcore.shape import utc

STATE = "EC2 Instance State-change Notification"
SPOT = "EC2 Spot Instance Interruption Warning"
LAUNCHED, NOT_LAUNCHED = "EC2 Instance Launch Successful", "EC2 Instance Launch Unsuccessful"
STACK = "CloudFormation Stack Status Change"
ALARM = "CloudWatch Alarm State Change"

_MINED = ((2.29, "pending"), (2.28, "running"), (0.7, "shutting-down"), (0.69, "terminated"))
_DEPLOYED = ("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE")
_ROLLED_BACK = ("UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE")
_ALARMS = (
    (MINE, 2.1, "unusual-spending", "ALARM"),
    (MINE, 0.4, "unusual-spending", "OK"),
    (Place(PLATFORM, HOME), 3.3, "refused-logins", "ALARM"),
    (Place(PLATFORM, HOME), 3.1, "refused-logins", "OK"),
    (VICTIM, 6.2, "checkout-errors", "ALARM"),
    (VICTIM, 6.0, "checkout-errors", "OK"),
)


def notices(clock: Clock) -> Iterator[BusEvent]:
    """The miner's life, and the day of every other machine."""
    for hours, state in _MINED:
        yield _state(MINE, clock.hours_before_end(hours), MINER, state)
    for number, place in enumerate(PLACES):
        yield from _machines(clock.hours_before_end(21 - number * 3), place, number)
        steps = _ROLLED_BACK if number == 1 else _DEPLOYED
        yield from _deployed(clock.hours_before_end(18 - number * 2.5), place, steps)
    for place, hours, name, state in _ALARMS:
        detail = {
            "alarmName": name,
            "state": {"value": state, "reason": "Threshold crossed.",
                      "timestamp": utc(clock.hours_before_end(hours))},
            "previousState": {"value": "OK" if state == "ALARM" else "ALARM"},
        }  # fmt: skip
        arn = f"arn:aws:cloudwatch:{place.region}:{place.account}:alarm:{name}"
        yield event(place, clock.hours_before_end(hours), "cloudwatch", ALARM, detail, arn)


def _machines(time_ms: int, place: Place, number: int) -> Iterator[BusEvent]:
    """A group replaces a machine; somewhere there is no room for the new one."""
    instance = f"i-0a1b2c3d4e5f6074{number}"
    failed = number == 4  # noqa: PLR2004  one region is full for a while
    detail = {
        "StatusCode": "Failed" if failed else "InProgress",
        "StatusMessage": "There is not enough capacity in this zone." if failed else "",
        "Description": f"Launching a new EC2 instance: {instance}",
        "AutoScalingGroupName": "shop",
        "Details": {"Availability Zone": f"{place.region}a"},
        "EC2InstanceId": "" if failed else instance,
        "StartTime": utc(time_ms - 40_000),
        "EndTime": utc(time_ms),
    }
    if number % 3 == 0:
        going = {"instance-id": f"{instance[:-2]}50", "instance-action": "terminate"}
        yield event(place, time_ms - 120_000, "ec2", SPOT, going)
    name = NOT_LAUNCHED if failed else LAUNCHED
    yield event(place, time_ms, "autoscaling", name, detail)
    for count, state in enumerate(("pending", "running") if not failed else ()):
        yield _state(place, time_ms + count * 15_000, instance, state)


def _deployed(begin_ms: int, place: Place, steps: tuple[str, ...]) -> Iterator[BusEvent]:
    arn = f"arn:aws:cloudformation:{place.region}:{place.account}:stack/shop/{'1' * 8}"
    for count, status in enumerate(steps):
        reason = "Resource handler returned a timeout" if "ROLLBACK_IN" in status else ""
        detail = {
            "stack-id": arn,
            "status-details": {"status": status, "status-reason": reason},
        }
        yield event(place, begin_ms + count * 90_000, "cloudformation", STACK, detail, arn)


def _state(place: Place, time_ms: int, instance: str, state: str) -> BusEvent:
    arn = f"arn:aws:ec2:{place.region}:{place.account}:instance/{instance}"
    return event(place, time_ms, "ec2", STATE, {"instance-id": instance, "state": state}, arn)


def event(
    place: Place, time_ms: int, service: str, kind: str, detail: dict[str, Any], *arns: str
) -> BusEvent:
    """An event of a service, which only its own account's bus carries."""
    return BusEvent(
        place=place,
        seen_at=(place,),
        source=f"aws.{service}",
        detail_type=kind,
        time_ms=time_ms,
        detail=detail,
        dataset="aws.events",
        resources=arns,
    )
