"""The function that members' Config rules call about their log groups.

A rule calls a function of its own region. The function is in the central account, because a
StackSet's template brings no code; it takes a role in the rule's account, and whoever has none
learns nothing.

Reference: https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_lambda-functions.html
"""

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.acknowledge import acknowledge_wildcard
from infra.bundle import Bundle
from infra.config.stream import Function as FunctionConfig
from infra.constructs.common.function import PythonFunction
from infra.constructs.common.statements import allow
from infra.names import CHECK_LOG_GROUPS, READ_LOG_GROUPS_ROLE, check_role
from lambdas.check_log_groups.settings import Settings


class LogGroupCheck(Construct):
    """A function with a fixed name, which AWS Config may call for any account.

    Lambda has no permission for the accounts of an organisation, and units hold accounts that the
    deployment does not know.

    Attributes:
        function: The function; members trust its role by name.
        permission: That Config may call it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        organisation: str,
        config: FunctionConfig,
        bundle: Bundle,
        settings: Settings,
    ) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        self.function = PythonFunction(
            self,
            "Function",
            name="check_log_groups",
            bundle=bundle,
            config=config,
            environment=settings.to_env(),
            memory_mib=256,
            timeout=cdk.Duration.minutes(15),  # a request for each log group, ten a second
            role_name=check_role(stack.region),
            function_name=CHECK_LOG_GROUPS,
        )
        readers = f"arn:{stack.partition}:iam::*:role/{READ_LOG_GROUPS_ROLE}"
        allow(
            self.function.role,
            "ReadInTheAccountOfTheRule",
            ["sts:AssumeRole"],
            [readers],
            conditions={"StringEquals": {"aws:ResourceOrgID": organisation}},
        )
        acknowledge_wildcard(
            self.function.role,
            readers,
            "The role of this name, in accounts of the organisation that may join tomorrow",
        )
        self.permission = lambda_.CfnPermission(
            self,
            "ConfigMayAsk",
            action="lambda:InvokeFunction",
            function_name=self.function.function.function_arn,
            principal="config.amazonaws.com",
        )


def check_function_arn(account: str, region: str, partition: str) -> str:
    """The ARN that rules of a region name."""
    return f"arn:{partition}:lambda:{region}:{account}:function:{CHECK_LOG_GROUPS}"
