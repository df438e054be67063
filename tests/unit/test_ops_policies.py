"""A statement covers another one when it says at least as much, in whatever words."""

from typing import Any

import pytest

from ops.policies import as_fix, missing

ROOT = "arn:aws:iam::111111111111:root"
NEEDED: dict[str, Any] = {
    "Sid": "FillQueues",
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
    "Resource": "*",
    "Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}},
}


def policy(**changes: Any) -> dict[str, Any]:
    kept = {k: v for k, v in {**NEEDED, **changes}.items() if v is not None}
    return {"Statement": [kept]}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Sid": "Another"},
        {"Action": "kms:*"},
        {"Action": ["kms:GenerateDataKey*", "kms:Decrypt", "kms:Encrypt"]},
        {"Principal": {"Service": ["s3.amazonaws.com", "events.amazonaws.com"]}},
        {"Condition": None},
        {"Condition": {"StringEquals": {"AWS:SourceAccount": ["111111111111"]}}},
    ],
)
def test_what_says_as_much_or_more_covers(changes: dict[str, Any]) -> None:
    assert missing(policy(**changes), [NEEDED]) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"Effect": "Deny"},
        {"Action": "kms:Decrypt"},
        {"Action": "s3:*"},
        {"Principal": {"Service": "s3.amazonaws.com"}},
        {"Principal": {"AWS": "events.amazonaws.com"}},
        {"Resource": "arn:aws:kms:us-east-1:111111111111:key/another"},
        {"Condition": {"StringEquals": {"aws:SourceAccount": "222222222222"}}},
        {"Condition": {"StringLike": {"aws:SourceAccount": "111111111111"}}},
        {
            "Condition": {
                "StringEquals": {
                    "aws:SourceAccount": "111111111111",
                    "aws:SourceArn": "arn:aws:events:us-east-1:111111111111:rule/one",
                }
            }
        },
    ],
)
def test_what_says_less_or_something_else_does_not(changes: dict[str, Any]) -> None:
    assert missing(policy(**changes), [NEEDED]) == ("FillQueues",)


def test_a_policy_without_statements_lacks_all() -> None:
    assert missing("{}", [NEEDED]) == ("FillQueues",)


@pytest.mark.parametrize("who", ["111111111111", ROOT, "*"])
def test_an_account_is_its_root_and_part_of_everybody(who: str) -> None:
    needed = {**NEEDED, "Principal": {"AWS": ROOT}}

    assert missing(policy(Principal={"AWS": who}), [needed]) == ()
    assert missing(policy(Principal={"AWS": "222222222222"}), [needed]) == ("FillQueues",)


def test_everybody_is_not_one_account() -> None:
    needed = {**NEEDED, "Principal": "*"}

    assert missing(policy(Principal="*"), [needed]) == ()
    assert missing(policy(Principal={"AWS": ROOT}), [needed]) == ("FillQueues",)


def test_numbers_and_booleans_are_what_iam_reads_them_as() -> None:
    needed = {**NEEDED, "Condition": {"NumericLessThan": {"s3:TlsVersion": 1.2}}}
    text = policy(Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}})

    assert missing(text, [needed]) == ()


def test_the_fix_has_the_absent_statements_alone() -> None:
    other = {**NEEDED, "Sid": "Other"}

    assert '"Other"' in as_fix([NEEDED, other], ["Other"])
    assert '"FillQueues"' not in as_fix([NEEDED, other], ["Other"])
