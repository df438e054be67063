"""The script of the Automation document: sets a log group's retention, or associates a key.

It stands alone, because Automation gets its text. What it is told is JSON of the document's
parameters; it runs with the document's role.

Reference: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeScript.html
"""

from fnmatch import fnmatchcase
from typing import Any

import boto3


def script_handler(events: dict[str, Any], _context: object) -> dict[str, str]:
    """Put one log group right.

    Args:
        events: ``{"LogGroup": name or ARN, "Setting": "retention" or "encryption",
            "RetentionDays": int, "KeyAlias": alias, "Excluded": [patterns]}``.

    Returns:
        ``{"LogGroup": name, "Done": what was done, or why nothing was}``.
    """
    name = log_group_name(events["LogGroup"])
    return {"LogGroup": name, "Done": _done(name, events)}


def log_group_name(resource: str) -> str:
    """The name in an ARN, with or without ``:*`` at its end; or the name that it is already."""
    if not resource.startswith("arn:"):
        return resource
    return resource.split(":log-group:", 1)[1].removesuffix(":*")


def _done(name: str, events: dict[str, Any]) -> str:
    if any(fnmatchcase(name, pattern) for pattern in events["Excluded"]):
        return "nothing: excluded"
    logs = boto3.client("logs")
    group = _group(logs, name)
    if group is None:
        return "nothing: it is gone"
    return SETTINGS[events["Setting"]](logs, group, events)


def _group(logs: Any, name: str) -> Any:  # noqa: ANN401  boto3's client and its answer
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
    groups = (group for page in pages for group in page["logGroups"])
    return next((group for group in groups if group["logGroupName"] == name), None)


def _set_retention(logs: Any, group: dict[str, Any], events: dict[str, Any]) -> str:  # noqa: ANN401  boto3's client
    """Never shorten what somebody has chosen meanwhile."""
    if "retentionInDays" in group:
        return f"nothing: {group['retentionInDays']} days already"
    if group.get("logGroupClass") == "DELIVERY":
        return "nothing: the delivery class has its own period"
    days = int(events["RetentionDays"])
    logs.put_retention_policy(logGroupName=group["logGroupName"], retentionInDays=days)
    return f"{days} days"


def _associate_key(logs: Any, group: dict[str, Any], events: dict[str, Any]) -> str:  # noqa: ANN401  boto3's client
    """New events only: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html."""
    if "kmsKeyId" in group:
        return f"nothing: {group['kmsKeyId']} already"
    key: str = boto3.client("kms").describe_key(KeyId=events["KeyAlias"])["KeyMetadata"]["Arn"]
    logs.associate_kms_key(logGroupName=group["logGroupName"], kmsKeyId=key)
    return key


SETTINGS = {"retention": _set_retention, "encryption": _associate_key}
