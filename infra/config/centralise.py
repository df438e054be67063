"""The section that says how log groups are copied, where members are centralised.

CloudWatch's own centralisation rule of an organisation does it. What a rule would refuse, or would
do otherwise than it reads here, is refused here.

References:
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_Centralization.html
    - https://docs.aws.amazon.com/cloudwatch/latest/observabilityadmin/API_CentralizationRuleSource.html
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from infra.config.base import KeyArn, Region, Strict

if TYPE_CHECKING:
    from infra.config.members import Members
    from infra.config.stream import Central

LARGEST_SCOPE = 2_000
"""Characters: https://docs.aws.amazon.com/cloudwatch/latest/observabilityadmin/API_CentralizationRuleSource.html"""


class Backup(Strict):
    """A second copy in the central account, which CloudWatch charges for by the gigabyte.

    Reference: https://docs.aws.amazon.com/cloudwatch/latest/observabilityadmin/API_LogsBackupConfiguration.html

    Attributes:
        region: Another one than the central region.
        key_arn: Key of the central account in that region; without it AWS's own key encrypts.
    """

    region: Region
    key_arn: KeyArn | None = None


class Centralise(Strict):
    """How log groups are copied.

    Attributes:
        encrypted: Whether groups that a key of their owner's encrypts are copied or skipped.
        backup: Where a second copy of everything is kept; nowhere if left out.
    """

    encrypted: Literal["copy", "skip"] = "copy"
    backup: Backup | None = None


def scope(members: "Members", organisation: str, central: "Central") -> str:
    """Whose log groups a rule copies: ``AccountId IN ('222222222222', '333333333333')``.

    AWS takes ``=``, ``IN`` and ``OR``, so nobody can be left out. The central account is named
    where it has groups in other regions than the central one; those of that one need no copy.
    """
    return " OR ".join(_parts(members, organisation, central))


def _parts(members: "Members", organisation: str, central: "Central") -> Iterator[str]:
    units = members.units or ()
    if any(unit.startswith("r-") for unit in units):
        yield f"OrganizationId = '{organisation}'"
        return
    if units:
        yield _in("OrganizationUnitId", units)
    abroad = set(members.regions) - {central.region}
    accounts = [a for a in members.by_stack if a != central.account]
    if abroad:
        accounts.append(central.account)
    if accounts:
        yield _in("AccountId", accounts)


def _in(key: str, values: Sequence[str]) -> str:
    return f"{key} IN ({', '.join(f"'{value}'" for value in values)})"


def check_centralise(members: "Members", organisation: str | None, central: "Central") -> None:
    """Check what a rule could not copy, or not to where it should.

    Without an organisation there is no rule, and who asks for one is refused before.

    Raises:
        ValueError: it copies nothing, its scope is too long, or its backup is no second place.
    """
    if not members.centralises or organisation is None:
        return
    text = scope(members, organisation, central)
    if not text:
        raise ValueError(
            f"members: nothing to centralise: {central.account} alone in {central.region} alone"
        )
    if len(text) > LARGEST_SCOPE:
        raise ValueError(
            f"members: the rule's scope takes {len(text)} characters, a centralisation rule holds "
            f"{LARGEST_SCOPE}; name fewer units, or units instead of accounts"
        )
    if members.centralise.backup:
        _check_backup(members.centralise.backup, central)


def _check_backup(backup: Backup, central: "Central") -> None:
    if backup.region == central.region:
        raise ValueError(
            f"members.centralise.backup.region {backup.region}: expected another one than the "
            "central region"
        )
    _, _, _, region, account, *_ = f"{backup.key_arn or ''}:::::".split(":")
    if backup.key_arn and (account, region) != (central.account, backup.region):
        raise ValueError(
            f"members.centralise.backup.key_arn: expected a key of {central.account} in "
            f"{backup.region}, found {backup.key_arn}"
        )
