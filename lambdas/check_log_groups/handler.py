"""A Config rule of any account to evaluations there: wire and nothing else."""

import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from lambdas.check_log_groups.check import Request, check
from lambdas.check_log_groups.settings import Settings

logger = Logger(service="check_log_groups")
settings = Settings.from_env(os.environ)

# CloudWatch Logs answers some ten DescribeSubscriptionFilters a second; this mode learns how many.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
PATIENT = Config(
    connect_timeout=3, read_timeout=20, retries={"mode": "adaptive", "max_attempts": 10}
)
sts = boto3.client("sts", config=PATIENT)


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Evaluate one account; what fails is an error that Config shows beside its rule.

    In an account outside the organisation there is no role to take, so that a rule there gets
    nothing by calling this function.
    """
    request = Request.read(event)
    account = _session(request.account)
    found = check(
        request,
        account.client("logs", config=PATIENT),
        account.client("config", config=PATIENT),
        settings,
    )
    logger.info("evaluated", extra={"rule_account": request.account, "groups": dict(found)})
    return dict(found)


def _session(account: str) -> boto3.Session:
    partition = settings.door_arn.split(":")[1]
    keys = sts.assume_role(
        RoleArn=f"arn:{partition}:iam::{account}:role/{settings.reader_role}",
        RoleSessionName="check_log_groups",
    )["Credentials"]
    return boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
