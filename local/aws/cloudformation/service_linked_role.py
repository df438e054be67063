# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""``AWS::IAM::ServiceLinkedRole``.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-servicelinkedrole.html
"""

from ministack.services import iam

from local.aws.cloudformation.resource import Created, Properties, Resource


def _create(_logical_id: str, properties: Properties, _stack: str) -> Created:
    """Make the role; as on AWS an account has one per service, and a second attempt fails."""
    before = set(iam._roles)
    parameters = {name: [str(value)] for name, value in properties.items()}
    status, _headers, body = iam._create_service_linked_role(parameters)
    if status >= 300:  # noqa: PLR2004  HTTP: not a success
        raise ValueError(body.decode())
    [name] = set(iam._roles) - before
    return name, {"RoleName": name}


def _update(
    physical_id: str, _old: Properties, new: Properties, _stack: str, _logical_id: str
) -> Created:
    iam._roles[physical_id]["Description"] = new.get("Description", "")
    return physical_id, {"RoleName": physical_id}


def _delete(physical_id: str, _properties: Properties) -> None:
    iam._delete_service_linked_role({"RoleName": [physical_id]})


SERVICE_LINKED_ROLE = Resource(
    create=_create,
    update=_update,
    delete=_delete,
    replaced_by=("AWSServiceName", "CustomSuffix"),
)
