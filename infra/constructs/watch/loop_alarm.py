"""Says that the pipeline is reading its own logs, which the functions cut and nobody wants."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from lambdas.observability import EVENTS_DROPPED, NAMESPACE
from logcore.own_logs import OWN_LOGS

RUNBOOK = "docs/operations/loop.md"


class LoopAlarm(Construct):
    """Goes off at the first line of its own that comes back, and while they keep coming.

    The functions drop such lines, and count the first at once and those after it within a minute,
    as long as anything comes.

    Attributes:
        alarm: The alarm.
    """

    def __init__(self, scope: Construct, id_: str, *, topic: sns.ITopic) -> None:
        super().__init__(scope, id_)
        own_lines = cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=EVENTS_DROPPED,
            dimensions_map={"rule": OWN_LOGS},
            period=cdk.Duration.minutes(5),
            statistic="Sum",
        )
        self.alarm = cloudwatch.Alarm(
            self,
            "Alarm",
            alarm_description=(
                "Central logs: the pipeline's own log groups or bucket are sent to it. The lines "
                f"are dropped; whoever subscribed them must stop it: {RUNBOOK}"
            ),
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            metric=own_lines,
            threshold=0,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        action = actions.SnsAction(topic)
        self.alarm.add_alarm_action(action)
        self.alarm.add_ok_action(action)
