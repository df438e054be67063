"""Who may send: an organisation as a whole, or accounts that are named one by one.

Policies name senders in three ways: as principals, by what is known of the caller, and by the
account on whose behalf an AWS service acts. Each is given here for either kind of sender, so that
no policy has to ask which it is.

References:
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

type Conditions = Mapping[str, Mapping[str, Any]]
"""By operator and key: ``{"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}}``."""


@dataclass(frozen=True, slots=True)
class Senders:
    """An organisation, or accounts; never both.

    Attributes:
        organisation: Its id; ``None`` where accounts are named.
        accounts: Numbers of accounts, each of which policies name; empty with an organisation.
    """

    organisation: str | None = None
    accounts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a value that would admit everybody, or does not say who is meant.

        Raises:
            ValueError: it is both, or neither.
        """
        if bool(self.organisation) == bool(self.accounts):
            found = "both" if self.organisation else "neither"
            raise ValueError(f"expected an organisation or accounts, found {found}")

    @property
    def principals(self) -> str | Mapping[str, Sequence[str]]:
        """The ``Principal`` of a statement; with an organisation, its condition says who."""
        return {"AWS": list(self.accounts)} if self.accounts else "*"

    @property
    def callers(self) -> Mapping[str, Conditions]:
        """The ``Condition`` of a statement about who calls, or nothing where principals say it."""
        found = self.if_organisation("aws:PrincipalOrgID")
        return {"Condition": found} if found else {}

    def if_organisation(self, key: str, operator: str = "StringEquals") -> Conditions:
        """Conditions that a key is the organisation; none where accounts are named."""
        return {operator: {key: self.organisation}} if self.organisation else {}

    def sources(self, arn: str) -> str | list[str]:
        """Resources of senders, for ``aws:SourceArn``.

        Args:
            arn: That of any account: ``arn:aws:logs:eu-west-1:*:*``.
        """
        if not self.accounts:
            return arn
        *before, _any, resource = arn.split(":", 5)
        return [":".join((*before, account, resource)) for account in self.accounts]

    def either(self, organisation: str, accounts: str) -> str:
        """One text or the other, for the ``Sid`` of a statement about them."""
        return organisation if self.organisation else accounts

    def __str__(self) -> str:
        """For people: ``o-exampleorgid``, or the accounts."""
        return self.organisation or ", ".join(self.accounts)
