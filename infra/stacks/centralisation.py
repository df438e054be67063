"""The central account's hand in every log group of its members, where they are centralised."""

import aws_cdk as cdk
from constructs import Construct

from infra.config import DeploymentConfig
from infra.config.centralise import scope as sources
from infra.constructs.members.centralisation import Centralisation
from infra.stacks.search import SearchStack


class CentralisationStack(cdk.Stack):
    """Has CloudWatch copy members' log groups into the central account and region.

    A stack of its own, so that it can be destroyed alone by who goes back to subscriptions. It
    comes after the central account's own: what is copied before that is subscribed stays in
    CloudWatch.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: DeploymentConfig,
        store: SearchStack,
        env: cdk.Environment,
    ) -> None:
        super().__init__(scope, id_, env=env)
        self.members = Centralisation(
            self,
            "Members",
            sources=sources(config.members, config.the_organisation, config.central),
            regions=config.regions,
            chosen=config.members.centralise,
            key=store.key,
        )
        cdk.CfnOutput(self, "CentralisationRule", value=self.members.rule.attr_rule_arn)
