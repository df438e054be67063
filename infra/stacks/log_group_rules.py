"""The Config rules about log groups, of one account and region."""

import aws_cdk as cdk
from constructs import Construct

from infra.config import DeploymentConfig
from infra.constructs.self_service.log_group_check import check_function_arn
from infra.constructs.self_service.log_group_rules import LogGroupRules


class LogGroupRulesStack(cdk.Stack):
    """Three rules and what puts their findings right."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: DeploymentConfig,
        env: cdk.Environment | None = None,
        synthesizer: cdk.IStackSynthesizer | None = None,
    ) -> None:
        super().__init__(scope, id_, env=env, synthesizer=synthesizer)
        self.rules = LogGroupRules(
            self,
            "LogGroups",
            config=config.self_service.rules,
            check_function_arn=check_function_arn(
                config.central.account, self.region, self.partition
            ),
        )
