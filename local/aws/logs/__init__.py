# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""CloudWatch Logs that delivers: subscriptions, Destinations, account policies, metric filters.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Subscriptions.html
"""

import json
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from ministack.core import concurrency, iam_actions
from ministack.core.responses import (
    error_response_json,
    get_account_id,
    get_region,
    json_response,
)
from ministack.services import cloudwatch, cloudwatch_logs, firehose, kinesis, lambda_svc

from local.aws import patching
from local.aws.filter_pattern import compile_pattern
from local.aws.logs import (
    destinations,
    embedded_metrics,
    encryption,
    metric_filters,
    policies,
    query_definitions,
    subscriptions,
)
from local.aws.logs.envelopes import with_ids
from local.aws.logs.errors import InvalidParameterError, LogsError
from local.aws.refusals import refuse
from local.aws.settings import Settings

type Action = Callable[[dict[str, Any]], Any]
"""Takes a request's JSON; gives the response's JSON, or raises ``LogsError``."""

type Check = Callable[[dict[str, Any]], None]
"""Takes a request's JSON before MiniStack does; raises ``LogsError``."""

ACTIONS: dict[str, Action] = {
    "AssociateKmsKey": encryption.associate,
    "PutAccountPolicy": policies.put,
    "DescribeAccountPolicies": policies.describe,
    "DeleteAccountPolicy": policies.delete,
    "PutQueryDefinition": query_definitions.put,
    "DescribeQueryDefinitions": query_definitions.describe,
    "DeleteQueryDefinition": query_definitions.delete,
}

CHECKS: dict[str, Check] = {
    "_put_destination": destinations.check,
    "_put_destination_policy": destinations.check_policy,
    "_put_subscription_filter": subscriptions.check_filter,
}

log = logging.getLogger("local.aws.logs")


def apply(_settings: Settings) -> None:
    """Replace what MiniStack only stores by what delivers."""
    _require_names()
    patching.replace(cloudwatch_logs, "_fanout_to_subscription_filters", fan_out)
    patching.replace(cloudwatch_logs, "_compile_filter_pattern", compile_pattern)
    patching.wrap(cloudwatch_logs, "handle_request", _with_actions)
    patching.wrap(iam_actions, "extract_resource_arn", _of_every_group)
    patching.wrap(cloudwatch_logs, "_put_destination", destinations.keep_policy)
    patching.wrap(cloudwatch_logs, "reset", _with_own_reset)
    for name in ("_put_metric_filter", "_filter_log_events"):
        patching.wrap(cloudwatch_logs, name, _checked_by(check_pattern))
    for name, check in CHECKS.items():
        patching.wrap(cloudwatch_logs, name, _checked_by(check))
    patching.wrap(cloudwatch_logs, "_put_subscription_filter", _with_control_message)
    patching.wrap(cloudwatch_logs, "_put_subscription_filter", subscriptions.keep_system_fields)


def fan_out(log_group: str, log_stream: str, events: list[dict[str, Any]]) -> None:
    """Bring new events of a log stream to its metric filters and every subscription.

    In the caller's thread, so that the order within a stream holds.
    """
    group = cloudwatch_logs._log_groups.get(log_group)
    if not group or not events:
        return
    identified = with_ids(events)
    filters = group.get("subscriptionFilters", {}).values()
    wanted = [subscriptions.of_filter(stored) for stored in filters]
    try:
        metric_filters.emit(log_group, identified)
        embedded_metrics.emit(identified)
        for subscription in [*wanted, *policies.subscriptions(log_group)]:
            subscriptions.send(subscription, log_group, log_stream, identified)
    except Exception as error:  # the outermost boundary: MiniStack's callers swallow all of them
        log.exception("delivery of %s", log_group)
        refuse("logs", f"{log_group}: {error!r}")


def call(action: Action, request: dict[str, Any]) -> Any:  # noqa: ANN401  MiniStack's response tuple
    """Answer a request by an action, its refusal included."""
    try:
        return json_response(action(request))
    except LogsError as error:
        return error_response_json(error.code, str(error), 400)


def check_pattern(request: dict[str, Any]) -> None:
    """Check a request's filter pattern.

    Raises:
        InvalidParameterError: CloudWatch Logs would refuse it.
    """
    try:
        compile_pattern(request.get("filterPattern") or "")
    except ValueError as error:
        raise InvalidParameterError(f"Invalid filter pattern: {error}") from error


def _with_actions(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> Any:  # noqa: ANN401  same
        action = ACTIONS.get(headers.get("x-amz-target", "").rpartition(".")[2])
        if action is None:
            return await original(method, path, headers, body, query)
        return call(action, json.loads(body))

    return handle


def _of_every_group(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """The ARN that a role needs to list log groups: of none, which ``log-group:*`` is alike.

    As AWS's own refusals have it: ``… on resource: arn:aws:logs:…:log-group::log-stream:``.
    """

    def arn(service: str, method: str, path: str, headers: dict[str, str], *more: Any) -> Any:  # noqa: ANN401  same
        if headers.get("x-amz-target", "").endswith(".DescribeLogGroups"):
            return f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group::log-stream:"
        return original(service, method, path, headers, *more)

    return arn


def _checked_by(check: Check) -> Callable[[Any], Any]:
    def around(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
        def checked(request: dict[str, Any]) -> Any:  # noqa: ANN401  same
            try:
                check(request)
            except LogsError as error:
                return error_response_json(error.code, str(error), 400)
            return original(request)

        return checked

    return around


def _with_control_message(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    def put(request: dict[str, Any]) -> Any:  # noqa: ANN401  same
        response = original(request)
        if response[0] == HTTPStatus.OK:
            subscriptions.greet(subscriptions.of_filter(request))
        return response

    return put


def _with_own_reset(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    def reset() -> None:
        policies.reset()
        query_definitions.reset()
        original()

    return reset


def _require_names() -> None:
    patching.require(concurrency, "spawn_background")
    patching.require(cloudwatch, "_put_metric_data")
    patching.require(
        cloudwatch_logs,
        "_delete_destination",
        "_destinations",
        "_log_groups",
        "_metric_filters",
        "_put_destination",
        "_put_destination_policy",
    )
    patching.require(firehose, "_streams")
    patching.require(kinesis, "_resolve_stream_by_arn")
    patching.require(
        lambda_svc,
        "_execute_function_with_config_scope",
        "_execution_record_for_config",
        "_get_func_record_for_ref",
        "function_policy_for_arn",
    )
