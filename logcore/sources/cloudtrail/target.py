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
        user: ECS ``user.target``: the user acted on, by unique id, name and ARN.
        new_user_name: The name that user was given.
        group: ECS ``group``: the group of users acted on, by unique id and name.
        instance: The EC2 instance acted on, when it was exactly one.
        function: The Lambda function acted on, by name or ARN.
        resource: Any other thing acted on: a bucket, a role, a key.
        resources: ARNs that CloudTrail itself lists.
        hosts: Computer name and every instance id the record names.
    """

    user: dict[str, Any] | None = None
    new_user_name: str | None = None
    group: dict[str, Any] | None = None
    instance: str | None = None
    function: str | None = None
    resource: str | None = None
    resources: list[str] | None = None
    hosts: tuple[str, ...] = ()

    def user_names(self) -> tuple[str | None, ...]:
        """Every form under which the user acted on may be looked for."""
        if self.user is None:
            return (self.new_user_name,)
        return self.user["name"], self.new_user_name, self.user["id"]


NOTHING = Target()
"""What most calls that only read act on."""


def target_of(event: dict[str, Any], service: str | None) -> Target:
    """Read request, response and ``resources``, whatever of them is missing or of another type."""
    request = obj(event.get("requestParameters"))
    response = obj(event.get("responseElements"))
    listing = listed(event.get("resources"))
    if not (request or response or listing):
        return NOTHING
    arns = unique(*(text(obj(entry).get("ARN")) for entry in listing)) if listing else None
    instances = unique(*_instances(request, response, arns or ())) or ()
    computer = text(request.get("computerName"))
    return Target(
        user=_user(request, response),
        new_user_name=shown(request.get("newUserName")),
        group=_group(request, response) if service in USER_GROUP_SERVICES else None,
        instance=instances[0] if len(instances) == 1 else None,
        function=text(request.get("functionName")) if service == "lambda" else None,
        resource=_resource(request, service),
        resources=arns,
        hosts=(computer, *instances) if computer else tuple(instances),
    )


def _user(request: dict[str, Any], response: dict[str, Any]) -> dict[str, Any] | None:
    name, user = shown(request.get("userName")), obj(response.get("user"))
    if name is None and not user:
        return None
    arn = shown(user.get("arn"))
    return {"id": shown(user.get("userId")), "name": name, "entity": {"id": arn}}


def _group(request: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    group = obj(response.get("group"))
    return {"id": text(group.get("groupId")), "name": text(request.get("groupName"))}


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


def _candidates(request: dict[str, Any], response: dict[str, Any]) -> list[Any]:
    values = [request.get(name) for name in INSTANCE_PARAMETERS]
    if "instanceIds" in request:
        values += listed(request["instanceIds"])
    for side in (request, response):
        if "instancesSet" in side:
            items = listed(obj(side["instancesSet"]).get("items"))
            values += [obj(item).get("instanceId") for item in items]
    return values
