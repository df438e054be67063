"""The organisation trail, by its ARN.

CloudFormation's own resource speaks of a trail by its name, which CloudTrail looks for in the
caller's account. An organisation trail belongs to the management account, so a delegated
administrator has to give the ARN. CloudFormation cannot switch recursive logging off either.

References:
    - https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1932
    - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html
    - https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
"""

from typing import Any

from botocore.exceptions import ClientError

from lambdas.enrol_organisation.request import Choices

UNKNOWN = "TrailNotFoundException"


def enrol(client: Any, choices: Choices) -> str:  # noqa: ANN401  a boto3 client
    """Make the trail or change it, then let it log.

    ``{"arn", "name", "bucket", "key", "log_group", "log_role", "selectors", "insights"}``; a trail
    without a log group has ``""`` for it and its role.
    """
    arn = choices["arn"]
    made = _update(client, choices) or _create(client, choices)
    client.put_event_selectors(TrailName=arn, AdvancedEventSelectors=choices["selectors"])
    insights = [{"InsightType": kind} for kind in choices["insights"]]
    client.put_insight_selectors(TrailName=arn, InsightSelectors=insights)
    client.start_logging(Name=arn)
    return f"{made} {arn}"


def leave(client: Any, choices: Choices) -> str:  # noqa: ANN401  a boto3 client
    """Delete the trail; its bucket keeps what was written."""
    try:
        client.delete_trail(Name=choices["arn"])
    except ClientError as refused:
        if refused.response["Error"]["Code"] != UNKNOWN:
            raise
        return f"{choices['arn']} was gone"
    return f"deleted {choices['arn']}"


def _update(client: Any, choices: Choices) -> str:  # noqa: ANN401  a boto3 client
    try:
        client.update_trail(
            Name=choices["arn"],
            CloudWatchLogsLogGroupArn=choices["log_group"],
            CloudWatchLogsRoleArn=choices["log_role"],
            **_common(choices),
        )
    except ClientError as refused:
        if refused.response["Error"]["Code"] != UNKNOWN:
            raise
        return ""
    return "changed"


def _create(client: Any, choices: Choices) -> str:  # noqa: ANN401  a boto3 client
    logs = {
        "CloudWatchLogsLogGroupArn": choices["log_group"],
        "CloudWatchLogsRoleArn": choices["log_role"],
    }
    client.create_trail(
        Name=choices["name"],
        IsOrganizationTrail=True,
        **(logs if choices["log_group"] else {}),
        **_common(choices),
    )
    return "made"


def _common(choices: Choices) -> dict[str, Any]:
    return {
        "S3BucketName": choices["bucket"],
        "KmsKeyId": choices["key"],
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": True,
        "EnableLogFileValidation": True,
        "RecursiveLogging": False,
    }
