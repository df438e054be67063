"""Whether the key that the deployment is given can be used for everything at rest."""

from collections.abc import Mapping
from typing import Any

from infra.config import DeploymentConfig
from infra.names import MANAGED_TAG
from ops.answer import Answer, error, ok, warning
from ops.brought_policy import policy_answer
from ops.refusal import unless
from ops.view import View

NO_KEY = {"NotFoundException"}
EXPECTED = "a key of this account and region; without [key] existing the deployment makes one"


def keys(config: DeploymentConfig) -> Mapping[str, str]:
    """The key, by the configuration's name for it."""
    return {"[key] existing": config.key.existing} if config.key.existing else {}


def key_usable(arn: str, view: View) -> Answer:
    """The key is enabled, symmetric and the customer's, and rotates.

    Reference: https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
    """
    kms = view.client("kms")
    described = unless(NO_KEY, lambda: kms.describe_key(KeyId=arn))
    if described is None:
        return error(f"no key {arn}", EXPECTED, "the right [key] existing")
    found = described["KeyMetadata"]
    kind = (found["KeyUsage"], found.get("KeySpec", "SYMMETRIC_DEFAULT"), found["KeyManager"])
    if kind != ("ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "CUSTOMER"):
        return error(
            " ".join(kind),
            "a symmetric key of the customer's, to encrypt with",
            "the right [key] existing",
        )
    if found["KeyState"] != "Enabled":
        return error(
            found["KeyState"],
            "Enabled, or nothing can be written or read",
            f"aws kms cancel-key-deletion --key-id {arn}; aws kms enable-key --key-id {arn}",
        )
    if view.config.members.centralises and not _is_tagged(kms, arn):
        return error(
            f"no tag {MANAGED_TAG} = true",
            "the tag without which CloudWatch may not keep copied log groups with a key",
            f"aws kms tag-resource --key-id {arn} --tags TagKey={MANAGED_TAG},TagValue=true",
        )
    if not kms.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"]:
        return warning(
            "never rotates",
            "a rotation every year, as a key of the deployment has it",
            f"aws kms enable-key-rotation --key-id {arn}",
        )
    return ok("enabled, symmetric, rotates")


def _is_tagged(kms: Any, arn: str) -> bool:  # noqa: ANN401  a boto3 client
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_ListResourceTags.html."""
    pages = kms.get_paginator("list_resource_tags").paginate(KeyId=arn)
    tags = {tag["TagKey"]: tag["TagValue"] for page in pages for tag in page["Tags"]}
    return bool(tags.get(MANAGED_TAG) == "true")


def key_policy(arn: str, view: View) -> Answer:
    """The key's policy lets the account decide, and EventBridge and S3 fill queues.

    Reference: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html
    """
    kms = view.client("kms")
    found = unless(NO_KEY, lambda: kms.get_key_policy(KeyId=arn, PolicyName="default"))
    return policy_answer(view, "key policy", found["Policy"] if found else "{}")
