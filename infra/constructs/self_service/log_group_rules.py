"""Config rules that find log groups which nobody looks after, in one account and region.

They are rules of the account, not of the organisation: Config remediates nothing that an
organisation rule or a conformance pack has found.

References:
    - https://docs.aws.amazon.com/config/latest/APIReference/API_PutRemediationConfigurations.html
    - https://docs.aws.amazon.com/config/latest/developerguide/cloudwatch-log-group-encrypted.html
    - https://docs.aws.amazon.com/config/latest/developerguide/cw-loggroup-retention-period-check.html
"""

from aws_cdk import aws_config as config_
from constructs import Construct

from infra.config.self_service import LogGroupRules as RulesConfig
from infra.constructs.self_service.log_group_remediation import LogGroupRemediation
from infra.names import log_group_rule

L1 = config_.CfnConfigRule

PERIODS = {
    1: "One_Hour",
    3: "Three_Hours",
    6: "Six_Hours",
    12: "Twelve_Hours",
    24: "TwentyFour_Hours",
}


class LogGroupRules(Construct):
    """Three rules: kept for ever, without a key, outside the pipeline.

    AWS's own rule for retention holds "never expires" for compliant, so the function looks for
    that. What a log group's subscription is, no policy of Guard can see, because Config records no
    log groups.

    Attributes:
        retention: Finds log groups without retention.
        encryption: Finds those without a KMS key; AWS's own rule, which excludes none.
        pipeline: Finds those that are not sent to the door, or twice.
        remediation: What puts the first two right; ``None`` where it is off.
    """

    def __init__(
        self, scope: Construct, id_: str, *, config: RulesConfig, check_function_arn: str
    ) -> None:
        super().__init__(scope, id_)
        self._period = PERIODS[config.every_hours]
        self.retention = self._ours(
            "Retention", "retention", "Log groups have a retention", check_function_arn
        )
        self.pipeline = self._ours(
            "Pipeline",
            "pipeline",
            "Log groups are sent to the central account once",
            check_function_arn,
        )
        self.encryption = L1(
            self,
            "Encryption",
            config_rule_name=log_group_rule("encryption"),
            description="Log groups are encrypted with a KMS key",
            maximum_execution_frequency=self._period,
            source=L1.SourceProperty(
                owner="AWS", source_identifier="CLOUDWATCH_LOG_GROUP_ENCRYPTED"
            ),
        )
        self.remediation = self._remediation(config)

    def _ours(
        self, id_: str, finding: str, description: str, function: str
    ) -> config_.CfnConfigRule:
        return L1(
            self,
            id_,
            config_rule_name=log_group_rule(finding),
            description=description,
            input_parameters={"finding": finding},
            source=L1.SourceProperty(
                owner="CUSTOM_LAMBDA",
                source_identifier=function,
                source_details=[
                    L1.SourceDetailProperty(
                        event_source="aws.config",
                        message_type="ScheduledNotification",
                        maximum_execution_frequency=self._period,
                    )
                ],
            ),
        )

    def _remediation(self, config: RulesConfig) -> LogGroupRemediation | None:
        if config.remediation.mode == "off":
            return None
        made = LogGroupRemediation(self, "Remediation", config=config)
        made.put_right(self.retention, "retention")
        if config.key_alias:
            made.put_right(self.encryption, "encryption")
        return made
