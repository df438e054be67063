"""What a deployment asks of AWS in each account, as requests that a policy can be held against."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from infra.config import DeploymentConfig
from infra.names import CENTRAL_LOGS, stack_name
from ops.access import QUALIFIER, role_arn
from ops.control_policies.condition import Context
from ops.control_policies.made import CREATES
from ops.control_policies.parts import CENTRAL, HELPED, MEMBER, Part
from ops.control_policies.verdict import Request

GLOBAL: Final = frozenset({"iam", "organizations"})
"""Services that have one endpoint, which is in ``GLOBAL_REGION`` for ``aws:RequestedRegion``:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""

GLOBAL_REGION: Final = "us-east-1"

BY_STACK_SET: Final = "stacksets-exec-"
"""How the role begins by which it makes the stacks of units:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html"""

OWN: Final = "CentralLogs-"
"""How the roles begin that the stacks make without a name; others begin with ``central-logs-``."""

EXEMPT: Final = (
    f"arn:*:iam::*:role/cdk-{QUALIFIER}-*",
    f"arn:*:iam::*:role/*{BY_STACK_SET}*",
    f"arn:*:iam::*:role/*{OWN}*",
    f"arn:*:iam::*:role/*{CENTRAL_LOGS}-*",
)
"""Every role of a deployment, for a policy that is to leave them out."""

DEPLOYS: Final = (
    "cloudformation:CreateChangeSet",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
)
"""What ``cdk deploy`` calls itself, in every region with a stack."""

NAMED: Final[Mapping[str, str]] = {
    "cloudformation": "stack/{stack}/0",
    "cloudtrail": f"trail/{CENTRAL_LOGS}",
    "cloudwatch": "alarm:{stack}",
    "events": f"rule/{CENTRAL_LOGS}/{{stack}}",
    "firehose": "deliverystream/{stack}",
    "es": f"domain/{CENTRAL_LOGS}",
    "kinesis": f"stream/{CENTRAL_LOGS}",
    "lambda": "function:{stack}",
    "logs": f"log-group:/{CENTRAL_LOGS}/normalise",
    "ssm": f"document/{CENTRAL_LOGS}-hosts",
}
"""What an ARN of ours says after the account, by service; ``{stack}`` in the others."""

NO_ACCOUNT: Final = frozenset({"s3"})
"""Services whose ARNs name neither region nor account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Where requests are made.

    Attributes:
        config: What the deployment chose.
        partition: ``aws``, ``aws-cn``, ``aws-us-gov``.
        account: Whose roles ask.
        organisation: Its organisation.
    """

    config: DeploymentConfig
    partition: str
    account: str
    organisation: str

    def listed(self) -> Iterator[Request]:
        """What the central account asks, or a listed one."""
        parts = MEMBER
        if self.account == self.config.central.account:
            parts = (*CENTRAL, *MEMBER, *HELPED)
        places = list(_placed(self.config, parts))
        for region in dict.fromkeys(region for region, _ in places):
            deploying = role_arn(self.partition, self.account, region, "deploy")
            yield from (self._request(action, region, deploying) for action in DEPLOYS)
        for region, part in places:
            making = role_arn(self.partition, self.account, region, "cfn-exec")
            yield from self._of(part, region, making)

    def of_unit(self, unit: str) -> Iterator[Request]:
        """What an account asks that gets its stacks by a unit."""
        config = self.config
        is_member = unit in (config.members.units or ()) and config.members.account_filter.takes(
            self.account
        )
        members = MEMBER if is_member else ()
        helped = HELPED if unit in config.self_service.units else ()
        for region, part in _placed(config, (*members, *helped)):
            yield from self._of(part, region, self._role(f"/{BY_STACK_SET}{'0' * 32}"))

    def _of(self, part: Part, region: str, maker: str) -> Iterator[Request]:
        """What making a part takes, and what it does then."""
        for type_ in part.makes:
            for action in CREATES[f"AWS::{type_}"]:
                yield self._request(action, region, maker)
        for action in part.runs:
            yield self._request(action, region, self._own_role())

    def _request(self, action: str, region: str, role: str) -> Request:
        service = action.partition(":")[0]
        where = GLOBAL_REGION if service in GLOBAL else region
        return Request(action, self._resource(service, where), self._context(where, role))

    def _resource(self, service: str, region: str) -> str:
        """An ARN of ours, as far as its name is known."""
        if service in {*GLOBAL, "sts"}:
            return self._own_role()
        stack = stack_name(self.config.stage, "part")
        place = ":" if service in NO_ACCOUNT else f"{region}:{self.account}"
        return f"arn:{self.partition}:{service}:{place}:{NAMED.get(service, stack)}".format(
            stack=stack
        )

    def _own_role(self) -> str:
        return self._role(f"{self.config.access.role_path}{stack_name(self.config.stage, 'part')}")

    def _role(self, path: str) -> str:
        return f"arn:{self.partition}:iam::{self.account}:role{path}"

    def _context(self, region: str, role: str) -> Context:
        """Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html."""
        return {
            "aws:calledvia": None,
            "aws:multifactorauthpresent": None,
            "aws:principalaccount": self.account,
            "aws:principalarn": role,
            "aws:principalisawsservice": "false",
            "aws:principalorgid": self.organisation,
            "aws:principalservicename": None,
            "aws:principaltype": "AssumedRole",
            "aws:requestedregion": region,
            "aws:resourceorgid": self.organisation,
            "aws:securetransport": "true",
            "aws:sourceidentity": None,
            "aws:viaawsservice": "false",
            "iam:permissionsboundary": self.config.access.boundary_arn(
                self.partition, self.account
            ),
        }


def _placed(config: DeploymentConfig, parts: Iterable[Part]) -> Iterator[tuple[str, Part]]:
    """The parts that a deployment has, in each of their regions."""
    for part in parts:
        if part.chosen(config):
            for region in part.regions(config):
                yield region, part
