"""What CloudFormation cannot do for a network: close its default group, find S3's prefix list."""

import aws_cdk as cdk
from constructs import Construct

from infra.acknowledge import acknowledge_wildcard
from infra.bundle import Bundle
from infra.config.stream import Function as FunctionConfig
from infra.constructs.common.function import PythonFunction
from infra.constructs.common.provider import function_provider
from infra.constructs.common.statements import allow
from lambdas.prepare_network.settings import Settings


class Preparation(Construct):
    """A custom resource that leaves a VPC's default security group without rules.

    A group that is not named is not touched. The function itself is in no VPC: it speaks with EC2
    alone, once a deployment.

    Attributes:
        s3_prefix_list: Id of the list with the region's addresses of S3.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        bundle: Bundle,
        config: FunctionConfig,
        closed_group: str,
    ) -> None:
        super().__init__(scope, id_)
        settings = Settings(closed_group=closed_group)
        function = PythonFunction(
            self,
            "Function",
            name="prepare_network",
            bundle=bundle,
            config=config,
            environment=settings.to_env(),
            memory_mib=256,
            timeout=cdk.Duration.minutes(1),
        )
        role, looks = function.role, ["ec2:DescribeManagedPrefixLists"]
        if closed_group:
            revokes = ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"]
            group = cdk.Stack.of(self).format_arn(
                service="ec2", resource="security-group", resource_name=closed_group
            )
            allow(role, "CloseTheDefaultGroup", revokes, [group])
            looks = [*looks, "ec2:DescribeSecurityGroups"]
        allow(role, "LookAtTheNetwork", looks, ["*"])
        acknowledge_wildcard(role, "*", "EC2 answers Describe actions for every resource or none")
        provider = function_provider(self, function, why="CallTheNetworksFunction", config=config)
        resource = cdk.CustomResource(
            self,
            "Network",
            resource_type="Custom::PrepareNetwork",
            service_token=provider.service_token,
            properties={"Settings": settings.to_env()},
        )
        self.s3_prefix_list = resource.get_att_string("S3PrefixList")
