"""Every statement of every policy of a running deployment, to be taken away and given back."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from infra.permissions import listed
from local.laptop import Laptop
from local.story.entry import Place

type Json = dict[str, Any]


class Policy(Protocol):
    """One policy of a deployed resource."""

    def read(self) -> Json:
        """As it stands."""
        ...

    def write(self, document: Json) -> None:
        """Put another in its place."""
        ...


@dataclass(frozen=True, slots=True)
class RolePolicy:
    """What a role may do."""

    iam: Any
    role: str
    name: str

    def read(self) -> Json:
        found = self.iam.get_role_policy(RoleName=self.role, PolicyName=self.name)
        document: Json = found["PolicyDocument"]
        return document

    def write(self, document: Json) -> None:
        self.iam.put_role_policy(
            RoleName=self.role, PolicyName=self.name, PolicyDocument=json.dumps(document)
        )


@dataclass(frozen=True, slots=True)
class Trust:
    """Who may take a role."""

    iam: Any
    role: str

    def read(self) -> Json:
        document: Json = self.iam.get_role(RoleName=self.role)["Role"]["AssumeRolePolicyDocument"]
        return document

    def write(self, document: Json) -> None:
        self.iam.update_assume_role_policy(RoleName=self.role, PolicyDocument=json.dumps(document))


@dataclass(frozen=True, slots=True)
class QueuePolicy:
    """Who may send to a queue."""

    sqs: Any
    url: str

    def read(self) -> Json:
        found = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["Policy"])
        document: Json = json.loads(found["Attributes"]["Policy"])
        return document

    def write(self, document: Json) -> None:
        self.sqs.set_queue_attributes(
            QueueUrl=self.url, Attributes={"Policy": json.dumps(document)}
        )


@dataclass(frozen=True, slots=True)
class TopicPolicy:
    """Who may publish to a topic."""

    sns: Any
    arn: str

    def read(self) -> Json:
        document: Json = json.loads(
            self.sns.get_topic_attributes(TopicArn=self.arn)["Attributes"]["Policy"]
        )
        return document

    def write(self, document: Json) -> None:
        self.sns.set_topic_attributes(
            TopicArn=self.arn, AttributeName="Policy", AttributeValue=json.dumps(document)
        )


@dataclass(frozen=True, slots=True)
class BusPolicy:
    """Who may put events on a bus."""

    events: Any
    name: str

    def read(self) -> Json:
        document: Json = json.loads(self.events.describe_event_bus(Name=self.name)["Policy"])
        return document

    def write(self, document: Json) -> None:
        self.events.put_permission(EventBusName=self.name, Policy=json.dumps(document))


@dataclass(frozen=True, slots=True)
class Right:
    """One statement.

    Attributes:
        holder: Logical id of the role or resource, without CDK's digest.
        why: The statement's ``Sid``.
        policy: Where it stands.
    """

    holder: str
    why: str
    policy: Policy

    @contextmanager
    def without(self) -> Iterator[None]:
        """Take the statement away, and give it back whatever happens."""
        whole = self.policy.read()
        left = [each for each in listed(whole["Statement"]) if each.get("Sid") != self.why]
        nothing = {"Sid": "Nothing", "Effect": "Deny", "Principal": "*", "Action": "sts:TagSession"}
        self.policy.write({**whole, "Statement": left or [_harmless(self.policy, nothing)]})
        try:
            yield
        finally:
            self.policy.write(whole)


def _harmless(policy: Policy, statement: Mapping[str, Any]) -> Json:
    """A statement in the place of none, which a policy may not have: it changes nothing."""
    if isinstance(policy, RolePolicy):
        without = {key: value for key, value in statement.items() if key != "Principal"}
        return {**without, "Resource": "*"}
    if isinstance(policy, Trust):
        return dict(statement)
    return {**statement, "Action": ACTIONS[type(policy)], "Resource": "*", "Condition": NEVER}


NEVER = {"StringEquals": {"aws:PrincipalAccount": "000000000000"}}
ACTIONS: Mapping[type, str] = {
    QueuePolicy: "sqs:PurgeQueue",
    TopicPolicy: "sns:DeleteTopic",
    BusPolicy: "events:PutRule",
}


def rights(laptop: Laptop, place: Place, stacks: str) -> Iterator[Right]:
    """Every statement of the stacks of a place whose names begin like this."""
    cloudformation = laptop.client("cloudformation", place)
    for stack in cloudformation.describe_stacks()["Stacks"]:
        if stack["StackName"].startswith(stacks):
            yield from _of_stack(laptop, place, stack["StackName"])


def _of_stack(laptop: Laptop, place: Place, stack: str) -> Iterator[Right]:
    pages = laptop.client("cloudformation", place).get_paginator("list_stack_resources")
    for page in pages.paginate(StackName=stack):
        for resource in page["StackResourceSummaries"]:
            holder = resource["LogicalResourceId"][:-8]
            for policy in _policies(laptop, place, resource):
                statements = listed(policy.read()["Statement"])
                yield from (Right(holder, each["Sid"], policy) for each in statements)


def _policies(laptop: Laptop, place: Place, resource: Mapping[str, str]) -> Iterator[Policy]:
    name = resource["PhysicalResourceId"]
    match resource["ResourceType"]:
        case "AWS::IAM::Role":
            iam = laptop.client("iam", place)
            yield Trust(iam, name)
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
                yield RolePolicy(iam, name, policy)
        case "AWS::SQS::Queue":
            yield QueuePolicy(laptop.client("sqs", place), name)
        case "AWS::SNS::Topic":
            yield TopicPolicy(laptop.client("sns", place), name)
        case "AWS::Events::EventBus":
            yield BusPolicy(laptop.client("events", place), name)
