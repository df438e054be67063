"""The central account's memory: what is kept, and the key that it is kept with."""

import aws_cdk as cdk
from constructs import Construct

from infra.config import DeploymentConfig
from infra.constructs.access.break_glass import BreakGlass
from infra.constructs.access.cognito_login import CognitoLogin
from infra.constructs.common.removal import removal_policy
from infra.constructs.search.dashboards_login import METHODS
from infra.constructs.search.search_domain import SearchDomain, domain_arn
from infra.constructs.store.archive import Archive
from infra.constructs.store.key import Key
from infra.names import KEY_ALIAS
from infra.people import people


class SearchStack(cdk.Stack):
    """Key, archive and search domain: stateful, and changed with care."""

    def __init__(
        self, scope: Construct, id_: str, *, config: DeploymentConfig, env: cdk.Environment
    ) -> None:
        super().__init__(scope, id_, env=env, termination_protection=config.removal == "retain")
        removal = removal_policy(config)

        self.key = Key(
            self,
            "Key",
            alias=KEY_ALIAS,
            removal=removal,
            announcing_accounts=config.bucket_accounts,
            keeps_copies=config.members.centralises,
        ).key
        self.archive = Archive(
            self, "Archive", config=config.archive, key=self.key, removal=removal
        )
        self.cognito = self._cognito(config)
        self.domain = SearchDomain(
            self,
            "Search",
            config=config.search,
            key=self.key,
            log_retention_days=config.function.log_retention_days,
            removal=removal,
            role_path=config.access.role_path,
            cognito=self.cognito,
        )
        self.break_glass = self._break_glass(config)
        self.people = people(config, self.cognito, self.break_glass)
        cdk.CfnOutput(self, "ArchiveBucket", value=self.archive.bucket.bucket_name)
        cdk.CfnOutput(self, "RejectBucket", value=self.archive.bucket.bucket_name)
        cdk.CfnOutput(self, "SearchEndpoint", value=self.domain.endpoint)

    def _cognito(self, config: DeploymentConfig) -> CognitoLogin | None:
        """The directory before the domain that asks it."""
        chosen = config.search.login.cognito
        if chosen is None:
            return None
        return CognitoLogin(
            self,
            "Login",
            config=chosen,
            domain_arn=domain_arn(self),
            removal=removal_policy(config),
        )

    def _break_glass(self, config: DeploymentConfig) -> BreakGlass | None:
        """The way in when every other one fails."""
        chosen = config.access.break_glass
        if not chosen.principals:
            return None
        way_in = BreakGlass(self, "BreakGlass", config=chosen, key=self.key)
        self.domain.grant_http(way_in.role, *METHODS, why="RepairWhatIsThere")
        cdk.CfnOutput(self, "BreakGlassRole", value=way_in.role.role_arn)
        return way_in
