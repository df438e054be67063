# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Metric filters: turn matching log events into CloudWatch metrics, so that alarms can fire.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
"""

import json
from typing import Any

from ministack.services import cloudwatch, cloudwatch_logs

from local.aws.filter_pattern import compile_pattern
from local.aws.filter_pattern.compare import number
from local.aws.filter_pattern.json_events import select
from local.aws.logs.envelopes import LogEvent


def emit(log_group: str, events: list[LogEvent]) -> None:
    """Put one datum per matching event and transformation.

    A ``metricValue`` such as ``$.latency`` is taken from the event; one that is not a number
    there gives no datum, and the default value is not modelled.
    """
    for stored in list(cloudwatch_logs._metric_filters.values()):
        if stored["logGroupName"] != log_group:
            continue
        matches = compile_pattern(stored.get("filterPattern") or "")
        hits = [event["message"] for event in events if matches(event["message"])]
        for transformation in stored["metricTransformations"] if hits else []:
            _put(transformation, hits)


def _put(transformation: dict[str, Any], messages: list[str]) -> None:
    values = [_value(transformation.get("metricValue", "1"), message) for message in messages]
    data = [
        {
            "MetricName": transformation["metricName"],
            "Value": value,
            "Unit": transformation.get("unit", "None"),
        }
        for value in values
        if value is not None
    ]
    request = {"Namespace": transformation["metricNamespace"], "MetricData": data}
    cloudwatch._put_metric_data({}, request, is_cbor=False, is_json=True)


def _value(expression: str, message: str) -> float | None:
    if not expression.startswith("$"):
        return number(expression)
    try:
        found = select(json.loads(message), expression)
    except ValueError:
        return None
    return number(found[0]) if found else None
