"""CloudFormation to the services: the custom resource behind CDK's provider framework.

Reference: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html
"""

import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from lambdas.enrol_organisation.request import Request
from lambdas.enrol_organisation.run import run
from lambdas.enrol_organisation.services import Work
from lambdas.enrol_organisation.settings import Settings

logger = Logger(service="enrol_organisation")

# A region may have hundreds of accounts to enrol, and services take few requests a second.
PATIENT = Config(
    connect_timeout=3, read_timeout=20, retries={"mode": "adaptive", "max_attempts": 10}
)


def clients(service: str, region: str) -> Any:  # noqa: ANN401  one function for every service
    """A client of a service, in any region."""
    return boto3.client(service, region_name=region, config=PATIENT)  # type: ignore[call-overload]  # any service


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Create and update enrol; delete leaves on what is on, unless the deployment says no."""
    request = Request.of(event)
    done = run(Work(request, clients, Settings.from_env(os.environ)))
    logger.info(
        request.service, extra={"kind": request.kind, "region": request.region, "outcome": done}
    )
    return {"PhysicalResourceId": request.identity, "Data": {"Report": done}}
