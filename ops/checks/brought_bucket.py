"""Whether the bucket that the deployment is given can be its archive."""

from collections.abc import Mapping
from typing import Any

from infra.config import DeploymentConfig
from ops.answer import Answer, error, ok, warning
from ops.brought_policy import policy_answer
from ops.checks.buckets import OLD_NAMES
from ops.refusal import unless
from ops.view import View

NO_BUCKET = {"404", "NoSuchBucket"}
RIGHT = "the right [archive] existing"
MAKES_ONE = "without [archive] existing the deployment makes one"


def buckets(config: DeploymentConfig) -> Mapping[str, str]:
    """The bucket, likewise."""
    return {"[archive] existing": config.archive.existing} if config.archive.existing else {}


def bucket_usable(name: str, view: View) -> Answer:
    """The bucket is this account's, in the central region, and keeps its objects to its owner.

    References:
        - https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
        - https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html
    """
    s3, central = view.client("s3"), view.config.central
    located = unless(
        NO_BUCKET,
        lambda: s3.get_bucket_location(Bucket=name, ExpectedBucketOwner=central.account),
    )
    if located is None:
        return error("no such bucket", f"a bucket of {central.account}; {MAKES_ONE}", RIGHT)
    constraint = located.get("LocationConstraint") or ""
    region = OLD_NAMES.get(constraint, constraint)
    if region != central.region:
        return error(f"in {region}", f"in {central.region}", RIGHT)
    return _own_objects(s3, name) or _versions(s3, name) or ok(f"in {region}, versioned")


def _own_objects(s3: Any, name: str) -> Answer | None:  # noqa: ANN401  a boto3 client
    absent = {"OwnershipControlsNotFoundError"}
    found = unless(absent, lambda: s3.get_bucket_ownership_controls(Bucket=name))
    rules = (found or {}).get("OwnershipControls", {}).get("Rules", [])
    owners = [rule["ObjectOwnership"] for rule in rules]
    if owners == ["BucketOwnerEnforced"]:
        return None
    return error(
        f"object ownership {', '.join(owners) or 'not set'}",
        "BucketOwnerEnforced: who may read is said by policies alone",
        f"aws s3api put-bucket-ownership-controls --bucket {name} "
        "--ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'",
    )


def _versions(s3: Any, name: str) -> Answer | None:  # noqa: ANN401  a boto3 client
    status = s3.get_bucket_versioning(Bucket=name).get("Status", "off")
    if status == "Enabled":
        return None
    return warning(
        f"versioning {status}",
        "Enabled: an object that is overwritten or deleted can be had back",
        f"aws s3api put-bucket-versioning --bucket {name} "
        "--versioning-configuration Status=Enabled",
    )


def bucket_encryption(name: str, view: View) -> Answer:
    """What is written without a word of a key is encrypted with one that roles may use.

    Reference: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html
    """
    s3, key = view.client("s3"), view.config.key.existing
    absent = {"ServerSideEncryptionConfigurationNotFoundError", *NO_BUCKET}
    found = unless(absent, lambda: s3.get_bucket_encryption(Bucket=name))
    rules = (found or {}).get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    default = rules[0]["ApplyServerSideEncryptionByDefault"] if rules else {}
    used = default.get("KMSMasterKeyID")
    if not used or used == key:
        return ok(f"with {used or 'keys of S3'}")
    return error(
        f"with {used}",
        f"{key}, or keys of S3: no role may use another",
        f"aws s3api put-bucket-encryption --bucket {name}, or [key] existing = {used!r}",
    )


def bucket_lock(name: str, view: View) -> Answer:
    """Whether what is written stays for as long as nobody can shorten.

    Reference: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html
    """
    s3 = view.client("s3")
    absent = {"ObjectLockConfigurationNotFoundError", *NO_BUCKET}
    found = unless(absent, lambda: s3.get_object_lock_configuration(Bucket=name))
    rule = (found or {}).get("ObjectLockConfiguration", {}).get("Rule", {})
    retention = rule.get("DefaultRetention")
    if not retention:
        return ok("nothing is locked by default")
    return warning(
        f"{retention['Mode']} for {retention.get('Days') or retention.get('Years')} "
        f"{'days' if 'Days' in retention else 'years'} by default",
        "a lock that is meant for every version: each snapshot of the organisation, "
        "24 a day, is kept as long",
        "leave it where that is meant; or a bucket without default retention",
    )


def bucket_policy(name: str, view: View) -> Answer:
    """The bucket refuses what comes in the clear.

    Reference: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html
    """
    s3 = view.client("s3")
    absent = {"NoSuchBucketPolicy", *NO_BUCKET}
    found = unless(absent, lambda: s3.get_bucket_policy(Bucket=name))
    return policy_answer(view, "bucket policy", found["Policy"] if found else "{}")
