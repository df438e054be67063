"""Policies are as narrow as they can be; what is wider has a reason, and every rule bites."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest

from tests.infra.accepted import ACCEPTED
from tests.infra.deployment import Deployment
from tests.infra.policy_rules import RULES, Finding, findings

ROLE, TRUST = "NormaliseFunctionRoleDefaultPolicy3DA2D565", "NormaliseFunctionRole990050D9"
QUEUE, QUEUE_POLICY = "NormaliseSetAside98779F55", "NormaliseSetAsidePolicy316065E9"
STREAM = "arn:aws:kinesis:us-east-1:111111111111:stream/central-logs"
BUCKET = "arn:aws:s3:::example"
KEY = "arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555"

PLANTED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("every_action", ROLE, {"Action": "kinesis:*", "Resource": STREAM}),
    ("every_action", ROLE, {"Action": ["s3:GetObject", "s3:Put*"], "Resource": f"{BUCKET}/a"}),
    ("every_action", ROLE, {"Action": "*", "Resource": STREAM}),
    ("every_resource", ROLE, {"Action": "kinesis:PutRecord", "Resource": "*"}),
    ("every_resource", ROLE, {"Action": "kinesis:PutRecord", "Resource": [STREAM, "*"]}),
    ("wide_resource", ROLE, {"Action": "s3:GetObject", "Resource": f"{BUCKET}/*/secret.txt"}),
    (
        "wide_resource",
        ROLE,
        {"Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:111111111111:queue"},
    ),
    (
        "wide_resource",
        ROLE,
        {"Action": "kinesis:PutRecord", "Resource": STREAM.replace("central-logs", "*")},
    ),
    ("inverted", ROLE, {"NotAction": "iam:CreateUser", "Resource": STREAM}),
    ("inverted", ROLE, {"Action": "kinesis:PutRecord", "NotResource": STREAM}),
    (
        "pass_role",
        ROLE,
        {"Action": "iam:PassRole", "Resource": "arn:aws:iam::111111111111:role/central-logs"},
    ),
    ("anybody", TRUST, {"Action": "sts:AssumeRole", "Principal": "*"}),
    ("anybody", TRUST, {"Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}),
    (
        "anybody",
        TRUST,
        {"Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::222222222222:root"}},
    ),
    ("anybody", TRUST, {"Action": "sts:AssumeRole", "Principal": {"AWS": "222222222222"}}),
    (
        "confused_deputy",
        TRUST,
        {"Action": "sts:AssumeRole", "Principal": {"Service": "events.amazonaws.com"}},
    ),
    (
        "confused_deputy",
        TRUST,
        {
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "events.amazonaws.com"},
            "Condition": {"StringEqualsIfExists": {"aws:SourceAccount": "111111111111"}},
        },
    ),
    (
        "confused_deputy",
        QUEUE_POLICY,
        {
            "Action": "sqs:SendMessage",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Resource": {"Fn::GetAtt": [QUEUE, "Arn"]},
            "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:us-east-1:*:topic"}},
        },
    ),
    ("bare_key", ROLE, {"Action": ["kms:Decrypt"], "Resource": KEY}),
)
"""A rule, the policy that a statement is added to, and the statement that breaks it."""


def planted(template: Mapping[str, Any], policy: str, statement: Mapping[str, Any]) -> Any:
    """A copy of a template with one more statement."""
    copied = deepcopy(dict(template))
    properties = copied["Resources"][policy]["Properties"]
    document = "AssumeRolePolicyDocument" if policy == TRUST else "PolicyDocument"
    properties[document]["Statement"].append({"Sid": "Planted", "Effect": "Allow", **statement})
    return copied


def unaccepted(template: Mapping[str, Any]) -> set[Finding]:
    return set(findings(template)) - ACCEPTED.keys()


def test_what_is_wider_than_the_rules_has_a_reason(any_deployment: Deployment) -> None:
    assert {
        name: found
        for name, template in any_deployment.templates.items()
        if (found := unaccepted(template.body))
    } == {}


def test_every_reason_is_needed_and_links_its_page(options: Deployment, alone: Deployment) -> None:
    templates = (*options.templates.values(), *alone.templates.values())
    needed = {f for template in templates for f in findings(template.body)}

    assert ACCEPTED.keys() - needed == set()
    assert [finding for finding, why in ACCEPTED.items() if "https://docs.aws." not in why] == []


@pytest.mark.parametrize(("rule", "policy", "statement"), PLANTED)
def test_a_planted_statement_is_found(
    rule: str, policy: str, statement: Mapping[str, Any], sandbox: Deployment
) -> None:
    found = unaccepted(planted(sandbox.stack("pipeline").body, policy, statement))

    assert {(finding.rule, finding.why) for finding in found} == {(rule, "Planted")}


def test_every_rule_has_a_planted_defect() -> None:
    assert {rule for rule, _, _ in PLANTED} == set(RULES)


def test_a_service_in_the_name_of_a_known_account_is_no_confused_deputy(
    sandbox: Deployment,
) -> None:
    statement = {
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "events.amazonaws.com"},
        "Condition": {"StringEquals": {"AWS:SourceAccount": "111111111111"}},
    }

    assert unaccepted(planted(sandbox.stack("pipeline").body, TRUST, statement)) == set()


@pytest.mark.parametrize(
    ("stack", "policy", "holder"),
    [
        ("search", "ArchiveBucketPolicy13E3D5ED", "ArchiveBucket"),
        ("pipeline", QUEUE_POLICY, "NormaliseSetAside"),
    ],
)
def test_a_bucket_or_queue_that_takes_what_comes_in_the_clear_is_found(
    stack: str, policy: str, holder: str, sandbox: Deployment
) -> None:
    template: dict[str, Any] = deepcopy(dict(sandbox.stack(stack).body))
    del template["Resources"][policy]["Properties"]["PolicyDocument"]["Statement"][0]

    assert unaccepted(template) == {Finding("without_tls", holder, "")}


def test_a_bucket_that_refuses_in_the_clear_for_itself_only_is_found(sandbox: Deployment) -> None:
    template: dict[str, Any] = deepcopy(dict(sandbox.stack("search").body))
    policy = template["Resources"]["ArchiveBucketPolicy13E3D5ED"]["Properties"]["PolicyDocument"]
    del policy["Statement"][0]["Resource"][1]

    assert unaccepted(template) == {Finding("without_tls", "ArchiveBucket", "")}
