"""What services say by themselves: instances, scaling, stacks, alarms, and AWS Health.

References:
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html
    https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from local.story.clock import Clock, spelled
from local.story.entry import BusEvent, Place
from local.story.organisation import HOME, LEAKED, MINE, MINER, PLACES, PLATFORM, VICTIM
from logcore.shape import utc

STATE = "EC2 Instance State-change Notification"
SPOT = "EC2 Spot Instance Interruption Warning"
LAUNCHED, NOT_LAUNCHED = "EC2 Instance Launch Successful", "EC2 Instance Launch Unsuccessful"
STACK = "CloudFormation Stack Status Change"
ALARM = "CloudWatch Alarm State Change"
HEALTH, ABUSE = "AWS Health Event", "AWS Health Abuse Event"

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


class Notice(NamedTuple):
    """What AWS Health tells: under which detail-type, of which service, as what, in which words."""

    kind: str
    service: str
    code: str
    category: str
    status: str
    text: str


_HEALTH = (
    (VICTIM, 2.95, Notice(
        ABUSE, "RISK", "AWS_RISK_CREDENTIALS_EXPOSED", "issue", "open",
        f"The access key {LEAKED.key} was found in a public repository.")),
    (MINE, 1.6, Notice(
        ABUSE, "ABUSE", "AWS_ABUSE_INTRUSION_ATTEMPTS_REPORT", "issue", "open",
        f"{MINER} was reported for connections to a mining pool.")),
    (Place(PLATFORM, HOME), 20.0, Notice(
        HEALTH, "EC2", "AWS_EC2_PERSISTENT_INSTANCE_RETIREMENT_SCHEDULED", "scheduledChange",
        "upcoming", "An instance is on a machine that will be retired.")),
    (VICTIM, 13.0, Notice(
        HEALTH, "LAMBDA", "AWS_LAMBDA_RUNTIME_DEPRECATION_SCHEDULED", "accountNotification",
        "open", "A runtime of one of your functions ends.")),
)  # fmt: skip
"""Place, hours before the end, and the notice."""


def notices(clock: Clock) -> Iterator[BusEvent]:
    """The miner's life, the day of every other machine, and what AWS itself tells."""
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
        yield _event(place, clock.hours_before_end(hours), "cloudwatch", ALARM, detail, arn)
    for place, hours, notice in _HEALTH:
        yield _health(place, clock.hours_before_end(hours), notice)


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
        yield _event(place, time_ms - 120_000, "ec2", SPOT, going)
    name = NOT_LAUNCHED if failed else LAUNCHED
    yield _event(place, time_ms, "autoscaling", name, detail)
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
        yield _event(place, begin_ms + count * 90_000, "cloudformation", STACK, detail, arn)


def _state(place: Place, time_ms: int, instance: str, state: str) -> BusEvent:
    arn = f"arn:aws:ec2:{place.region}:{place.account}:instance/{instance}"
    return _event(place, time_ms, "ec2", STATE, {"instance-id": instance, "state": state}, arn)


def _health(place: Place, time_ms: int, notice: Notice) -> BusEvent:
    arn = f"{notice.service}/{notice.code}/{notice.code}_EXAMPLE"
    spoken = spelled(time_ms, "%a, %d %b %Y %H:%M:%S GMT")
    detail = {
        "eventArn": f"arn:aws:health:{place.region}::event/{arn}",
        "service": notice.service,
        "eventScopeCode": "ACCOUNT_SPECIFIC",
        "communicationId": f"{notice.code.lower()}-1",
        "startTime": spoken,
        "lastUpdatedTime": spoken,
        "statusCode": notice.status,
        "eventRegion": place.region,
        "eventTypeCode": notice.code,
        "eventTypeCategory": notice.category,
        "eventDescription": [{"language": "en_US", "latestDescription": notice.text}],
        "page": "1",
        "totalPages": "1",
        "affectedAccount": place.account,
    }
    return _event(place, time_ms, "health", notice.kind, detail)


def _event(
    place: Place, time_ms: int, service: str, kind: str, detail: dict[str, Any], *arns: str
) -> BusEvent:
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
