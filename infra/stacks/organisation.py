"""The central account's hand in every account of its units."""

from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from infra.config import DeploymentConfig
from infra.constructs.members.member_stack_set import MemberStackSet
from infra.member_template import member_template


class OrganisationStack(cdk.Stack):
    """Onboards organisational units, where a deployment names some instead of accounts.

    It comes after every door: a member whose region has none cannot subscribe.
    """

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
        self.members = MemberStackSet(
            self,
            "Members",
            members=config.members,
            regions=config.regions,
            central=config.central.account,
            body=member_template(config, left_out, self.node.get_all_context()),
            has_names=config.hosts.enabled,
        )
        cdk.CfnOutput(self, "MemberStackSet", value=self.members.stack_set.ref)
