"""What is certain of a control policy is what another reader of IAM's language says of it."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from ops.control_policies.verdict import Level, Policy, Request, refusals

type Statement = dict[str, Any]

ACTIONS = ["kinesis:CreateStream", "kinesis:*", "KINESIS:create*", "iam:*", "*", "s3:Get?bject"]
RESOURCES = [
    "*",
    "arn:aws:kinesis:*:*:stream/central-*",
    "arn:aws:kinesis:us-east-1:*",
    "arn:aws:s3:::*",
]
VALUES = ["eu-west-1", "us-east-1", "eu-*", "arn:aws:iam::111111111111:role/x", "arn:*:iam::*:*"]
OPERATORS = [
    f"{operator}{suffix}"
    for operator in (
        *("StringEquals", "StringNotEquals", "StringLike", "StringNotLike"),
        *("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
        *("ArnLike", "ArnNotLike", "ArnEquals", "ArnNotEquals"),
    )
    for suffix in ("", "IfExists")
]
KEYS = ["aws:RequestedRegion", "AWS:requestedregion", "aws:PrincipalArn", "aws:SourceIdentity"]
REGION, ROLE = "eu-west-1", "arn:aws:iam::111111111111:role/x"
CONTEXT = {"aws:requestedregion": REGION, "aws:principalarn": ROLE, "aws:sourceidentity": None}


def one_or_more(values: list[str]) -> st.SearchStrategy[str | list[str]]:
    one = st.sampled_from(values)
    return one | st.lists(one, min_size=1, max_size=3)


conditions = st.dictionaries(
    st.sampled_from(OPERATORS),
    st.dictionaries(st.sampled_from(KEYS), one_or_more(VALUES), min_size=1, max_size=2),
    max_size=2,
) | st.just({"Null": {"aws:SourceIdentity": "true"}})

statements = st.builds(
    lambda effect, action, actions, resource, resources, condition: {
        "Effect": effect,
        action: actions,
        resource: resources,
        **({"Condition": condition} if condition else {}),
    },
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(["Action", "NotAction"]),
    one_or_more(ACTIONS),
    st.sampled_from(["Resource", "NotResource"]),
    one_or_more(RESOURCES),
    conditions,
)
"""Statements of whose condition keys every one is known."""


@given(levels=st.lists(st.lists(statements, max_size=3), min_size=1, max_size=3))
def test_a_request_is_denied_where_the_other_reader_denies_it(
    levels: list[list[Statement]],
) -> None:
    stream = f"arn:aws:kinesis:{REGION}:111111111111:stream/central-logs"
    request = Request("kinesis:CreateStream", stream, CONTEXT)
    asked = EvalContext(
        principal_arn=ROLE,
        principal_type="AssumedRole",
        principal_account="111111111111",
        action=request.action,
        resource_arn=stream,
        region=REGION,
    )
    layers = [[parse_policy_document({"Statement": level})] for level in levels]

    found = list(
        refusals([Level("x", (Policy("p", "n", tuple(level)),)) for level in levels], request)
    )

    assert not any(refusal.undecided for refusal in found), json.dumps(levels)
    assert bool(found) == (evaluate(asked, *layers).decision != "Allow")
