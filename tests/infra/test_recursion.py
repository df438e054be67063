"""The pipeline never reads its own logs."""

import json

import pytest
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.common.log_group import own_log_group
from infra.constructs.members.subscription import selection_criteria
from infra.errors import RecursionGuardError
from infra.recursion import own_log_groups
from tests.infra.deployment import Deployment, empty_stack


def function(scope: Construct, log_group: logs.ILogGroup | None) -> lambda_.Function:
    return lambda_.Function(
        scope,
        "Forgetful",
        code=lambda_.Code.from_inline("pass"),
        handler="index.handler",
        log_group=log_group,
        runtime=lambda_.Runtime.PYTHON_3_13,
    )


def test_members_leave_out_exactly_the_log_groups_of_the_app(deployment: Deployment) -> None:
    made = {
        group["Properties"]["LogGroupName"]
        for template in deployment.templates.values()
        for group in template.all("AWS::Logs::LogGroup").values()
    }
    policies = [
        policy["Properties"]["SelectionCriteria"]
        for template in deployment.templates.values()
        for policy in template.all("AWS::Logs::AccountPolicy").values()
    ]

    assert len(policies) == 8
    assert {frozenset(json.loads(p.removeprefix("LogGroupName NOT IN "))) for p in policies} == {
        frozenset(made)
    }
    assert {
        *("/central-logs/archive", "/central-logs/delivery", "/central-logs/normalise"),
        *("/central-logs/search_setup", "/central-logs/search_setup_provider"),
        "/central-logs/snapshot_organisation",
        *("/central-logs/search-slow-index", "/central-logs/search-slow-search"),
    } == made


def test_every_function_writes_to_a_log_group_of_the_app(deployment: Deployment) -> None:
    for template in deployment.templates.values():
        groups = template.all("AWS::Logs::LogGroup")
        for found in template.all("AWS::Lambda::Function").values():
            assert found["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] in groups


def test_a_function_without_a_log_group_of_ours_is_named() -> None:
    stack = empty_stack()
    function(stack, None)

    with pytest.raises(RecursionGuardError, match="Test/Forgetful/Resource"):
        own_log_groups(stack.node.root)


def test_a_function_with_a_log_group_of_ours_passes() -> None:
    stack = empty_stack()
    function(stack, own_log_group(stack, "mine", retention_days=7))

    assert own_log_groups(stack.node.root) == ["/central-logs/mine"]


def test_a_function_whose_log_format_alone_is_given_is_named() -> None:
    stack = empty_stack()
    made = function(stack, None).node.default_child
    assert isinstance(made, lambda_.CfnFunction)
    made.logging_config = lambda_.CfnFunction.LoggingConfigProperty(log_format="JSON")

    with pytest.raises(RecursionGuardError, match="Test/Forgetful/Resource"):
        own_log_groups(stack.node.root)


@pytest.mark.parametrize("name", [None, "/aws/lambda/normalise", "central-logs/normalise"])
def test_a_log_group_with_a_foreign_name_is_named(name: str | None) -> None:
    stack = empty_stack()
    logs.LogGroup(stack, "Foreign", log_group_name=name)

    with pytest.raises(RecursionGuardError, match="Test/Foreign/Resource"):
        own_log_groups(stack.node.root)


def test_a_subscription_that_leaves_nothing_out_is_refused() -> None:
    with pytest.raises(RecursionGuardError, match="read itself"):
        selection_criteria([])


def test_a_list_of_25_kib_is_taken_and_one_byte_more_refused() -> None:
    frame = len('LogGroupName NOT IN [""]')
    fits = "x" * (25 * 1_024 - frame)

    assert len(selection_criteria([fits]).encode()) == 25 * 1_024
    with pytest.raises(RecursionGuardError, match="25601 bytes"):
        selection_criteria([fits + "x"])


def test_the_order_of_names_does_not_change_the_policy() -> None:
    assert selection_criteria(["/b", "/a"]) == selection_criteria(["/a", "/b"])
