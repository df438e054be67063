"""What is larger than AWS takes stops the synthesis, with both numbers."""

from typing import Any

import pytest

from infra.budgets.check import check_budgets, over_budget
from infra.budgets.limits import BUS, INLINE
from infra.budgets.sizes import REFERENCE, size_of
from infra.errors import BudgetError
from tests.infra.deployment import Deployment


def template(kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"Resources": {"Mine": {"Type": kind, "Properties": properties}}}


def text_of(size: int) -> str:
    return "x" * size


def policy(size: int) -> dict[str, Any]:
    """A policy whose compact JSON has this many characters."""
    frame = {"Statement": [{"Sid": ""}]}
    return {"Statement": [{"Sid": text_of(size - size_of(frame))}]}


TEXTS = [
    ("AWS::Logs::AccountPolicy", "SelectionCriteria", 25_600),
    ("AWS::Logs::Destination", "DestinationPolicy", 5_120),
]
POLICIES = [
    ("AWS::EC2::VPCEndpoint", "PolicyDocument", 20_480),
    ("AWS::Events::Rule", "EventPattern", 2_048),
    ("AWS::IAM::ManagedPolicy", "PolicyDocument", 6_144),
    ("AWS::IAM::Role", "AssumeRolePolicyDocument", 2_048),
    ("AWS::KMS::Key", "KeyPolicy", 32_768),
    ("AWS::Logs::ResourcePolicy", "PolicyDocument", 5_120),
    ("AWS::OpenSearchService::Domain", "AccessPolicies", 102_400),
    ("AWS::S3::BucketPolicy", "PolicyDocument", 20_480),
    ("AWS::SNS::TopicPolicy", "PolicyDocument", 30_720),
    ("AWS::SQS::QueuePolicy", "PolicyDocument", 8_192),
]


@pytest.mark.parametrize(
    ("kind", "name", "most", "make"),
    [
        *((*row, text_of) for row in TEXTS),
        *((*row, policy) for row in POLICIES),
    ],
)
def test_what_fills_its_budget_is_taken_and_one_more_is_named(
    kind: str, name: str, most: int, make: Any
) -> None:
    fits, too_large = (list(over_budget(template(kind, {name: make(most + n)}))) for n in (0, 1))

    assert fits == []
    assert len(too_large) == 1
    assert "Mine: " in too_large[0]
    assert f"{most + 1}" in too_large[0]
    assert f"AWS takes {most} (https://docs.aws.amazon.com/" in too_large[0]


def test_a_functions_variables_count_with_their_names() -> None:
    def said(size: int) -> list[str]:
        variables = {"NAME": text_of(size)}
        properties = {"Environment": {"Variables": variables}}
        return list(over_budget(template("AWS::Lambda::Function", properties)))

    assert said(4_096 - 4) == []
    assert "4097 bytes, AWS takes 4096" in said(4_096 - 3)[0]


@pytest.mark.parametrize(("statements", "taken"), [(20, True), (21, False)])
def test_a_queue_takes_twenty_statements(statements: int, taken: object) -> None:
    document: dict[str, Any] = {"Statement": [{}] * statements}

    found = list(over_budget(template("AWS::SQS::QueuePolicy", {"PolicyDocument": document})))

    assert (found == []) is taken


@pytest.mark.parametrize(("conditions", "taken"), [(10, True), (11, False)])
def test_a_queue_takes_ten_conditions(conditions: int, taken: object) -> None:
    keys = {f"aws:Key{n}": "v" for n in range(conditions)}
    document = {"Statement": [{"Condition": {"StringEquals": keys}}]}

    found = list(over_budget(template("AWS::SQS::QueuePolicy", {"PolicyDocument": document})))

    assert (found == []) is taken


def test_inline_policies_of_a_role_share_a_budget() -> None:
    half = {"PolicyDocument": policy(INLINE.most // 2), "Roles": [{"Ref": "Role"}]}
    more = {"PolicyDocument": policy(INLINE.most // 2 + 1), "Roles": [{"Ref": "Role"}]}
    other = {"PolicyDocument": policy(INLINE.most), "Roles": [{"Ref": "Other"}]}

    def said(*policies: dict[str, Any]) -> list[str]:
        resources = {
            str(n): {"Type": "AWS::IAM::Policy", "Properties": each}
            for n, each in enumerate(policies)
        }
        return list(over_budget({"Resources": resources}))

    assert said(half, half, other) == []
    (over,) = said(half, more)
    assert "<Role>: PolicyDocument: 10241 characters, AWS takes 10240" in over


def test_statements_of_a_bus_share_a_budget() -> None:
    def said(*sizes: int) -> list[str]:
        statements = [{"Statement": policy(n), "EventBusName": "central-logs"} for n in sizes]
        other = {"Statement": policy(BUS.most), "EventBusName": "other"}
        resources = {
            str(n): {"Type": "AWS::Events::EventBusPolicy", "Properties": each}
            for n, each in enumerate((*statements, other))
        }
        return list(over_budget({"Resources": resources}))

    assert said(5_120, 5_120) == []
    (over,) = said(5_120, 5_121)
    assert "central-logs: Statement: 10241 characters, AWS takes 10240 (https://docs" in over


@pytest.mark.parametrize(("number", "taken"), [(500, True), (501, False)])
def test_a_template_holds_five_hundred_resources(number: int, taken: object) -> None:
    resources = {f"R{n}": {"Type": "AWS::SQS::Queue"} for n in range(number)}

    assert (list(over_budget({"Resources": resources})) == []) is taken


def test_a_template_of_more_than_a_megabyte_is_named() -> None:
    found = list(over_budget({"Resources": {}, "Description": text_of(1_000_000)}))

    assert "AWS takes 1000000" in found[0]


def test_a_reference_counts_as_more_than_any_arn_has() -> None:
    reference = {"Fn::GetAtt": ["Stream", "Arn"]}

    assert size_of({"Resource": reference}) == len('{"Resource":""}') + REFERENCE
    assert size_of({"Fn::Join": ["", [reference, "/*"]]}) == REFERENCE + 2


def test_every_stack_is_named_that_is_over_a_budget() -> None:
    large = template("AWS::SNS::TopicPolicy", {"PolicyDocument": policy(30_721)})

    with pytest.raises(BudgetError, match=r"(?s)one: Mine: .*\ntwo: Mine: "):
        check_budgets({"one": large, "small": {"Resources": {}}, "two": large})


def test_the_deployments_keep_their_budgets(any_deployment: Deployment) -> None:
    check_budgets({name: template.body for name, template in any_deployment.templates.items()})
