"""What was acted on: users, groups, instances, functions and other resources of a call."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from logcore.shape import listed, obj, text, unique
from logcore.sources.cloudtrail.actor import shown

USER_GROUP_SERVICES = {"iam", "identitystore", "sso-directory", "cognito-idp", "quicksight"}
"""Services whose ``groupName`` is a group of users; EC2 means a security group by it."""

RESOURCE_PARAMETERS: dict[str, tuple[str, ...]] = {
    "backup": ("backupVaultName",),
    "cloudformation": ("stackName",),
    "cloudtrail": ("name", "trailName"),
    "dynamodb": ("tableName",),
    "ecr": ("repositoryName",),
    "ecs": ("cluster", "service"),
    "eks": ("name",),
    "guardduty": ("detectorId",),
    "iam": ("roleName", "policyArn", "instanceProfileName"),
    "kinesis": ("streamName", "streamARN"),
    "kms": ("keyId",),
    "logs": ("logGroupName",),
    "rds": ("dBInstanceIdentifier", "dBClusterIdentifier", "dBSnapshotIdentifier"),
    "s3": ("bucketName",),
    "secretsmanager": ("secretId", "name"),
    "sns": ("topicArn", "name"),
    "sqs": ("queueUrl", "queueName"),
    "ssm": ("documentName", "name"),
    "sts": ("roleArn",),
}
"""Request parameters that name the thing acted on, by service, the best first."""

INSTANCE_PARAMETERS = ("instanceId", "target", "resourceId")
INSTANCE_ID_LENGTH = 10  # the short form, ``i-`` and eight digits; the long one has nineteen


class Target(NamedTuple):
    """What an event acted on; a part that is unknown is ``None``.

    Attributes:
        user_id: Unique id of the user acted on.
        user_name: Its name.
        user_arn: Its ARN.
        new_user_name: The name it was given.
        group_id: Unique id of the group of users acted on.
        group_name: Its name.
        instance: The EC2 instance acted on, when it was exactly one.
        function: The Lambda function acted on, by name or ARN.
        resource: Any other thing acted on: a bucket, a role, a key.
        resources: ARNs that CloudTrail itself lists.
        hosts: Computer name and every instance id the record names.
    """

    user_id: str | None
    user_name: str | None
    user_arn: str | None
    new_user_name: str | None
    group_id: str | None
    group_name: str | None
    instance: str | None
    function: str | None
    resource: str | None
    resources: list[str] | None
    hosts: list[str]


def target_of(event: dict[str, Any], service: str | None) -> Target:
    """Read request, response and ``resources``, whatever of them is missing or of another type."""
    request = obj(event.get("requestParameters"))
    response = obj(event.get("responseElements"))
    user = obj(response.get("user"))
    of_users = service in USER_GROUP_SERVICES
    arns = unique(*(text(obj(entry).get("ARN")) for entry in listed(event.get("resources"))))
    instances = unique(*_instances(request, response, arns or ())) or []
    return Target(
        user_id=shown(user.get("userId")),
        user_name=shown(request.get("userName")),
        user_arn=shown(user.get("arn")),
        new_user_name=shown(request.get("newUserName")),
        group_id=text(obj(response.get("group")).get("groupId")) if of_users else None,
        group_name=text(request.get("groupName")) if of_users else None,
        instance=instances[0] if len(instances) == 1 else None,
        function=text(request.get("functionName")) if service == "lambda" else None,
        resource=_resource(request, service),
        resources=arns,
        hosts=[*(unique(text(request.get("computerName"))) or []), *instances],
    )


def _resource(request: dict[str, Any], service: str | None) -> str | None:
    if not request:
        return None
    names = RESOURCE_PARAMETERS.get(service or "", ())
    return next((found for name in names if (found := shown(request.get(name)))), None)


def _instances(
    request: dict[str, Any], response: dict[str, Any], arns: list[str] | tuple[str, ...]
) -> Iterator[str]:
    """Instance ids from all the places in which the APIs of EC2 and Systems Manager put them."""
    for value in _candidates(request, response):
        if isinstance(value, str) and value.startswith("i-") and len(value) >= INSTANCE_ID_LENGTH:
            yield value
    for arn in arns:
        if ":instance/i-" in arn:
            yield arn.rpartition("/")[2]


def _candidates(request: dict[str, Any], response: dict[str, Any]) -> Iterator[Any]:
    yield from (request.get(name) for name in INSTANCE_PARAMETERS)
    yield from listed(request.get("instanceIds"))
    for side in (request, response):
        for entry in listed(obj(side.get("instancesSet")).get("items")):
            yield obj(entry).get("instanceId")
