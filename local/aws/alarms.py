# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""CloudWatch alarms that look at their own metric, and tell topics that let them.

MiniStack takes the data of every metric with the alarm's namespace and name, whatever its
dimensions, and asks no topic's policy. An alarm is looked at when data comes; one that should go
back to OK because nothing came any more stays as it is.

References:
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
"""

import operator
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from ministack.services import cloudwatch, sns

from local.aws import patching, roles
from local.aws.refusals import refuse
from local.aws.settings import Settings

type Alarm = dict[str, Any]

SERVICE: Final = "cloudwatch.amazonaws.com"
ACTIONS: Final = ("AlarmActions", "OKActions", "InsufficientDataActions")

COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
"""Those without anomaly detection, which is not played."""


def apply(_settings: Settings) -> None:
    """Replace how an alarm is evaluated, and whom it tells."""
    patching.require(sns, "_topic_by_arn_any_scope")
    patching.require(
        cloudwatch,
        "_calc_stats",
        "_dims_key",
        "_dispatch_alarm_actions",
        "_evaluate_parent_alarms",
        "_metrics",
        "_record_history",
        "_stat_value",
    )
    patching.replace(cloudwatch, "_evaluate_alarm", evaluate)
    patching.wrap(cloudwatch, "_dispatch_alarm_actions", _to_those_who_let_it)


def evaluate(alarm: Alarm) -> None:
    """Take an alarm's data, and tell whoever follows it of a new state."""
    value = _value(alarm)
    if value is None:
        return
    compare = COMPARISONS[alarm["ComparisonOperator"]]
    state = "ALARM" if compare(value, alarm["Threshold"]) else "OK"
    before = alarm["StateValue"]
    if state == before:
        return
    reason = f"Threshold Crossed: {value} {alarm['ComparisonOperator']} {alarm['Threshold']}"
    alarm |= {
        "StateValue": state,
        "StateReason": reason,
        "StateUpdatedTimestamp": int(time.time()),
    }
    cloudwatch._record_history(alarm["AlarmName"], before, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, before, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def _to_those_who_let_it(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    def dispatch(alarm: Alarm, before: str, state: str, reason: str) -> None:
        told = {
            field: [arn for arn in alarm.get(field) or [] if _lets(arn, alarm["AlarmArn"])]
            for field in ACTIONS
        }
        original({**alarm, **told}, before, state, reason)

    return dispatch


def _lets(arn: str, alarm_arn: str) -> bool:
    """Whether a topic lets the alarm publish to it; that it does not is a refusal."""
    topic = sns._topic_by_arn_any_scope(arn) or {}
    policy = topic.get("attributes", {}).get("Policy") or {}
    why = roles.service_denied(SERVICE, "sns:Publish", arn, policy, source_arn=alarm_arn)
    if why:
        refuse("cloudwatch", f"{alarm_arn} to {arn}: {why}")
    return why is None


def _value(alarm: Alarm) -> float | None:
    """The statistic over the periods that the alarm looks back; ``None`` without data."""
    dimensions = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
    key = (alarm["Namespace"], alarm["MetricName"], cloudwatch._dims_key(dimensions))
    since = time.time() - alarm["Period"] * alarm["EvaluationPeriods"]
    points = [each for each in cloudwatch._metrics.get(key) or () if each["Timestamp"] >= since]
    if not points:
        return None
    statistic = alarm.get("ExtendedStatistic") or alarm["Statistic"]
    found: float | None = cloudwatch._stat_value(cloudwatch._calc_stats(points), statistic, points)
    return found
