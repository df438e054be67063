"""The stacks of self-service, where a deployment names units that it is for."""

from collections.abc import Sequence
from functools import partial

import aws_cdk as cdk

from infra.bundle import Bundle
from infra.config import DeploymentConfig
from infra.names import stack_name
from infra.stacks.log_group_rules import LogGroupRulesStack
from infra.stacks.self_service import LogGroupCheckStack, PortfolioStack, SelfServiceUnitsStack
from infra.stacks.self_service_roles import SelfServiceRolesStack


def checks(app: cdk.App, config: DeploymentConfig, bundle: Bundle) -> list[cdk.Stack]:
    """The check of each region: made first, because members leave its log group out."""
    section = config.self_service
    if not section.units or not section.rules.enabled:
        return []
    name = partial(stack_name, config.stage, "log-group-check")
    return [
        LogGroupCheckStack(
            app, name(region), config=config, bundle=bundle, env=_place(config, region)
        )
        for region in config.regions
    ]


def offer(
    app: cdk.App, config: DeploymentConfig, left_out: Sequence[str], *, after: Sequence[cdk.Stack]
) -> None:
    """Roles, then what names them: portfolios, the central account's rules, and the units."""
    if not config.self_service.units:
        return
    name, home = partial(stack_name, config.stage), _place(config, config.central.region)
    roles = SelfServiceRolesStack(app, name("self-service-roles"), config=config, env=home)
    units = SelfServiceUnitsStack(app, name("self-service-units"), config=config, env=home)
    stacks: list[cdk.Stack] = [units]
    for region in config.regions:
        place = _place(config, region)
        portfolio = name("self-service", region)
        stacks.append(PortfolioStack(app, portfolio, config=config, left_out=left_out, env=place))
        if config.self_service.rules.enabled:
            rules = name("log-group-rules", region)
            stacks.append(LogGroupRulesStack(app, rules, config=config, env=place))
    for stack in stacks:
        for earlier in (roles, *after):
            stack.add_stack_dependency(earlier)


def _place(config: DeploymentConfig, region: str) -> cdk.Environment:
    return cdk.Environment(account=config.central.account, region=region)
