"""Keeps rejected records in S3, where they can be read, counted and replayed.

One object per batch: gzip around one JSON line per reject. Its key follows from the batch, so that
a retried batch replaces its object instead of adding one.
"""

import gzip
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from logcore.codec import dump_json
from logcore.record import Rejected
from logcore.rejects import reject_line

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

type Kind = Literal["rejected", "refused"]
"""Who said no: the core before delivery, or the sink after it."""


CHECKSUM: Final = "CRC32"
"""Said, not left to the SDK of the runtime: a bucket with Object Lock takes nothing without one.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-put-object"""


class Reject(NamedTuple):
    """A rejected record and what it came by.

    Attributes:
        rejected: What could not become a document.
        sequence: Sequence number of the Kinesis record, or what else names its carrier.
        arrived_ms: When that arrived, in milliseconds since the epoch.
    """

    rejected: Rejected
    sequence: str
    arrived_ms: int


class RejectStore:
    """The part of a bucket that holds rejects."""

    def __init__(self, client: "S3Client", bucket: str, prefix: str) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    def keep(self, rejects: Sequence[Reject], kind: Kind) -> None:
        """Write the rejects of one batch; none writes nothing.

        Raises:
            ClientError: S3 did not take them; the batch must be retried.
        """
        if not rejects:
            return
        lines = b"\n".join(dump_json(reject_line(reject.rejected)) for reject in rejects)
        self._client.put_object(
            Bucket=self._bucket,
            Key=self._key(rejects, kind),
            Body=gzip.compress(lines + b"\n", mtime=0),
            ContentType="application/x-ndjson",
            ContentEncoding="gzip",
            ChecksumAlgorithm=CHECKSUM,
        )

    def _key(self, rejects: Sequence[Reject], kind: Kind) -> str:
        first, last = rejects[0], rejects[-1]
        hour = datetime.fromtimestamp(first.arrived_ms / 1000, UTC).strftime("%Y/%m/%d/%H")
        return f"{self._prefix}{hour}/{first.sequence}-{last.sequence}-{kind}.ndjson.gz"
