"""Who may send is an organisation or accounts, and policies get either without asking."""

from typing import Any

import pytest

from infra.senders import Senders

ORGANISATION = Senders("o-exampleorgid")
ACCOUNTS = Senders(accounts=("111111111111", "222222222222"))


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, "neither"),
        ({"organisation": ""}, "neither"),
        ({"organisation": "o-exampleorgid", "accounts": ("111111111111",)}, "both"),
    ],
)
def test_nobody_and_both_are_refused(given: dict[str, Any], found: str) -> None:
    with pytest.raises(ValueError, match=f"expected an organisation or accounts, found {found}"):
        Senders(**given)


def test_an_organisation_is_everybody_under_a_condition() -> None:
    condition = {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}}

    assert ORGANISATION.principals == "*"
    assert ORGANISATION.callers == {"Condition": condition}
    assert ORGANISATION.if_organisation("aws:SourceOrgID", "StringEqualsIfExists") == {
        "StringEqualsIfExists": {"aws:SourceOrgID": "o-exampleorgid"}
    }
    assert ORGANISATION.sources("arn:aws:logs:eu-west-1:*:*") == "arn:aws:logs:eu-west-1:*:*"


def test_accounts_are_named_and_need_no_condition() -> None:
    assert ACCOUNTS.principals == {"AWS": ["111111111111", "222222222222"]}
    assert ACCOUNTS.callers == {}
    assert ACCOUNTS.if_organisation("aws:SourceOrgID") == {}


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:logs:eu-west-1:{}:*",
        "arn:aws:logs:us-east-1:{}:delivery-source:*",
        "arn:aws-cn:elasticloadbalancing:cn-north-1:{}:loadbalancer/*",
    ],
)
def test_resources_of_accounts_are_named_account_by_account(arn: str) -> None:
    assert ACCOUNTS.sources(arn.format("*")) == [
        arn.format("111111111111"),
        arn.format("222222222222"),
    ]


def test_a_sid_says_who_and_a_person_is_told() -> None:
    assert ORGANISATION.either("Delivers", "Deliver") == "Delivers"
    assert ACCOUNTS.either("Delivers", "Deliver") == "Deliver"
    assert (str(ORGANISATION), str(ACCOUNTS)) == ("o-exampleorgid", "111111111111, 222222222222")
