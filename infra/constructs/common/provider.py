"""CDK's provider framework, with our log group and a role that calls one function."""

from aws_cdk import custom_resources as cr
from constructs import Construct

from infra.config.stream import Function as FunctionConfig
from infra.constructs.common.function import PythonFunction
from infra.constructs.common.grants import grant_write_log
from infra.constructs.common.log_group import own_log_group
from infra.constructs.common.statements import allow, service_role, wait_for_rights


def function_provider(
    scope: Construct, function: PythonFunction, *, why: str, config: FunctionConfig
) -> cr.Provider:
    """What CloudFormation calls when it should call a function.

    Args:
        scope: Whose custom resource it is for.
        function: What is called in the end.
        why: ``Sid`` of the right to call it.
        config: How long the framework's own log is kept.
    """
    logs = Construct(scope, "ProviderLogs")
    name = f"{function.name}_provider"
    log_group = own_log_group(logs, name, retention_days=config.log_retention_days)
    role = service_role(
        logs,
        "lambda.amazonaws.com",
        why="RunTheFunction",
        description=f"Central logs: calls the {function.name} function for CloudFormation",
    )
    grant_write_log(role, log_group)
    calls = ["lambda:GetFunction", "lambda:InvokeFunction"]
    allow(role, why, calls, [function.function.function_arn])
    provider = cr.Provider(
        scope,
        "Provider",
        framework_on_event_role=role.without_policy_updates(),  # else every version as well
        log_group=log_group,
        on_event_handler=function.function,
    )
    wait_for_rights(provider, role)
    return provider
