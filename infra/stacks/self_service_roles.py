"""The roles that self-service needs in every account that it is for, in one region of it."""

import aws_cdk as cdk
from constructs import Construct

from infra.config import DeploymentConfig
from infra.constructs.self_service.launch_roles import LaunchRoles
from infra.constructs.self_service.log_group_reader import LogGroupReader
from infra.names import check_role


class SelfServiceRolesStack(cdk.Stack):
    """Launch roles, and the role of the check where rules are on; their names are fixed."""

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
        central = config.central.account
        self.launch = LaunchRoles(self, "Launch", central=central)
        if config.self_service.rules.enabled:
            self.reader = LogGroupReader(
                self,
                "LogGroupReader",
                central=central,
                function_roles=[check_role(region) for region in config.regions],
            )
