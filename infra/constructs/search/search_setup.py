"""Prepares the domain with every deployment: templates, pipeline, roles, retention, dashboards."""

from hashlib import sha256
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import custom_resources as cr
from constructs import Construct

from infra.bundle import Bundle
from infra.config.stream import Function as FunctionConfig
from infra.constructs.access.directory_roles import DirectoryRoles
from infra.constructs.common.function import PythonFunction
from infra.constructs.common.grants import grant_write_log
from infra.constructs.common.log_group import own_log_group
from infra.constructs.common.statements import allow, service_role, wait_for_rights
from infra.constructs.search.search_domain import SearchDomain
from infra.names import SETUP_ROLE
from lambdas.search_setup.settings import Settings


class SearchSetup(Construct):
    """A custom resource that puts into OpenSearch what the pipeline needs there.

    It runs again when its settings or the objects that it brings have changed.

    Attributes:
        function: The function that does it.
        resource: Depend on it to have the index ready.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        bundle: Bundle,
        config: FunctionConfig,
        domain: SearchDomain,
        settings: Settings,
        directory: DirectoryRoles | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.function = PythonFunction(
            self,
            "Function",
            name="search_setup",
            bundle=bundle,
            config=config,
            environment=settings.to_env(),
            memory_mib=512,
            timeout=cdk.Duration.minutes(10),
            role_name=SETUP_ROLE,
        )
        domain.grant_http(self.function.role, "Get", "Head", "Put", "Post", why="PrepareTheDomain")
        master = [domain.master.role_arn]
        allow(self.function.role, "BecomeTheMasterUser", ["sts:AssumeRole"], master)
        domain.grant_http(domain.master, "Get", "Put", why="MapRolesAndKeepRetention")
        if directory:
            directory.grant_map_groups(self.function.role)
        provider = self._provider(config.log_retention_days)
        self.resource = cdk.CustomResource(
            self,
            "Objects",
            resource_type="Custom::SearchSetup",
            service_token=provider.service_token,
            properties={"Settings": settings.to_env(), "Objects": digest(self.function.folder)},
        )

    def _provider(self, log_retention_days: int) -> cr.Provider:
        """CDK's provider framework, with our log group and a role that calls one function."""
        scope = Construct(self, "ProviderLogs")
        log_group = own_log_group(scope, "search_setup_provider", retention_days=log_retention_days)
        role = service_role(
            scope,
            "lambda.amazonaws.com",
            why="RunTheFunction",
            description="Central logs: calls the search_setup function for CloudFormation",
        )
        grant_write_log(role, log_group)
        calls = ["lambda:GetFunction", "lambda:InvokeFunction"]
        allow(role, "CallTheSetupFunction", calls, [self.function.function.function_arn])
        provider = cr.Provider(
            self,
            "Provider",
            framework_on_event_role=role.without_policy_updates(),  # else every version as well
            log_group=log_group,
            on_event_handler=self.function.function,
        )
        wait_for_rights(provider, role)
        return provider


def digest(folder: str) -> str:
    """16 hexadecimal digits over what the function brings: its code and the saved objects."""
    parts = (Path(folder) / name for name in ("logcore", "lambdas", "dashboards"))
    found = sha256()
    for file in sorted(path for part in parts for path in part.rglob("*") if path.is_file()):
        found.update(str(file.relative_to(folder)).encode())
        found.update(file.read_bytes())
    return found.hexdigest()[:16]
