"""Prepares the domain with every deployment: templates, pipeline, roles, retention, dashboards."""

from hashlib import sha256
from pathlib import Path

import aws_cdk as cdk
from constructs import Construct

from infra.bundle import Bundle
from infra.config.stream import Function as FunctionConfig
from infra.constructs.access.directory_roles import DirectoryRoles
from infra.constructs.common.function import PythonFunction
from infra.constructs.common.provider import function_provider
from infra.constructs.common.statements import allow
from infra.constructs.network.placement import Placement
from infra.constructs.search.domain import Domain
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
        domain: Domain,
        settings: Settings,
        directory: DirectoryRoles | None = None,
        place: Placement | None = None,
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
            place=place,
        )
        domain.grant_http(self.function.role, "Get", "Head", "Put", "Post", why="PrepareTheDomain")
        master = [domain.master.role_arn]
        allow(self.function.role, "BecomeTheMasterUser", ["sts:AssumeRole"], master)
        if directory:
            directory.grant_map_groups(self.function.role)
        provider = function_provider(self, self.function, why="CallTheSetupFunction", config=config)
        self.resource = cdk.CustomResource(
            self,
            "Objects",
            resource_type="Custom::SearchSetup",
            service_token=provider.service_token,
            properties={"Settings": settings.to_env(), "Objects": digest(self.function.folder)},
        )


def digest(folder: str) -> str:
    """16 hexadecimal digits over what the function brings: its code and the saved objects."""
    parts = (Path(folder) / name for name in ("logcore", "lambdas", "dashboards"))
    found = sha256()
    for file in sorted(path for part in parts for path in part.rglob("*") if path.is_file()):
        found.update(str(file.relative_to(folder)).encode())
        found.update(file.read_bytes())
    return found.hexdigest()[:16]
