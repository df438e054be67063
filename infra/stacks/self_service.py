"""What a region of the central account offers to other teams, and how units get their part."""

from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from infra.bundle import Bundle
from infra.config import DeploymentConfig
from infra.config.hosts import Hosts
from infra.constructs.self_service.log_group_check import LogGroupCheck
from infra.constructs.self_service.portfolio import LogPortfolio, Template
from infra.constructs.self_service.units_stack_set import UnitsStackSet
from infra.member_template import member_template, template_text
from infra.names import LOG_GROUP_RULES, SELF_SERVICE_ROLES
from infra.settings import check_settings
from infra.stacks.application import ApplicationStack
from infra.stacks.log_group_rules import LogGroupRulesStack
from infra.stacks.self_service_roles import SelfServiceRolesStack


class LogGroupCheckStack(cdk.Stack):
    """The function that rules of this region call."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: DeploymentConfig,
        bundle: Bundle,
        env: cdk.Environment,
    ) -> None:
        super().__init__(scope, id_, env=env)
        self.check = LogGroupCheck(
            self,
            "LogGroupCheck",
            organisation=config.the_organisation,
            config=config.function,
            bundle=bundle,
            settings=check_settings(config, self.region, self.partition),
        )


class PortfolioStack(cdk.Stack):
    """The portfolio of a region: products are launched where their portfolio is."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: DeploymentConfig,
        left_out: Sequence[str],
        env: cdk.Environment,
    ) -> None:
        super().__init__(scope, id_, env=env)
        section, flags = config.self_service, self.node.get_all_context()
        logs_alone = config.model_copy(update={"hosts": Hosts()})  # which takes many more rights
        self.offer = LogPortfolio(
            self,
            "Offer",
            config=section,
            baseline=Template(member_template(logs_alone, left_out, flags)),
            application=Template(
                template_text(
                    lambda app, synthesizer: ApplicationStack(
                        app,
                        "Application",
                        central=config.central.account,
                        retentions=section.retentions,
                        synthesizer=synthesizer,
                    ),
                    config.access,
                    flags,
                )
            ),
            only_by_policy=section.is_onboarded(config.members),
        )
        for number, command in enumerate(self.offer.share_commands()):
            cdk.CfnOutput(self, f"Share{number}", value=command)


class SelfServiceUnitsStack(cdk.Stack):
    """Brings roles and rules to every account of the units."""

    def __init__(
        self, scope: Construct, id_: str, *, config: DeploymentConfig, env: cdk.Environment
    ) -> None:
        super().__init__(scope, id_, env=env)
        units, central = config.self_service.units, config.central
        flags = self.node.get_all_context()
        self.roles = UnitsStackSet(
            self,
            "Roles",
            name=SELF_SERVICE_ROLES,
            description="Central logs: roles that self-service needs in an account",
            units=units,
            regions=[central.region],  # roles hold in every region
            central=central.account,
            body=template_text(
                lambda app, s: SelfServiceRolesStack(app, "Roles", config=config, synthesizer=s),
                config.access,
                flags,
            ),
        )
        if config.self_service.rules.enabled:
            self.rules = UnitsStackSet(
                self,
                "Rules",
                name=LOG_GROUP_RULES,
                description="Central logs: Config rules about log groups",
                units=units,
                regions=config.regions,
                central=central.account,
                body=template_text(
                    lambda app, s: LogGroupRulesStack(app, "Rules", config=config, synthesizer=s),
                    config.access,
                    flags,
                ),
            )
            self.rules.node.add_dependency(self.roles)
