"""Reads objects part by part: normalise, deliver, and go on in another invocation when time ends.

What is read twice, because a message came twice or a try failed, meets itself in the index. So a
part is the smallest thing that is repeated, and an object needs no memory of its own.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

from lambdas.delivery.delivery import Carrier, Delivery, Report
from lambdas.read_objects.notices import Notice
from lambdas.read_objects.parts import parts
from logcore.normalise import UNKNOWN, Normaliser
from logcore.objects.outcomes import object_outcomes
from logcore.objects.reader import origin_of
from logcore.own_logs import OWN_LOGS
from logcore.record import Dropped, LogRecord, Outcome, Rejected

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

type Ending = Literal["read", "continued", "gone", "own", "failed"]
"""What became of an object in one invocation."""

CHUNK = 262_144  # bytes that are read from S3 at once

GONE = {
    "NoSuchKey": "the object was deleted before it was read",
    "NoSuchVersion": "this version of the object was deleted before it was read",
    "PreconditionFailed": "the object was replaced before it was read",
}
"""Errors that no retry mends, for there is nothing to be read any more."""


class UndeliveredError(Exception):
    """Documents of an object wait for another try; its message comes again."""


@dataclass(slots=True)
class Tally:
    """What became of the objects of one invocation, and of their events.

    Attributes:
        endings: Number of objects by what became of them.
        report: What became of their events.
    """

    endings: Counter[Ending] = field(default_factory=Counter)
    report: Report = field(default_factory=Report)


class ObjectReader:
    """Reads objects.

    Args:
        s3: Gives the objects.
        normaliser: The pure core.
        delivery: Sinks and rejects.
        send: Puts a message on our own queue.
        reserve_ms: Time of an invocation in which no further part is begun.
        own_bucket: Where archive and rejects are kept: reading them would make more of them.
    """

    def __init__(
        self,
        s3: "S3Client",
        normaliser: Normaliser,
        delivery: Delivery,
        send: Callable[[str], object],
        *,
        reserve_ms: int,
        own_bucket: str,
    ) -> None:
        self._s3 = s3
        self._normaliser = normaliser
        self._delivery = delivery
        self._send = send
        self._reserve_ms = reserve_ms
        self._own_bucket = own_bucket

    def read(
        self, notice: Notice, arrived_ms: int, left_ms: Callable[[], int], tally: Tally
    ) -> None:
        """Bring an object to its end, or as far as the time lasts, and count it.

        Args:
            notice: Which object, and where to begin.
            arrived_ms: When it was announced, in milliseconds since the epoch.
            left_ms: Gives the milliseconds that the invocation has left.
            tally: Takes the counts, also when this raises.

        Raises:
            UndeliveredError: a sink did not take everything.
            ClientError: S3 does not give the object, such as ``AccessDenied``; or see ``deliver``.
            BotoCoreError: the connection to S3 broke.
        """
        ending: Ending = "failed"
        try:
            if notice.bucket == self._own_bucket:
                ending = self._own(notice, arrived_ms, tally)
            elif tally.endings and left_ms() <= self._reserve_ms:
                ending = self._continue(notice)
            else:
                ending = self._read(notice, arrived_ms, left_ms, tally)
        finally:
            tally.endings[ending] += 1

    def _read(
        self, notice: Notice, arrived_ms: int, left_ms: Callable[[], int], tally: Tally
    ) -> Ending:
        try:
            found = self._get(notice)
        except ClientError as error:
            return self._gone(notice, error, arrived_ms, tally)
        etag = found["ETag"].strip('"')
        origin = origin_of(notice.bucket, notice.key, etag)
        modified_ms = int(found["LastModified"].timestamp() * 1_000)
        chunks = found["Body"].iter_chunks(CHUNK)
        records = object_outcomes(self._normaliser, chunks, origin, modified_ms, first=notice.first)
        for part in parts(records):
            carrier = Carrier(f"{_name(notice.bucket, notice.key, etag)}-{part.first}", arrived_ms)
            self._deliver(carrier, part.outcomes, tally)
            if left_ms() <= self._reserve_ms:
                found["Body"].close()
                return self._continue(notice._replace(first=part.last + 1, etag=etag))
        return "read"

    def _get(self, notice: Notice) -> Any:  # noqa: ANN401  boto3's answer
        """The object as it was announced: that version, or else that content."""
        which = {"VersionId": notice.version} if notice.version else {}
        if notice.etag and not notice.version:
            which = {"IfMatch": f'"{notice.etag}"'}
        return self._s3.get_object(Bucket=notice.bucket, Key=notice.key, **which)  # type: ignore[arg-type]  # one of two keys

    def _deliver(self, carrier: Carrier, outcomes: list[Outcome], tally: Tally) -> None:
        report = self._delivery.deliver([(carrier, outcomes)])
        tally.report.add(report)
        if report.retry:
            raise UndeliveredError(carrier.sequence)

    def _gone(self, notice: Notice, error: ClientError, arrived_ms: int, tally: Tally) -> Ending:
        """Keep a reject in the place of an object that cannot be read any more.

        Raises:
            ClientError: it may yet be read.
        """
        why = GONE.get(error.response.get("Error", {}).get("Code", ""))
        if why is None:
            raise error
        record = _stand_in(notice, "gone", arrived_ms)
        address = record.origin.address
        rejected = Rejected(record, UNKNOWN, "object_gone", f"{address}: {why}")
        name = _name(notice.bucket, notice.key, notice.etag)
        self._deliver(Carrier(f"{name}-gone-{notice.first}", arrived_ms), [rejected], tally)
        return "gone"

    def _own(self, notice: Notice, arrived_ms: int, tally: Tally) -> Ending:
        """Count an object of the pipeline's own as one line of its own, which nobody reads."""
        dropped = Dropped(_stand_in(notice, "own", arrived_ms), UNKNOWN, OWN_LOGS)
        self._deliver(Carrier(notice.key, arrived_ms), [dropped], tally)
        return "own"

    def _continue(self, notice: Notice) -> Ending:
        self._send(notice.message())
        return "continued"


def _stand_in(notice: Notice, why: str, arrived_ms: int) -> LogRecord:
    """A record in the place of an object that is not read."""
    origin = origin_of(notice.bucket, notice.key, notice.etag)
    return LogRecord(f"{why}-{notice.first}", arrived_ms, notice.message(), origin)


def _name(*parts: str) -> str:
    """A name for an object's content that fits into keys."""
    return blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()
