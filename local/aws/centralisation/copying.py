# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Copies what is put into a log group to where rules want it, as it arrives and never twice.

What is not copied is a refusal, with the error type that CloudWatch counts it under:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
"""

import logging
from typing import Any, Final

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import cloudwatch_logs

from local.aws.centralisation import control
from local.aws.centralisation.destination import Destination, destinations, unusable
from local.aws.centralisation.rule import Json, Source
from local.aws.logs import system_fields
from local.aws.refusals import refuse

LONGEST_STREAM: Final = 512
"""Characters: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html"""

log = logging.getLogger("local.aws.centralisation")


def with_copies(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Let rules see what a log group's subscriptions have seen; in the caller's thread."""

    def fan_out(log_group: str, log_stream: str, events: list[Json]) -> None:
        original(log_group, log_stream, events)
        group = cloudwatch_logs._log_groups.get(log_group)
        if not group or not events or system_fields.is_copy():
            return
        encrypted = bool(group.get("kmsKeyId"))
        source = Source(get_account_id(), get_region(), log_group, encrypted)
        try:
            _copy(source, log_stream, events)
        except (
            Exception
        ) as error:  # the outermost boundary: MiniStack's callers swallow all of them
            log.exception("copying of %s", log_group)
            refuse("centralisation", f"{log_group}: {error!r}")

    return fan_out


def _copy(source: Source, log_stream: str, events: list[Json]) -> None:
    for rule in control.working():
        for destination in destinations(rule, source) if rule.selects(source) else ():
            if why := _put(destination, source, log_stream, events):
                refuse("centralisation", f"{source.log_group} by {rule.name}: {why}")


def _put(
    destination: Destination, source: Source, log_stream: str, events: list[Json]
) -> str | None:
    stream = f"{log_stream}_{source.account}_{source.region}"
    if len(stream) > LONGEST_STREAM:
        return f"InvalidLogStream: {len(stream)} characters, {LONGEST_STREAM} are allowed"
    with request_scope(destination.account, destination.region):
        if why := unusable(destination, source):
            return why
        names = {"logGroupName": destination.log_group, "logStreamName": stream}
        group = {"logGroupName": destination.log_group, "kmsKeyId": destination.key_arn}
        cloudwatch_logs._create_log_group(group)  # refuses what is there
        cloudwatch_logs._create_log_stream(names)
        with system_fields.copied_from(source.account, source.region, source.log_group):
            cloudwatch_logs._put_log_events(names | {"logEvents": events})
    return None
