"""Prints a template for the management account, and the commands for what no template can do.

``python -m infra.management_template -c sandbox > management.json``: the template goes to standard
output, the commands to standard error. CloudFormation can name Security Hub's administrator and
make service-linked roles; trusted access and the other administrators have no resource.

References:
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-securityhub-delegatedadmin.html
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-servicelinkedrole.html
"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any, Final

from infra.config import DeploymentConfig, config_path
from infra.config.organisation_sources import Service
from infra.delegation import DELEGATIONS, commands, places

MAKE: Final = "MakeServiceLinkedRoles"
"""Parameter: an account has each such role once, so who has it already answers no."""

WITH_ROLE: Final[tuple[Service, ...]] = ("trail", "config")
"""Services that act in the management account by a role of their own."""


def template(config: DeploymentConfig) -> dict[str, Any]:
    """A plain template for the management account, to be deployed in the central region."""
    on = {place.service for place in places(config)}
    resources = {_logical_id(s): _role(s) for s in WITH_ROLE if s in on}
    if "security_hub" in on:
        resources["SecurityHubAdministrator"] = {
            "Type": "AWS::SecurityHub::DelegatedAdmin",
            "Properties": {"AdminAccountId": config.central.account},
        }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Central logs: what the management account hands to "
        f"{config.central.account}; deploy it in {config.central.region}",
        "Parameters": {
            MAKE: {
                "Type": "String",
                "AllowedValues": ["yes", "no"],
                "Default": "no",
                "Description": "no where the services have acted in this account before",
            }
        },
        "Conditions": {MAKE: {"Fn::Equals": [{"Ref": MAKE}, "yes"]}},
        "Resources": resources or {"Nothing": _nothing()},
    }


def by_hand(config: DeploymentConfig) -> list[str]:
    """The commands that are left once the template is deployed."""
    return list(commands(config, wanted=lambda place: place.service != "security_hub"))


def _role(service: Service) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::ServiceLinkedRole",
        "Condition": MAKE,
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {"AWSServiceName": DELEGATIONS[service].principals[0]},
    }


def _nothing() -> dict[str, Any]:
    """A template must have a resource."""
    return {"Type": "AWS::CloudFormation::WaitConditionHandle"}


def _logical_id(service: Service) -> str:
    return f"{service.capitalize()}Role"


def main(words: Sequence[str]) -> None:
    """Print the template of one configuration, and its commands."""
    parser = argparse.ArgumentParser(prog="python -m infra.management_template")
    parser.add_argument("-c", "--config", default="sandbox", help="sandbox, production or a path")
    config = DeploymentConfig.load(config_path(parser.parse_args(words).config))
    sys.stdout.write(json.dumps(template(config), indent=2) + "\n")
    sys.stderr.write("".join(f"{command}\n" for command in by_hand(config)))


if __name__ == "__main__":
    main(sys.argv[1:])
