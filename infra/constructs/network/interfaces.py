"""What a role needs so that its service puts network interfaces into a VPC."""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from infra.acknowledge import acknowledge_wildcard
from infra.constructs.common.statements import allow, deny
from infra.constructs.network.placement import Placement

LISTS: Final = "EC2 answers Describe actions for every resource or none; each only reads"

OF_FUNCTIONS: Final = (
    *("AssignPrivateIpAddresses", "CreateNetworkInterface"),
    *("DeleteNetworkInterface", "UnassignPrivateIpAddresses"),
)
"""What Lambda does with interfaces, beside looking for them:
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html"""

LOOKED_AT_BY_FUNCTIONS: Final = ("DescribeNetworkInterfaces", "DescribeSubnets")

LOOKED_AT_BY_FIREHOSE: Final = (
    *("DescribeNetworkInterfaces", "DescribeSecurityGroups", "DescribeSubnets"),
    *("DescribeVpcAttribute", "DescribeVpcs"),
)


def grant_function_interfaces(role: iam.Role) -> None:
    """Let Lambda, and not the function's code, keep interfaces for a function.

    Lambda documents no narrower resource than every one of the account and region, and that a
    resource which is named may keep the function from the VPC.

    Reference: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
    """
    stack = cdk.Stack.of(role)
    anything = stack.format_arn(service="ec2", resource="*", resource_name="*")
    function = stack.format_arn(
        service="lambda",
        resource="function",
        resource_name="*",
        arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
    )
    allow(role, "KeepNetworkInterfaces", _ec2(*OF_FUNCTIONS), [anything])
    acknowledge_wildcard(role, anything, "Lambda documents nothing narrower; its code is denied it")
    allow(role, "LookAtTheNetwork", _ec2(*LOOKED_AT_BY_FUNCTIONS), ["*"])
    acknowledge_wildcard(role, "*", LISTS)
    deny(
        role,
        "CodeLeavesInterfacesAlone",
        _ec2(*OF_FUNCTIONS, *LOOKED_AT_BY_FUNCTIONS, "DetachNetworkInterface"),
        conditions={"ArnLike": {"lambda:SourceFunctionArn": function}},
    )


def grant_firehose_interfaces(role: iam.Role, place: Placement) -> None:
    """Let Firehose keep interfaces in the subnets and with the groups that it is given.

    References:
        - https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-es-vpc
        - https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    """

    def arn(kind: str, name: str) -> str:
        return cdk.Stack.of(role).format_arn(service="ec2", resource=kind, resource_name=name)

    interfaces = arn("network-interface", "*")
    made_of = [
        interfaces,
        *(arn("security-group", group) for group in place.security_group_ids),
        *(arn("subnet", subnet) for subnet in place.subnet_ids),
    ]
    here = {"ArnEquals": {"ec2:Vpc": arn("vpc", place.vpc_id)}}
    keeps = _ec2("CreateNetworkInterfacePermission", "DeleteNetworkInterface")
    allow(role, "MakeNetworkInterfaces", _ec2("CreateNetworkInterface"), made_of)
    allow(role, "KeepNetworkInterfaces", keeps, [interfaces], conditions=here)
    acknowledge_wildcard(
        role, interfaces, "An interface has no name before it is there; its subnet or VPC has"
    )
    allow(role, "LookAtTheNetwork", _ec2(*LOOKED_AT_BY_FIREHOSE), ["*"])
    acknowledge_wildcard(role, "*", LISTS)


def _ec2(*actions: str) -> list[str]:
    return [f"ec2:{action}" for action in actions]
