"""Finds every statement of every policy in CloudFormation templates."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from infra.references import flat, readable

type Kind = Literal[
    "role",
    "managed",
    "trust",
    "bucket",
    "queue",
    "topic",
    "key",
    "bus",
    "destination",
    "delivery",
    "domain",
    "endpoint",
    "log",
    "function",
]
"""What a policy is attached to; ``trust`` says who may take a role, and ``managed`` waits to be
attached."""

type Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Permission:
    """One statement, and whose it is.

    Attributes:
        kind: What the policy is attached to.
        holder: That role or resource, readable: ``NormaliseFunctionRole``.
        why: Its ``Sid``; empty if it has none.
        allows: Whether it is an allow.
        who: The principals: ``events.amazonaws.com``, ``*``; empty in a role's own policy.
        service: Whether one of them is an AWS service.
        actions: What.
        resources: With what, readable; empty in a trust policy.
        conditions: Operator, key and values: ``("StringEquals", "aws:SourceAccount", (...))``.
        inverted: Which of ``NotAction``, ``NotPrincipal`` and ``NotResource`` it uses.
    """

    kind: Kind
    holder: str
    why: str
    allows: bool
    who: tuple[str, ...]
    service: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]
    inverted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    kind: Kind
    document: str
    holder: str = ""  # the property that refers to it; empty: the resource itself


PLACES: Final[Mapping[str, _Place]] = {
    "AWS::EC2::VPCEndpoint": _Place("endpoint", "PolicyDocument"),
    "AWS::Events::EventBusPolicy": _Place("bus", "Statement", "EventBusName"),
    "AWS::IAM::ManagedPolicy": _Place("managed", "PolicyDocument"),
    "AWS::IAM::Policy": _Place("role", "PolicyDocument", "Roles"),
    "AWS::IAM::Role": _Place("trust", "AssumeRolePolicyDocument"),
    "AWS::KMS::Key": _Place("key", "KeyPolicy"),
    "AWS::Lambda::Permission": _Place("function", "", "FunctionName"),
    "AWS::Logs::DeliveryDestination": _Place("delivery", "DeliveryDestinationPolicy"),
    "AWS::Logs::Destination": _Place("destination", "DestinationPolicy"),
    "AWS::Logs::ResourcePolicy": _Place("log", "PolicyDocument"),
    "AWS::OpenSearchService::Domain": _Place("domain", "AccessPolicies"),
    "AWS::S3::BucketPolicy": _Place("bucket", "PolicyDocument", "Bucket"),
    "AWS::SNS::TopicPolicy": _Place("topic", "PolicyDocument", "Topics"),
    "AWS::SQS::QueuePolicy": _Place("queue", "PolicyDocument", "Queues"),
}
"""Where CloudFormation keeps policies, by type of resource; a test finds what is missing here."""


def permissions(template: Json) -> Iterator[Permission]:
    """Every statement of a template, in its order."""
    for logical_id, resource in template["Resources"].items():
        place = PLACES.get(resource["Type"])
        if place:
            yield from _of_resource(place, logical_id, resource["Properties"])


def _of_resource(place: _Place, logical_id: str, properties: Json) -> Iterator[Permission]:
    held = properties[place.holder] if place.holder else {"Ref": logical_id}
    holder = " ".join(readable(each).strip("<>") for each in listed(held))
    if place.kind == "function":
        yield _permission(place.kind, holder, _call(logical_id, properties))
        return
    for statement in _statements(properties[place.document]):
        yield _permission(place.kind, holder, statement)


def _call(logical_id: str, properties: Json) -> Json:
    """The statement that Lambda makes of a permission, whose name is all that says why."""
    sources = {"SourceAccount": "StringEquals", "SourceArn": "ArnLike"}
    return {
        "Sid": logical_id[:-8],  # without CDK's digest
        "Effect": "Allow",
        "Principal": {"Service": properties["Principal"]},
        "Action": properties["Action"],
        "Resource": properties["FunctionName"],
        "Condition": {
            operator: {f"aws:{key}": properties[key]}
            for key, operator in sources.items()
            if key in properties
        },
    }


def _statements(document: Any) -> list[Json]:  # noqa: ANN401  a policy comes as JSON or as its text
    """Of a policy, of the text of one, of one that is held by name, or the statement of a bus."""
    is_text = isinstance(document, str) or "Fn::Join" in document
    found = json.loads(flat(document)) if is_text else document
    found = found.get("DeliveryDestinationPolicy", found)
    return listed(found.get("Statement", found))


def _permission(kind: Kind, holder: str, statement: Json) -> Permission:
    principal = statement.get("Principal", {})
    named = {"AWS": principal} if isinstance(principal, str) else principal
    return Permission(
        kind=kind,
        holder=holder,
        why=statement.get("Sid", ""),
        allows=statement["Effect"] == "Allow",
        who=tuple(readable(who) for value in named.values() for who in listed(value)),
        service="Service" in named,
        actions=tuple(listed(statement.get("Action", []))),
        resources=tuple(readable(arn) for arn in listed(statement.get("Resource", []))),
        conditions=tuple(
            (operator, key, tuple(readable(value) for value in listed(values)))
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        ),
        inverted=tuple(sorted(statement.keys() & {"NotAction", "NotPrincipal", "NotResource"})),
    )


def listed(value: Any) -> list[Any]:  # noqa: ANN401  IAM writes a list of one as its element
    """A list of one may be written as its element."""
    return value if isinstance(value, list) else [value]
