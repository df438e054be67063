"""Log groups that CloudWatch has copied here by the deployment's rule; they outlive the rule.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_Centralization.html
"""

from collections.abc import Iterator
from typing import Final

from logcore.transports.copied_groups import COPIES
from ops.destroy.choice import Run
from ops.stacks import GONE, regions, remembered

RULE: Final = "AWS::ObservabilityAdmin::OrganizationCentralizationRule"


def is_ours(run: Run) -> bool:
    """Whether a deleted stack of the deployment had the rule that makes such groups."""
    central = run.config.central.region
    told = remembered(run.config.stage, run.view.clients, central, GONE)
    return any(resource.type == RULE for _status, resource in told)


def groups(run: Run, region: str) -> Iterator[str]:
    """Names of the copies in a region."""
    pages = run.view.client("logs", region).get_paginator("describe_log_groups")
    for page in pages.paginate(logGroupNamePrefix=COPIES):
        for group in page["logGroups"]:
            yield group["logGroupName"]


def remove_copies(run: Run) -> None:
    """Delete the copies, if the rule was the deployment's."""
    if not is_ours(run):
        return
    for region in regions(run.view):
        logs = run.view.client("logs", region)
        for name in list(groups(run, region)):
            run.say(f"deleting copied log group {name} ({region})")
            logs.delete_log_group(logGroupName=name)
