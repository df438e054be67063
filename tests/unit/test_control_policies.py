"""What a service control policy says of a request, of which not every condition key is known."""

from typing import Any

import pytest

from ops.control_policies.condition import holds, undecided
from ops.control_policies.truth import all_of, any_of, negated
from ops.control_policies.verdict import Level, Policy, Refusal, Request, refusals

CONTEXT = {
    "aws:principalarn": "arn:aws:iam::111111111111:role/cdk-hnb659fds-cfn-exec-role",
    "aws:principalorgid": "o-exampleorgid",
    "aws:requestedregion": "eu-west-1",
    "aws:resourceorgid": "o-exampleorgid",
    "aws:principalisawsservice": "false",
    "aws:multifactorauthpresent": None,
}
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
STREAM = "arn:aws:kinesis:eu-west-1:111111111111:stream/central-logs"

type Statement = dict[str, Any]


def level(*statements: Statement, target: str = "111111111111") -> Level:
    return Level(target, (Policy("p-example1", "guardrails", statements),))


def denied(
    *levels: Level, action: str = "kinesis:CreateStream", resource: str = STREAM
) -> list[Refusal]:
    return list(refusals(levels, Request(action, resource, CONTEXT)))


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ({}, True),
        ({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, True),
        ({"StringEquals": {"AWS:requestedregion": ["us-east-1", "eu-west-1"]}}, True),
        ({"StringEquals": {"aws:RequestedRegion": "EU-WEST-1"}}, False),
        ({"StringEqualsIgnoreCase": {"aws:RequestedRegion": "EU-WEST-1"}}, True),
        ({"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]}}, False),
        ({"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "us-west-2"]}}, True),
        ({"StringLike": {"aws:RequestedRegion": "eu-*"}}, True),
        ({"StringLike": {"aws:RequestedRegion": "eu-west-?"}}, True),
        ({"StringNotLike": {"aws:RequestedRegion": "eu-*"}}, False),
        ({"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:role/cdk-*"}}, True),
        ({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam:*"}}, False),
        ({"Bool": {"aws:PrincipalIsAWSService": False}}, True),
        ({"Bool": {"aws:PrincipalIsAWSService": "true"}}, False),
        ({"Bool": {"aws:MultiFactorAuthPresent": "false"}}, False),
        ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}, True),
        ({"Null": {"aws:MultiFactorAuthPresent": "true"}}, True),
        ({"Null": {"aws:RequestedRegion": "true"}}, False),
        ({"Null": {"aws:RequestedRegion": "false"}}, True),
        ({"StringNotEquals": {"aws:MultiFactorAuthPresent": "true"}}, True),
        ({"ForAnyValue:StringNotEquals": {"aws:MultiFactorAuthPresent": "true"}}, False),
        ({"ForAnyValue:StringLike": {"aws:MultiFactorAuthPresent": "*"}}, False),
        ({"ForAllValues:StringEquals": {"aws:MultiFactorAuthPresent": "true"}}, True),
        ({"ForAnyValue:StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, True),
        ({"StringNotEqualsIfExists": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}, False),
        ({"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID, 'none'}"}}, True),
        ({"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalTag/org}"}}, None),
        ({"StringEquals": {"aws:ResourceOrgID": ["${aws:SourceVpc}", "o-exampleorgid"]}}, True),
        ({"Null": {"aws:RequestTag/owner": "true"}}, None),
        ({"StringEquals": {"aws:PrincipalTag/team": "logs"}}, None),
        ({"IpAddress": {"aws:PrincipalOrgID": "192.0.2.0/24"}}, None),
        (
            {
                "StringEquals": {"aws:PrincipalTag/team": "logs", "aws:RequestedRegion": "x"},
            },
            False,
        ),
    ],
)
def test_a_condition_holds_or_not_or_cannot_be_told(condition: Any, truth: bool | None) -> None:  # noqa: FBT001  a row of the table
    assert holds(condition, CONTEXT) is truth


def test_what_a_condition_depends_on_is_named_as_the_policy_spells_it() -> None:
    condition = {
        "Null": {"aws:RequestTag/Owner": "true"},
        "StringNotEquals": {"aws:RequestedRegion": "us-east-1", "aws:SourceVpc": "vpc-1"},
    }

    assert list(undecided(condition, CONTEXT)) == ["aws:RequestTag/Owner", "aws:SourceVpc"]


def test_what_is_not_known_settles_nothing_and_hides_nothing() -> None:
    assert any_of((None, True)) is True
    assert any_of((None, False)) is None
    assert all_of((None, False)) is False
    assert all_of((None, True)) is None
    assert all_of(()) is True
    assert any_of(()) is False
    assert negated(None) is None


def test_what_every_level_allows_and_none_denies_passes() -> None:
    assert denied(level(ALL, target="r-ab12"), level(ALL)) == []


@pytest.mark.parametrize(
    "statement",
    [
        {"Action": "kinesis:*", "Resource": "*"},
        {"Action": "KINESIS:createstream", "Resource": "*"},
        {"Action": ["s3:*", "kinesis:Create*"], "Resource": ["*"]},
        {"NotAction": ["iam:*", "kinesis:Delete*"], "Resource": "*"},
        {"Action": "*", "Resource": "arn:aws:kinesis:*:*:stream/central-*"},
        {"Action": "*", "NotResource": "arn:aws:s3:::*"},
        {
            "Action": "*",
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}},
        },
    ],
)
def test_a_statement_that_is_about_it_denies_it(statement: Statement) -> None:
    rule = {"Sid": "Guard", "Effect": "Deny", **statement}

    assert denied(level(ALL, target="r-ab12"), level(ALL, rule)) == [
        Refusal("111111111111", "p-example1 (guardrails)", "Guard")
    ]


