"""Promises of the local cloud's CloudFormation about what goes, stays, and whose it is."""

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError, WaiterError

from local.aws.process import LocalCloud
from tests.local import landscape as made
from tests.local.stacks import Stack, resource


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("cloud") / "cloud.log") as running:
        yield running


def versioned(name: str) -> dict[str, object]:
    return resource(
        "AWS::S3::Bucket", BucketName=name, VersioningConfiguration={"Status": "Enabled"}
    )


def test_a_bucket_that_holds_a_delete_marker_is_not_deleted(cloud: LocalCloud) -> None:
    s3, stack, name = cloud.client("s3"), Stack(cloud), made.name("bucket")
    stack.create(Bucket=versioned(name))
    s3.put_object(Bucket=name, Key="a", Body=b"a")
    s3.delete_object(Bucket=name, Key="a")

    with pytest.raises(WaiterError):
        stack.delete()
    assert "You must delete all versions in the bucket" in stack.reasons()

    for kind in ("Versions", "DeleteMarkers"):
        for found in s3.list_object_versions(Bucket=name).get(kind, []):
            s3.delete_object(Bucket=name, Key="a", VersionId=found["VersionId"])
    stack.delete()
    with pytest.raises(ClientError, match="404"):
        s3.head_bucket(Bucket=name)


def test_a_stack_is_found_by_what_it_has_as_long_as_it_has_it(cloud: LocalCloud) -> None:
    stack, name = Stack(cloud), made.name("bucket")
    stack.create(Bucket=versioned(name))

    told = stack.api.describe_stack_resources(PhysicalResourceId=name)["StackResources"]

    assert {found["StackName"] for found in told} == {stack.name}
    stack.delete()
    with pytest.raises(ClientError, match="does not exist"):
        stack.api.describe_stack_resources(PhysicalResourceId=name)
