"""The central account's memory: what is kept, and the key that it is kept with."""

import aws_cdk as cdk
from constructs import Construct

from infra.config import DeploymentConfig
from infra.constructs.common.removal import removal_policy
from infra.constructs.search.search_domain import SearchDomain
from infra.constructs.store.archive import Archive
from infra.constructs.store.key import Key
from infra.names import KEY_ALIAS


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
        ).key
        self.archive = Archive(
            self, "Archive", config=config.archive, key=self.key, removal=removal
        )
        self.domain = SearchDomain(
            self,
            "Search",
            config=config.search,
            key=self.key,
            log_retention_days=config.function.log_retention_days,
            removal=removal,
        )
        cdk.CfnOutput(self, "ArchiveBucket", value=self.archive.bucket.bucket_name)
        cdk.CfnOutput(self, "RejectBucket", value=self.archive.bucket.bucket_name)
        cdk.CfnOutput(self, "SearchEndpoint", value=self.domain.endpoint)
