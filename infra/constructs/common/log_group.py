"""A log group of the pipeline's own, which the pipeline must never read."""

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.names import function_log_group


def own_log_group(scope: Construct, name: str, *, retention_days: int) -> logs.LogGroup:
    """A log group with a fixed name, so that account policies can leave it out by that name."""
    return logs.LogGroup(
        scope,
        "Logs",
        log_group_name=function_log_group(name),
        retention=retention(retention_days),
        removal_policy=cdk.RemovalPolicy.DESTROY,  # what it says of itself, not what it carries
    )


def retention(days: int) -> logs.RetentionDays:
    """CloudWatch's retention of that many days; ``config.Function`` allows the ones there are."""
    return _RETENTION[days]


_RETENTION = {
    1: logs.RetentionDays.ONE_DAY,
    3: logs.RetentionDays.THREE_DAYS,
    5: logs.RetentionDays.FIVE_DAYS,
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    60: logs.RetentionDays.TWO_MONTHS,
    90: logs.RetentionDays.THREE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
}
