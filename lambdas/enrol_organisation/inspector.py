"""Inspector: scans of the administrator's own account, of its members, and of those that join.

What is scanned by itself holds for accounts from the moment that they become members, so it is said
before they do. Who is a member already is switched on by name.

References:
    - https://docs.aws.amazon.com/inspector/v2/APIReference/API_UpdateOrganizationConfiguration.html
    - https://docs.aws.amazon.com/inspector/v2/APIReference/API_AssociateMember.html
    - https://docs.aws.amazon.com/inspector/v2/APIReference/API_Enable.html
"""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Any, Final

from lambdas.enrol_organisation.request import Choices, EnrolmentError

KEYS: Final = {"EC2": "ec2", "ECR": "ecr", "LAMBDA": "lambda", "LAMBDA_CODE": "lambdaCode"}
"""What is scanned, as the organisation's configuration spells it."""

AT_ONCE: Final = 100  # accounts of one Enable request
DONE: Final = frozenset({"ALREADY_ENABLED", "ENABLE_IN_PROGRESS"})
"""Codes of an account that has, or is about to have, what it should."""


def enrol(client: Any, accounts: Sequence[str], choices: Choices) -> str:  # noqa: ANN401  a boto3 client
    """Scan here and everywhere: ``{"scans": ["EC2"], "existing_members": true}``.

    Args:
        client: Of Inspector, in one region.
        accounts: Of the organisation, the administrator first.
        choices: What is scanned.

    Raises:
        EnrolmentError: some accounts could not be switched on; each with AWS's reason.
    """
    own, *others = accounts
    scans = choices["scans"]
    _enable(client, [own], scans)
    client.update_organization_configuration(
        autoEnable={key: scan in scans for scan, key in KEYS.items()}
    )
    if not choices["existing_members"]:
        return f"{', '.join(scans)} here and for accounts that join"
    members = set(_members(client))
    for account in others:
        if account not in members:
            client.associate_member(accountId=account)
    for some in batched([a for a in others if a in members], AT_ONCE, strict=False):
        _enable(client, some, scans)
    return f"{', '.join(scans)} here and in {len(others)} accounts"


def leave(client: Any) -> str:  # noqa: ANN401  a boto3 client
    """Enrol nobody any more; accounts that are scanned stay so."""
    client.update_organization_configuration(autoEnable=dict.fromkeys(KEYS.values(), False))
    return "nobody is enrolled any more"


def _enable(client: Any, accounts: Sequence[str], scans: Sequence[str]) -> None:  # noqa: ANN401  same
    answer = client.enable(accountIds=list(accounts), resourceTypes=list(scans))
    failed = [f for f in answer.get("failedAccounts", []) if f["errorCode"] not in DONE]
    if failed:
        reasons = (f"{f['accountId']} {f['errorCode']}: {f['errorMessage']}" for f in failed)
        raise EnrolmentError("; ".join(reasons))


def _members(client: Any) -> Iterator[str]:  # noqa: ANN401  a boto3 client
    pages = client.get_paginator("list_members").paginate(onlyAssociated=True)
    yield from (member["accountId"] for page in pages for member in page["members"])
