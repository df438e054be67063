# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""``VpcConfig`` of ``AWS::Lambda::Function``, which MiniStack drops.

The function is not put anywhere: it runs beside everything else. But as on AWS it is refused when
its role could not keep network interfaces, and says where it is.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from typing import Any, Final

from ministack.core.responses import get_account_id, get_region
from ministack.services import lambda_svc
from ministack.services.cloudformation import provisioners

from local.aws import patching, roles
from local.aws.cloudformation.resource import Created, Properties

SERVICE: Final = "lambda.amazonaws.com"
NEEDED: Final = {
    "ec2:CreateNetworkInterface": "network-interface/*",
    "ec2:DeleteNetworkInterface": "*/*",
    "ec2:DescribeNetworkInterfaces": "*",
}
"""What Lambda does with the role, and with what."""


def apply() -> None:
    """Make it arrive."""
    patching.require(lambda_svc, "_functions", "_vpc_config_with_id")
    patching.wrap_entry(
        provisioners, "_RESOURCE_HANDLERS", "AWS::Lambda::Function", _with_vpc_config
    )


def _with_vpc_config(handlers: dict[str, Any]) -> dict[str, Any]:
    def create(logical_id: str, properties: Properties, stack: str) -> Created:
        _check(properties)
        made: Created = handlers["create"](logical_id, properties, stack)
        _place(made[0], properties)
        return made

    def update(
        physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Created:
        _check(new)
        made: Created = handlers["update"](physical_id, old, new, stack, logical_id)
        _place(made[0], new)
        return made

    return {**handlers, "create": create, "update": update}


def _check(properties: Properties) -> None:
    if not _subnets(properties):
        return
    for action, named in NEEDED.items():
        resource = "*" if named == "*" else f"arn:aws:ec2:{get_region()}:{get_account_id()}:{named}"
        if roles.denied(properties["Role"], action, resource, SERVICE):
            raise ValueError(
                "The provided execution role does not have permissions to call "
                f"{action.removeprefix('ec2:')} on EC2"
            )


def _place(name: str, properties: Properties) -> None:
    config = lambda_svc._functions[name]["config"]
    given = properties.get("VpcConfig") if _subnets(properties) else None
    config["VpcConfig"] = lambda_svc._vpc_config_with_id(given)


def _subnets(properties: Properties) -> list[str]:
    found: list[str] = (properties.get("VpcConfig") or {}).get("SubnetIds") or []
    return found