@pytest.mark.parametrize(
    "statement",
    [
        {"Action": "kinesis:DeleteStream", "Resource": "*"},
        {"NotAction": "kinesis:*", "Resource": "*"},
        {"Action": "*", "Resource": "arn:aws:kinesis:*:*:stream/aws-controltower-*"},
        {"Action": "*", "Resource": "arn:aws:kinesis:*:*:stream/CENTRAL-LOGS"},
        {"Action": "*", "NotResource": "arn:aws:kinesis:*"},
        {
            "Action": "*",
            "Resource": "*",
            "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:*:iam::*:role/cdk-hnb659fds-*"}},
        },
    ],
)
def test_a_statement_about_something_else_denies_nothing(statement: Statement) -> None:
    assert denied(level(ALL, {"Effect": "Deny", **statement})) == []


def test_a_statement_without_a_name_is_known_by_its_place() -> None:
    [refusal] = denied(level(ALL, {"Effect": "Deny", "Action": "kinesis:*", "Resource": "*"}))

    assert refusal.statement == "statement 2"


def test_a_level_that_does_not_allow_it_denies_it() -> None:
    some = {"Effect": "Allow", "Action": ["s3:*", "iam:*"], "Resource": "*"}

    assert denied(level(some, target="ou-ab12-workloads"), level(ALL)) == [
        Refusal("ou-ab12-workloads")
    ]
    assert denied(Level("111111111111", ())) == [Refusal("111111111111")]


@pytest.mark.parametrize(
    ("statements", "policy"),
    [
        ([ALL, {"Effect": "Deny", "Action": "*", "Resource": "*"}], "p-example1 (guardrails)"),
        ([{"Effect": "Allow", "Action": "*", "Resource": "*"}], ""),
    ],
)
def test_what_depends_on_an_unknown_key_is_said_to(
    statements: list[Statement], policy: str
) -> None:
    *others, last = statements
    tagged = {**last, "Condition": {"Null": {"aws:RequestTag/owner": "true"}}}

    [refusal] = denied(level(*others, tagged))

    assert (refusal.policy, refusal.undecided) == (policy, ("aws:RequestTag/owner",))


@pytest.mark.parametrize(
    ("variable", "keys"),
    [("${aws:RequestedRegion}", ()), ("${aws:PrincipalTag/team}", ("aws:PrincipalTag/team",))],
)
def test_a_resource_may_have_variables(variable: str, keys: tuple[str, ...]) -> None:
    named = f"arn:aws:kinesis:{variable}:*:stream/*"

    [refusal] = denied(level(ALL, {"Effect": "Deny", "Action": "*", "Resource": named}))

    assert refusal.undecided == keys
