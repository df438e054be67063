"""The central account's memory: what is kept, and the key that it is kept with."""

import aws_cdk as cdk
from constructs import Construct

from infra.config import DeploymentConfig
from infra.constructs.access.break_glass import BreakGlass
from infra.constructs.access.cognito_login import CognitoLogin
from infra.constructs.common.never_empty import never_empty
from infra.constructs.common.removal import removal_policy
from infra.constructs.network.placement import Placement
from infra.constructs.search.brought_domain import BroughtDomain
from infra.constructs.search.dashboards_login import METHODS
from infra.constructs.search.domain import Domain
from infra.constructs.search.search_domain import SearchDomain, domain_arn
from infra.constructs.store.archive import Archive
from infra.constructs.store.key import Key
from infra.names import KEY_ALIAS
from infra.people import people
from infra.sources import own_trail
from infra.stacks.network import NetworkStack


class SearchStack(cdk.Stack):
    """Key, archive and search domain, made or given: stateful, and changed with care."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: DeploymentConfig,
        network: NetworkStack | None = None,
        env: cdk.Environment,
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
            existing=config.key.existing,
            trail_arn=own_trail(config),
        ).key
        self.archive = Archive(
            self, "Archive", config=config.archive, key=self.key, removal=removal
        )
        self.cognito = self._cognito(config)
        self.domain = self._domain(config, network)
        self.break_glass = self._break_glass(config)
        self.people = people(config, self.cognito, self.break_glass)
        cdk.CfnOutput(self, "ArchiveBucket", value=self.archive.bucket.bucket_name)
        cdk.CfnOutput(self, "RejectBucket", value=self.archive.bucket.bucket_name)
        cdk.CfnOutput(self, "SearchEndpoint", value=self.domain.endpoint)
        never_empty(self)

    def _domain(self, config: DeploymentConfig, network: NetworkStack | None) -> Domain:
        path = config.access.role_path
        if config.search.existing:
            return BroughtDomain(self, "Search", existing=config.search.existing, role_path=path)
        if not network:
            return self._made(config, "Search", self.cognito)
        if config.network and config.network.keep_public:
            self._keep(self._made(config, "Search"))
        return self._made(config, "SearchPrivate", self.cognito, network.domain)

    def _made(
        self,
        config: DeploymentConfig,
        id_: str,
        cognito: CognitoLogin | None = None,
        place: Placement | None = None,
    ) -> SearchDomain:
        return SearchDomain(
            self,
            id_,
            config=config.search,
            key=self.key,
            log_retention_days=config.function.log_retention_days,
            removal=removal_policy(config),
            role_path=config.access.role_path,
            cognito=cognito,
            place=place,
        )

    def _keep(self, domain: SearchDomain) -> None:
        """Go on exporting what the pipeline still imports, until it has moved to another domain.

        Reference: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib-readme.html#removing-automatic-cross-stack-references
        """
        self.export_value(domain.domain.attr_domain_endpoint)
        self.export_value(domain.master.role_arn)

    def _cognito(self, config: DeploymentConfig) -> CognitoLogin | None:
        """The directory before the domain that asks it."""
        chosen = config.search.login.cognito
        if chosen is None:
            return None
        return CognitoLogin(
            self,
            "Login",
            config=chosen,
            domain_arn=domain_arn(self, private=config.network is not None),
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
