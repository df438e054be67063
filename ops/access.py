"""How accounts beside the central one are reached: by their bootstrap roles, or by profiles.

``cdk`` reaches a listed account by the roles of its bootstrap stack, which trust the central
account; so do these commands. ``deploy`` may read and delete stacks and nothing else, ``lookup``
may read everything and change nothing.

Reference: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html#bootstrapping-env-roles
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ops.refusal import DENIED, unless
from ops.view import Clients

type Session = Callable[[str | None], Clients]
"""Gives the clients of a profile; the environment's own without one."""

type Assumed = Callable[[Mapping[str, Any]], Clients]
"""Gives the clients of the ``Credentials`` that AssumeRole gave."""

type Role = Literal["deploy", "lookup"]
"""The ones that are taken here."""

QUALIFIER = "hnb659fds"
"""CDK's default, which this app does not change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The clients of every account of a deployment.

    Attributes:
        central_account: Number of the central account.
        central: Its clients.
        session: Gives the clients of a profile.
        assumed: Gives the clients of a role.
        pattern: Profile of another account, ``logs-{account}``; empty to assume roles.
    """

    central_account: str
    central: Clients
    session: Session
    assumed: Assumed
    pattern: str = ""
    _kept: dict[tuple[str, str, Role], Clients] = field(default_factory=dict)

    def deploying(self, account: str) -> Clients:
        """Clients that may read and delete the account's stacks."""
        return self._clients(account, "deploy")

    def looking(self, account: str) -> Clients:
        """Clients that may read what is in the account."""
        return self._clients(account, "lookup")

    def reaches(self, account: str, region: str) -> bool:
        """Whether the account's stacks can be got at from here.

        Raises:
            ClientError: it cannot be told.
        """
        return unless(DENIED, lambda: self.deploying(account)("cloudformation", region)) is not None

    def own(self, account: str) -> bool:
        """Whether the clients of the account are somebody's own, and no role of the bootstrap."""
        return account == self.central_account or bool(self.pattern)

    def _clients(self, account: str, role: Role) -> Clients:
        if account == self.central_account:
            return self.central
        if self.pattern:
            return self._of_profile(account)
        return lambda service, region: self._of_role(account, region, role)(service, region)

    def _of_profile(self, account: str) -> Clients:
        key: tuple[str, str, Role] = (account, "", "deploy")
        if key not in self._kept:
            self._kept[key] = self.session(self.pattern.format(account=account))
        return self._kept[key]

    def _of_role(self, account: str, region: str, role: Role) -> Clients:
        key = (account, region, role)
        if key not in self._kept:
            sts = self.central("sts", region)
            arn = role_arn(sts.meta.partition, account, region, role)
            made = sts.assume_role(RoleArn=arn, RoleSessionName="central-logs-ops")
            self._kept[key] = self.assumed(made["Credentials"])
        return self._kept[key]


def role_arn(partition: str, account: str, region: str, role: Role | Literal["cfn-exec"]) -> str:
    """The ARN of one of the bootstrap stack's roles."""
    return f"arn:{partition}:iam::{account}:role/cdk-{QUALIFIER}-{role}-role-{account}-{region}"
