# ruff: noqa: INP001  an example to copy from, not a package
"""A Fargate task whose application's lines reach the pipeline through FireLens.

Reference: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html
"""

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_logs as logs
from constructs import Construct


class FirelensTask(Construct):
    """A task definition with an application and the log router beside it.

    Attributes:
        definition: The task.
        log_group: What the account's subscription sends on, since it sends every group.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        image: ecs.ContainerImage,
        router_image: ecs.ContainerImage,
    ) -> None:
        """Make the task.

        Args:
            scope: Where it is.
            id_: What it is called there.
            name: Of the task's family, which stands for the service in its documents.
            image: Of the application.
            router_image: Of AWS for Fluent Bit, by its version, as
                ``aws ssm get-parameters-by-path --path /aws/service/aws-for-fluent-bit/`` lists it.
        """
        super().__init__(scope, id_)
        self.log_group = logs.LogGroup(
            self, "Logs", log_group_name=f"/ecs/{name}", retention=logs.RetentionDays.ONE_MONTH
        )
        self.definition = ecs.FargateTaskDefinition(
            self, "Task", cpu=512, family=name, memory_limit_mib=1_024
        )
        self.log_group.grant_write(self.definition.task_role)
        self.definition.add_firelens_log_router(
            "Router",
            container_name="log_router",
            essential=True,
            firelens_config=ecs.FirelensConfig(
                type=ecs.FirelensLogRouterType.FLUENTBIT,
                options=ecs.FirelensOptions(enable_ecs_log_metadata=True),
            ),
            image=router_image,
            logging=ecs.LogDrivers.aws_logs(
                stream_prefix=name,
                log_group=logs.LogGroup(
                    self,
                    "RouterLogs",
                    log_group_name=f"/ecs/{name}-log-router",
                    retention=logs.RetentionDays.ONE_MONTH,
                ),
            ),
            memory_reservation_mib=100,
        )
        self.definition.add_container(
            "App",
            container_name="app",
            image=image,
            logging=ecs.LogDrivers.firelens(
                options={
                    "Name": "cloudwatch_logs",
                    "region": cdk.Stack.of(self).region,
                    "log_group_name": self.log_group.log_group_name,
                    "log_stream_prefix": f"{name}/",
                    "Retry_Limit": "no_limits",
                    "log-driver-buffer-limit": "2097152",
                }
            ),
        )
