# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Keys of log groups that are there already: ``AssociateKmsKey``, which MiniStack lacks.

Nothing is encrypted; the key shows in the log group's description.

Reference: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html
"""

from typing import Any

from ministack.services import cloudwatch_logs

from local.aws.logs.errors import NotFoundError


def associate(request: dict[str, Any]) -> dict[str, Any]:
    """Answer ``AssociateKmsKey`` for a log group.

    Raises:
        NotFoundError: there is no such log group.
    """
    group = cloudwatch_logs._log_groups.get(request["logGroupName"])
    if group is None:
        raise NotFoundError(f"log group {request['logGroupName']} does not exist")
    group["kmsKeyId"] = request["kmsKeyId"]
    return {}
