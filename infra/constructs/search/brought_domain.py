"""A domain that is there, and stays as it is but for what the setup function puts into it."""

from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.config.existing import ExistingDomain
from infra.constructs.search.domain import Domain


class BroughtDomain(Domain):
    """A domain that the deployment is given, with a role that may map roles inside it.

    No policy of it is changed: what they must say is printed by ``python -m infra.brought``.
    """

    def __init__(
        self, scope: Construct, id_: str, *, existing: ExistingDomain, role_path: str
    ) -> None:
        super().__init__(scope, id_, role_path=role_path)
        self.arn, self.endpoint = existing.arn, existing.endpoint
        self.master = iam.Role.from_role_arn(self, "Master", existing.master_role, mutable=False)
