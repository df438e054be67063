"""Our kind of Lambda function: Python, its own role, and a log group that we named."""

from collections.abc import Mapping
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.bundle import NO_FILES, Bundle
from infra.config.stream import Function as FunctionConfig
from infra.constructs.common.grants import grant_write_log
from infra.constructs.common.log_group import own_log_group
from infra.constructs.common.statements import service_role
from infra.constructs.network.interfaces import grant_function_interfaces
from infra.constructs.network.placement import Placement

ARCHITECTURES = {"arm64": lambda_.Architecture.ARM_64, "x86_64": lambda_.Architecture.X86_64}


class PythonFunction(Construct):
    """One package of ``lambdas``, deployed.

    The role holds what the function is granted and the right to write its own log; it has no
    managed policy, because that one opens every log group of the account. Lambda adds no lines of
    its own to an invocation that went well: durations are metrics, and a log that grew by being
    read could not be kept from growing.

    Attributes:
        function: The function.
        name: Its package.
        folder: What it is made of, staged.
        role: Its role; grant to it.
        log_group: ``/central-logs/<name>``; no account policy may send it to the stream.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        bundle: Bundle,
        config: FunctionConfig,
        environment: Mapping[str, str],
        memory_mib: int,
        timeout: cdk.Duration,
        reserved_concurrency: int | None = None,
        role_name: str | None = None,
        function_name: str | None = None,
        files: Mapping[str, str] = NO_FILES,
        place: Placement | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name
        self.log_group: logs.LogGroup = own_log_group(
            self, name, retention_days=config.log_retention_days
        )
        self.role = service_role(
            self,
            "lambda.amazonaws.com",
            why="RunTheFunction",
            description=f"Central logs: the {name} function",
            role_name=role_name,
        )
        grant_write_log(self.role, self.log_group)
        self.folder = bundle(name, files)
        self.function = lambda_.Function(
            self,
            "Function",
            architecture=ARCHITECTURES[config.architecture],
            code=lambda_.Code.from_asset(self.folder),
            description=f"Central logs: {name}",
            environment=dict(environment),
            function_name=function_name,
            handler=f"lambdas.{name}.handler.handler",
            log_group=self.log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            memory_size=memory_mib,
            recursive_loop=lambda_.RecursiveLoop.TERMINATE,
            reserved_concurrent_executions=reserved_concurrency,
            role=self.role,
            runtime=lambda_.Runtime.PYTHON_3_13,
            system_log_level_v2=lambda_.SystemLogLevel.WARN,
            timeout=timeout,
        )
        if place:
            self._put_into(place)
        acknowledge(
            self.function,
            "AwsSolutions-L1",
            "Python 3.13 is what the laptop runs too, so that both run the same wheels",
        )

    def _put_into(self, place: Placement) -> None:
        """Connect the function to a VPC, by the L1: the L2 asks for more than ids.

        Reference: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
        """
        grant_function_interfaces(self.role)
        resource = cast("lambda_.CfnFunction", self.function.node.default_child)
        resource.vpc_config = lambda_.CfnFunction.VpcConfigProperty(
            security_group_ids=list(place.security_group_ids), subnet_ids=list(place.subnet_ids)
        )
