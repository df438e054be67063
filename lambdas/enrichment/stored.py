"""One object of S3 that is read again and again, and mostly has not changed.

Reference: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
"""

from http import HTTPStatus
from typing import IO, TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from logcore.errors import ReferenceDataError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SCHEME = "s3://"
MIB = 1_048_576  # bytes

ABSENT = frozenset({"NoSuchKey", "NoSuchBucket", "AccessDenied", "404", "403"})
"""What S3 says of a key that is not there; ``AccessDenied`` to those who may not list the bucket,
which the function may not."""


class Body(NamedTuple):
    """An object that is newer than the one already read.

    Attributes:
        etag: Tells this version from others.
        content: To be read once.
    """

    etag: str
    content: IO[bytes]


class StoredObject:
    """Where an object lies.

    Attributes:
        uri: ``s3://bucket/key``.
        key: Its key.
    """

    def __init__(self, client: "S3Client", uri: str, *, most_mib: int) -> None:
        self.uri = uri
        bucket, _, self.key = uri.removeprefix(SCHEME).partition("/")
        self._client = client
        self._bucket = bucket
        self._most_mib = most_mib

    def newer_than(self, etag: str) -> Body | None:
        """The object, unless it is still the one with this tag; an empty tag is older than all.

        Raises:
            ReferenceDataError: it is absent, or larger than it may be.
            ClientError: S3 refused for another reason.
            BotoCoreError: S3 did not answer.
        """
        condition = {"IfNoneMatch": etag} if etag else {}
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=self.key, **condition)  # type: ignore[arg-type]  # the one key that may be left out
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.NOT_MODIFIED:
                return None
            code = error.response["Error"]["Code"]
            if code in ABSENT:
                raise ReferenceDataError("absent", f"{code}: absent, or not granted") from error
            raise
        if answer["ContentLength"] > self._most_mib * MIB:
            answer["Body"].close()
            raise ReferenceDataError(
                "too_large", f"{answer['ContentLength']} bytes, at most {self._most_mib} MiB"
            )
        return Body(answer["ETag"], answer["Body"])  # type: ignore[arg-type]  # has what a reader calls
