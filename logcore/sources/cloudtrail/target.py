"""What was acted on: users, groups, instances, functions and other resources of a call."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from logcore.shape import listed, obj, text, unique
from logcore.sources.cloudtrail.actor import HIDDEN
from logcore.sources.cloudtrail.origin import service_of

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

_NAMING_INSTANCES = frozenset({"instanceIds", "instancesSet", *INSTANCE_PARAMETERS})
_NAMING_MORE = _NAMING_INSTANCES | {
    *("userName", "newUserName", "groupName", "functionName", "computerName")
}
"""The request parameters that say of more than one resource what was acted on."""


class Target(NamedTuple):
    """What an event acted on; a part that is unknown is ``None``.

    Attributes:
        user_id: Unique id of the user acted on.
        user_name: Name of that user.
        user_arn: ARN of that user.
        new_user_name: The name that user was given.
        group_id: Unique id of the group of users acted on.
        group_name: Name of that group.
        instance: The EC2 instance acted on, when it was exactly one.
        function: The Lambda function acted on, by name or ARN.
        resource: Any other thing acted on: a bucket, a role, a key.
        hosts: Computer name and every instance id the record names.
    """

    user_id: str | None = None
    user_name: str | None = None
    user_arn: str | None = None
    new_user_name: str | None = None
    group_id: str | None = None
    group_name: str | None = None
    instance: str | None = None
    function: str | None = None
    resource: str | None = None
    hosts: tuple[str, ...] = ()


NOTHING = Target()
"""What most calls that only read act on."""


def target_of(
    provider: Any,  # noqa: ANN401  any JSON
    request: dict[str, Any],
    response: dict[str, Any],
    arns: list[str] | None,
) -> Target:
    """Read what names a thing in request and response, and among ``resources``."""
    if not (request or response or arns):
        return NOTHING
    service = service_of(text(provider))
    resource = _resource(service, request)
    if not (response or arns) and _NAMING_MORE.isdisjoint(request):
        return Target(resource=resource) if resource else NOTHING
    user = obj(response.get("user")) if response else response
    group = obj(response.get("group")) if response else response
    is_of_users = service in USER_GROUP_SERVICES
    instances = instances_of(request, response, arns)
    computer = shown(request.get("computerName"))
    return Target(
        shown(user.get("userId")) if user else None,
        shown(request.get("userName")),
        shown(user.get("arn")) if user else None,
        shown(request.get("newUserName")),
        text(group.get("groupId")) if group and is_of_users else None,
        shown(request.get("groupName")) if is_of_users else None,
        instances[0] if len(instances) == 1 else None,
        shown(request.get("functionName")) if service == "lambda" else None,
        resource,
        (computer, *instances) if computer else instances,
    )


def instances_of(
    request: dict[str, Any], response: dict[str, Any], arns: list[str] | None
) -> tuple[str, ...]:
    """Every EC2 instance that the record names, once."""
    if not arns and "instancesSet" not in response and _NAMING_INSTANCES.isdisjoint(request):
        return ()
    return tuple(dict.fromkeys(_instances(request, response, arns or ())))


def arns_of(resources: list[Any]) -> list[str] | None:
    """ARNs that CloudTrail itself lists."""
    return unique(*(text(obj(entry).get("ARN")) for entry in resources)) if resources else None


def shown(value: Any) -> str | None:  # noqa: ANN401  any JSON
    """Text, unless CloudTrail withheld it: a placeholder is nobody's name."""
    return value if _is_name(value) else None


def _resource(service: str | None, request: dict[str, Any]) -> str | None:
    for name in RESOURCE_PARAMETERS.get(service or "", ()):
        if name in request and _is_name(request[name]):
            found: str = request[name]
            return found
    return None


def _is_name(value: Any) -> bool:  # noqa: ANN401  any JSON
    return isinstance(value, str) and value not in {"", HIDDEN}


def _instances(
    request: dict[str, Any], response: dict[str, Any], arns: Sequence[str]
) -> Iterator[str]:
    """Instance ids from all the places in which the APIs of EC2 and Systems Manager put them."""
    for value in _candidates(request, response):
        if isinstance(value, str) and value.startswith("i-") and len(value) >= INSTANCE_ID_LENGTH:
            yield value
    for arn in arns:
        if ":instance/i-" in arn:
            yield arn.rpartition("/")[2]


def _candidates(request: dict[str, Any], response: dict[str, Any]) -> Iterator[Any]:
    for name in INSTANCE_PARAMETERS:
        if name in request:
            yield request[name]
    if "instanceIds" in request:
        yield from listed(request["instanceIds"])
    for side in (request, response):
        if "instancesSet" in side:
            items = listed(obj(side["instancesSet"]).get("items"))
            yield from (obj(item).get("instanceId") for item in items)
