"""Promises of the local cloud's documents, associations and activations."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from local.aws.process import LocalCloud
from tests.local import landscape as made
from tests.local.landscape import MEMBER
from tests.local.stacks import Json, Stack, resource

DOCUMENT, ASSOCIATION = "AWS::SSM::Document", "AWS::SSM::Association"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("cloud") / "cloud.log") as running:
        yield running


def step(document: str = "AWS-ConfigureAWSPackage", name: str = "one") -> Json:
    inputs = {"documentType": "SSMDocument", "documentPath": document}
    return {"action": "aws:runDocument", "name": name, "inputs": inputs}


def content(*steps: Json, description: str = "d") -> Json:
    found = list(steps) or [step()]
    return {"schemaVersion": "2.2", "description": description, "mainSteps": found}


def document(name: str, body: Json | None = None, **more: Any) -> Json:
    return resource(
        DOCUMENT, Name=name, Content=body or content(), UpdateMethod="NewVersion", **more
    )


def association(document: str, **more: Any) -> Json:
    targets = [{"Key": "tag:central-logs", "Values": ["enabled"]}]
    return resource(ASSOCIATION, Name=document, Targets=targets, **more)


def failure(cloud: LocalCloud, **resources: Json) -> str:
    """What a stack that cannot be made says."""
    stack = Stack(cloud)
    with pytest.raises(WaiterError):
        stack.create(**resources)
    return stack.reasons()


def test_a_document_is_givenversioned_and_deleted(cloud: LocalCloud) -> None:
    api, stack, name = cloud.client("ssm"), Stack(cloud), made.name("document")

    assert stack.create(Document=document(name)) == {"Document": name}
    changed = content(description="changed")
    assert stack.update(Document=document(name, changed)) == {"Document": name}
    found = api.get_document(Name=name)
    stack.delete()

    assert (found["DocumentVersion"], json.loads(found["Content"])) == ("2", changed)
    with pytest.raises(ClientError, match="InvalidDocument"):
        api.get_document(Name=name)


def test_document_and_association_are_deleted_by_hand_once(cloud: LocalCloud) -> None:
    api, stack, name = cloud.client("ssm"), Stack(cloud), made.name("document")
    stack.create(Document=document(name))
    meaning = Stack(cloud).create(Association=association(name))["Association"]

    api.delete_association(AssociationId=meaning)
    api.delete_document(Name=name)

    with pytest.raises(ClientError, match="AssociationDoesNotExist"):
        api.delete_association(AssociationId=meaning)
    with pytest.raises(ClientError, match="InvalidDocument"):
        api.delete_document(Name=name)


def test_a_document_without_a_name_gets_one_and_keeps_its_type(cloud: LocalCloud) -> None:
    stack = Stack(cloud)
    script = {"action": "aws:executeScript", "name": "one", "inputs": {}}
    automation = {"schemaVersion": "0.3", "mainSteps": [script]}

    given = stack.create(D=resource(DOCUMENT, Content=automation, DocumentType="Automation"))
    found = cloud.client("ssm").get_document(Name=given["D"])

    assert (found["DocumentType"], json.loads(found["Content"])) == ("Automation", automation)


def test_a_named_document_that_is_not_to_be_versioned_cannot_change(cloud: LocalCloud) -> None:
    stack, name = Stack(cloud), made.name("document")
    stack.create(Document=resource(DOCUMENT, Name=name, Content=content()))

    with pytest.raises(WaiterError):
        stack.update(Document=resource(DOCUMENT, Name=name, Content=content(description="other")))

    assert "not replaced" in stack.reasons()


@pytest.mark.parametrize(
    "body",
    [
        {"schemaVersion": "2.2", "mainSteps": []},
        {**content(), "schemaVersion": "1.2"},
        {**content(), "schemaVersion": "0.3"},
        content(step(), step()),
        content(step("nobodys-document")),
    ],
)
def test_a_document_that_could_not_run_fails_the_stack(cloud: LocalCloud, body: Json) -> None:
    assert "InvalidDocumentContent" in failure(cloud, D=document(made.name("d"), body))


def test_a_second_document_of_a_name_fails_its_stack(cloud: LocalCloud) -> None:
    name = made.name("document")
    Stack(cloud).create(Document=document(name))

    assert "DocumentAlreadyExists" in failure(cloud, Document=document(name))
    Stack(cloud, MEMBER).create(Document=document(name))


def test_an_association_is_givenupdated_in_place_and_deleted(cloud: LocalCloud) -> None:
    api, stack, name = cloud.client("ssm"), Stack(cloud), made.name("association")

    def choices(rate: str) -> Json:
        return association("AWS-UpdateSSMAgent", AssociationName=name, ScheduleExpression=rate)

    identity = stack.create(A=choices("rate(1 hour)"))["A"]
    assert stack.update(A=choices("rate(2 days)")) == {"A": identity}
    found = api.describe_association(AssociationId=identity)["AssociationDescription"]
    wanted = [{"key": "AssociationName", "value": name}]
    listed = api.list_associations(AssociationFilterList=wanted)["Associations"]
    stack.delete()

    assert (found["AssociationVersion"], found["ScheduleExpression"]) == ("2", "rate(2 days)")
    assert [each["AssociationId"] for each in listed] == [identity]
    assert api.list_associations(AssociationFilterList=wanted)["Associations"] == []
    with pytest.raises(ClientError, match="AssociationDoesNotExist"):
        api.describe_association(AssociationId=identity)


@pytest.mark.parametrize(
    "rate",
    [
        *("rate(29 minutes)", "rate(31 days)", "rate(744 hours)"),
        *("rate(1 hours)", "rate(2 hour)", "rate(0 hours)", "rate(daily)"),
    ],
)
def test_a_rate_that_associations_do_not_have_fails_the_stack(cloud: LocalCloud, rate: str) -> None:
    found = failure(cloud, A=association("AWS-UpdateSSMAgent", ScheduleExpression=rate))

    assert "InvalidSchedule" in found


@pytest.mark.parametrize("rate", ["rate(30 minutes)", "rate(743 hours)", "rate(1 day)"])
def test_a_rate_that_they_have_is_taken(cloud: LocalCloud, rate: str) -> None:
    Stack(cloud).create(A=association("AWS-UpdateSSMAgent", ScheduleExpression=rate))


def test_an_association_with_a_document_that_nobody_knows_fails_the_stack(
    cloud: LocalCloud,
) -> None:
    assert "InvalidDocument" in failure(cloud, A=association("nobodys-document"))


def test_an_activation_needs_a_role_that_the_service_may_take_for_the_account(
    cloud: LocalCloud,
) -> None:
    report = made.allow("ssm:UpdateInstanceInformation")
    own = {"StringEquals": {"aws:SourceAccount": MEMBER}}
    roles = {
        "good": made.role(cloud, "ssm.amazonaws.com", report, account=MEMBER, condition=own),
        "of EC2": made.role(cloud, "ec2.amazonaws.com", report, account=MEMBER),
        "of another": made.role(
            cloud,
            "ssm.amazonaws.com",
            report,
            account=MEMBER,
            condition={"StringEquals": {"aws:SourceAccount": "999999999999"}},
        ),
        "without rights": made.role(cloud, "ssm.amazonaws.com", account=MEMBER),
    }
    api = cloud.client("ssm", MEMBER)

    def activate(role: str) -> Json:
        tags = [{"Key": "central-logs", "Value": "enabled"}]
        givennow: Json = api.create_activation(IamRole=role.rpartition("/")[2], Tags=tags)
        return givennow

    answer = activate(roles.pop("good"))
    for role in roles.values():
        with pytest.raises(ClientError, match="Not existing role"):
            activate(role)

    assert answer["ActivationCode"]
    (kept,) = api.describe_activations()["ActivationList"]
    assert kept["ActivationId"] == answer["ActivationId"]
    assert kept["Tags"] == [{"Key": "central-logs", "Value": "enabled"}]
    assert "ActivationCode" not in kept
