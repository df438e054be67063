"""Empties a bucket: objects, old versions, delete markers."""

from typing import Any, Final

from ops.command import Say
from ops.destroy.choice import HaltError
from ops.refusal import unless

BATCH: Final = 1_000
"""Keys of one request:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html"""


def empty(s3: Any, bucket: str, say: Say) -> None:  # noqa: ANN401  as Clients
    """Delete every version and every delete marker; a bucket that is gone is empty.

    Reference: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html

    Raises:
        HaltError: some would not go, such as those under a lock.
    """
    count = 0
    while batch := unless({"NoSuchBucket"}, lambda: _batch(s3, bucket)):
        told = s3.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})
        if errors := told.get("Errors"):
            first = errors[0]
            raise HaltError(
                f"{len(errors)} of {len(batch)} objects of {bucket} would not go, as "
                f"{first['Key']}: {first['Message']} ({first['Code']})"
            )
        count += len(batch)
        say(f"emptying {bucket}: {count} versions and delete markers")


def _batch(s3: Any, bucket: str) -> list[dict[str, str]]:  # noqa: ANN401  as Clients
    """The first keys that are there, with their versions."""
    found = s3.list_object_versions(Bucket=bucket, MaxKeys=BATCH)
    return [
        {"Key": version["Key"], "VersionId": version["VersionId"]}
        for kind in ("Versions", "DeleteMarkers")
        for version in found.get(kind, [])
    ]
