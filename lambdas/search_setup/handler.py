"""CloudFormation to OpenSearch: the custom resource behind CDK's provider framework.

Reference: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html
"""

import os
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.search_setup.connect import connect
from lambdas.search_setup.report import SetupReport
from lambdas.search_setup.run import run
from lambdas.search_setup.settings import Settings

logger = Logger(service="search_setup")


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Create and update put everything; delete leaves what is there.

    Deleting touches nothing: logs must outlive the stack that brought them, and a domain that is
    destroyed takes templates and dashboards with it.
    """
    report = SetupReport()
    if event["RequestType"] == "Delete":
        report.skipped("delete", "templates, policies, dashboards and logs stay")
    else:
        run(connect(Settings.from_env(os.environ), report))
    for line in report.lines:
        logger.info(line.step, extra={"outcome": line.outcome, "detail": line.detail})
    lines = [f"{line.step}: {line.outcome}, {line.detail}" for line in report.lines]
    return {"PhysicalResourceId": "search-setup", "Data": {"Report": "\n".join(lines)}}
