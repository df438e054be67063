# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Deletion as CloudFormation does it, where MiniStack is kinder, and whose a resource is.

References:
    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html
"""

from collections.abc import Callable
from typing import Any

from ministack.services import cloudformation, s3
from ministack.services.cloudformation import handlers, helpers, provisioners

from local.aws import patching
from local.aws.cloudformation.resource import Properties

type Handler = Callable[[dict[str, Any]], Any]


def apply() -> None:
    """Refuse to delete a bucket that holds something, and find a stack by what it has."""
    patching.require(s3, "_bucket_has_versions", "_buckets")
    patching.require(cloudformation, "_stacks")
    patching.require(helpers, "_error", "_p")
    patching.wrap_entry(provisioners, "_RESOURCE_HANDLERS", "AWS::S3::Bucket", _with_refusal)
    patching.wrap_entry(handlers, "_ACTION_HANDLERS", "DescribeStackResources", _by_physical_id)


def _with_refusal(resource: dict[str, Any]) -> dict[str, Any]:
    def delete(physical_id: str, properties: Properties) -> None:
        bucket = s3._buckets.get(physical_id)
        if bucket and (bucket["objects"] or s3._bucket_has_versions(physical_id)):
            raise ValueError(
                "The bucket you tried to delete is not empty. You must delete all versions in the "
                "bucket. (Service: S3, Status Code: 409)"
            )
        resource["delete"](physical_id, properties)

    return {**resource, "delete": delete}


def _by_physical_id(theirs: Handler) -> Handler:
    """Answer for the stack that has a resource, which MiniStack does not look for."""

    def describe(params: dict[str, Any]) -> Any:  # noqa: ANN401  MiniStack's response tuple
        wanted = helpers._p(params, "PhysicalResourceId")
        if not wanted:
            return theirs(params)
        for stack in cloudformation._stacks.values():
            ids = {r.get("PhysicalResourceId") for r in stack.get("_resources", {}).values()}
            if wanted in ids and stack["StackStatus"] != "DELETE_COMPLETE":
                return theirs(params | {"StackName": [stack["StackName"]]})
        return helpers._error("ValidationError", f"Stack for {wanted} does not exist")

    return describe
