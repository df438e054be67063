"""What the pipeline needs of a domain, whether it was made here or was there before."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.acknowledge import acknowledge_wildcard
from infra.constructs.common.statements import allow
from infra.names import SETUP_ROLE


class Domain(Construct):
    """A domain whose roles inside OpenSearch the setup function keeps.

    Attributes:
        arn: ARN of the domain.
        endpoint: ``https://`` address.
        master: Role that may map roles inside it; the setup function takes it for that only.
        setup_role_arn: The setup function's role, by its fixed name: its stack comes later.
    """

    arn: str
    endpoint: str
    master: iam.IRole

    def __init__(self, scope: Construct, id_: str, *, role_path: str) -> None:
        super().__init__(scope, id_)
        self.setup_role_arn = cdk.Stack.of(self).format_arn(
            service="iam",
            region="",
            resource="role",
            resource_name=f"{role_path.removeprefix('/')}{SETUP_ROLE}",
        )

    def grant_http(self, role: iam.Role, *methods: str, why: str) -> None:
        """Let a role send requests; the roles inside OpenSearch say what they may do.

        Args:
            role: Who sends them.
            methods: HTTP methods as the service names its actions: ``Get``, ``Put``, ``Post``.
            why: What for; the statement's ``Sid``.
        """
        acknowledge_wildcard(
            role, f"{self.arn}/*", "Every path of the one domain; roles inside OpenSearch narrow it"
        )
        allow(role, why, [f"es:ESHttp{method}" for method in methods], [f"{self.arn}/*"])
