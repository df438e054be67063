"""Guards against the one mistake that costs a fortune: a pipeline that reads its own logs.

Every function writes a log. Were it sent to the stream, reading it would write more of it, without
end. So each log group of the app is found in the construct tree and left out of every subscription,
and a function whose log group cannot be known stops the synthesis.
"""

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import IConstruct

from infra.errors import RecursionGuardError
from infra.names import FUNCTION_LOGS, TRAIL_LOGS

READ = frozenset({TRAIL_LOGS})
"""What the app makes in order to read it. Nothing of the app writes there."""


def own_log_groups(app: IConstruct) -> list[str]:
    """Names of every log group that the app itself makes and does not mean to read, sorted.

    Raises:
        RecursionGuardError: a function or a log group has no name of ours; its path is named.
    """
    names: set[str] = set()
    for node in app.node.find_all():
        if isinstance(node, logs.CfnLogGroup) and node.log_group_name not in READ:
            names.add(_named(node, node.log_group_name))
        if isinstance(node, lambda_.CfnFunction) and not _has_log_group(node):
            raise RecursionGuardError(
                f"{node.node.path}: a function without a log group of ours would write to "
                "/aws/lambda/..., which the subscription cannot leave out by name"
            )
    return sorted(names)


def _has_log_group(function: lambda_.CfnFunction) -> bool:
    """Whether the function writes to a log group of its own stack; a format alone names none."""
    config = cdk.Stack.of(function).resolve(function.logging_config) or {}
    return isinstance(config.get("logGroup"), dict)


def _named(node: logs.CfnLogGroup, name: str | None) -> str:
    if name is None or cdk.Token.is_unresolved(name) or not name.startswith(FUNCTION_LOGS):
        raise RecursionGuardError(
            f"{node.node.path}: expected a log group name that begins with {FUNCTION_LOGS}, "
            f"found {name!r}"
        )
    return name
