"""CloudFormation to EC2: the custom resource behind CDK's provider framework.

Reference: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html
"""

import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.prepare_network.network import close_group, s3_prefix_list
from lambdas.prepare_network.settings import Settings

logger = Logger(service="prepare_network")
settings = Settings.from_env(os.environ)
ec2 = boto3.client("ec2")


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Create and update close the group and find the list; delete leaves both, they are EC2's."""
    physical_id = {"PhysicalResourceId": "prepare-network"}
    if event["RequestType"] == "Delete":
        return physical_id
    taken = close_group(ec2, settings.closed_group) if settings.closed_group else 0
    logger.info("network prepared", extra={"rules_taken": taken})
    return {**physical_id, "Data": {"S3PrefixList": s3_prefix_list(ec2, ec2.meta.region_name)}}
