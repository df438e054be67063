"""Metrics that are written as lines of log, which is how functions publish theirs.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from collections.abc import Iterator
from typing import Any

from ministack.services import cloudwatch

from local.aws.logs.envelopes import LogEvent

MARK = '"CloudWatchMetrics"'
"""No line without it has a metric; most lines are not parsed for it."""


def emit(events: list[LogEvent]) -> None:
    """Put each metric of each line, once for each set of dimensions that the line names."""
    for event in events:
        for directive, line in _directives(event["message"]):
            data = list(_data(directive, line))
            request = {"Namespace": directive["Namespace"], "MetricData": data}
            cloudwatch._put_metric_data({}, request, is_cbor=False, is_json=True)  # noqa: SLF001  MiniStack publishes no extension interface


def _directives(text: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    if MARK not in text:
        return
    try:
        line = json.loads(text)
        directives = line["_aws"]["CloudWatchMetrics"]
    except (KeyError, TypeError, ValueError):
        return
    for directive in directives:
        yield directive, line


def _data(directive: dict[str, Any], line: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for names in directive["Dimensions"]:
        dimensions = [{"Name": name, "Value": str(line[name])} for name in names]
        for metric in directive["Metrics"]:
            found = line[metric["Name"]]
            yield {
                "MetricName": metric["Name"],
                "Dimensions": dimensions,
                "Unit": metric.get("Unit", "None"),
                "Values": found if isinstance(found, list) else [found],
            }
