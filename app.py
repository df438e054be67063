"""Entry point of ``cdk``: read one deployment's config, build its stacks, check them."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from infra import self_service
from infra.budgets.check import check_budgets
from infra.bundle import Bundle, with_wheels
from infra.config import DeploymentConfig, config_path
from infra.names import stack_name
from infra.recursion import own_log_groups
from infra.role_rules import rule_roles
from infra.stacks.centralisation import CentralisationStack
from infra.stacks.door import DoorStack
from infra.stacks.log_files import LogFilesStack
from infra.stacks.member import MemberStack
from infra.stacks.network import NetworkStack
from infra.stacks.organisation import OrganisationStack
from infra.stacks.pipeline import PipelineStack
from infra.stacks.search import SearchStack
from infra.stacks.sources import SourcesStack

ROOT = Path(__file__).parent


def build(
    config: DeploymentConfig, bundle: Bundle, *, flags: Mapping[str, Any] | None = None
) -> cdk.App:
    """Build the app for one deployment: the central stacks, buckets, doors, members.

    Members are stacks of this app, account by account, or come by a StackSet, unit by unit. Where
    they are centralised, one more stack has their log groups copied, and one door is enough.

    Args:
        config: What the deployment chose.
        bundle: Gives the functions' folders.
        flags: Feature flags, for who builds without the ``cdk`` command, which brings cdk.json's.
    """
    app = cdk.App(context=flags)
    home, name = config.central, partial(stack_name, config.stage)
    central = cdk.Environment(account=home.account, region=home.region)

    network = None
    if config.network:
        network = NetworkStack(
            app, name("network"), config=config, network=config.network, bundle=bundle, env=central
        )
    store = SearchStack(app, name("search"), config=config, network=network, env=central)
    pipeline = PipelineStack(
        app,
        name("pipeline"),
        config=config,
        bundle=bundle,
        store=store,
        network=network,
        env=central,
    )
    for region in config.log_file_regions:
        place = cdk.Environment(account=home.account, region=region)
        files = LogFilesStack(app, name("files", region), config=config, env=place)
        files.add_stack_dependency(pipeline)
    checks = self_service.checks(app, config, bundle)
    if config.organisation_sources.makes_something:
        sources = SourcesStack(
            app, name("sources"), config=config, bundle=bundle, store=store, env=central
        )
        sources.add_stack_dependency(pipeline)
    left_out = own_log_groups(app)
    doors = {}
    members = {}
    for region in config.doors:
        place = cdk.Environment(account=home.account, region=region)
        doors[region] = DoorStack(app, name("door", region), config=config, env=place)
        doors[region].add_stack_dependency(pipeline)
    for region in config.regions:
        for account in config.accounts:
            member = members[account, region] = MemberStack(
                app,
                name("member", account, region),
                config=config,
                left_out=left_out,
                env=cdk.Environment(account=account, region=region),
            )
            member.add_stack_dependency(doors.get(region, pipeline))
    if config.members.units:
        organisation = OrganisationStack(
            app, name("organisation"), config=config, left_out=left_out, env=central
        )
        for door in doors.values():
            organisation.add_stack_dependency(door)
    if config.members.centralises:
        centralisation = CentralisationStack(
            app, name("centralisation"), config=config, store=store, env=central
        )
        centralisation.add_stack_dependency(members[home.account, home.region])
    self_service.offer(app, config, left_out, after=[*doors.values(), *checks])
    rule_roles(app, config.access)
    return app


if __name__ == "__main__":
    chosen = cdk.App().node.try_get_context("config") or "sandbox"
    deployment = DeploymentConfig.load(config_path(chosen))
    whole = build(deployment, with_wheels(deployment.function))
    cdk.Validations.of(whole).add_plugins(AwsSolutionsChecks(whole))
    check_budgets({stack.stack_name: stack.template for stack in whole.synth().stacks})
