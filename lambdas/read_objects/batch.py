"""The messages of one invocation, counted, with a word about each that fails."""

from collections.abc import Callable

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from lambdas import observability as names
from lambdas.read_objects.notices import NoticeError, notices
from lambdas.read_objects.reader import ObjectReader, Tally

SOMEONE_MUST_ACT = (BotoCoreError, ClientError, NoticeError)
"""What a retry alone may not mend; documents that wait for another try are counted elsewhere."""


class MessageBatch:
    """Reads messages, one after the other.

    Attributes:
        tally: What became of objects and events so far.
    """

    def __init__(self, reader: ObjectReader, left_ms: Callable[[], int], logger: Logger) -> None:
        self.tally = Tally()
        self._reader = reader
        self._left_ms = left_ms
        self._logger = logger
        self._received = 0
        self._ignored = 0

    def read(self, body: str, arrived_ms: int) -> None:
        """Read every object that a message announces.

        Raises:
            NoticeError: the message announces nothing that is known.
            UndeliveredError: something was not delivered.
            ClientError: an object could not be read, or a reject not kept.
            BotoCoreError: a connection broke.
        """
        self._received += 1
        try:
            announced = notices(body)
            self._ignored += not announced
            for notice in announced:
                self._reader.read(notice, arrived_ms, self._left_ms, self.tally)
        except SOMEONE_MUST_ACT:
            self._logger.exception(
                "a message comes again, and is set aside after its last try",
                extra={"announced": body[:2_048]},
            )
            raise

    def counts(self) -> dict[str, int]:
        """Number of messages and objects by metric."""
        endings = self.tally.endings
        return {
            names.MESSAGES_RECEIVED: self._received,
            names.MESSAGES_IGNORED: self._ignored,
            names.OBJECTS_RECEIVED: endings.total(),
            names.OBJECTS_READ: endings["read"],
            names.OBJECTS_CONTINUED: endings["continued"],
            names.OBJECTS_GONE: endings["gone"],
            names.OBJECTS_OWN: endings["own"],
            names.OBJECTS_FAILED: endings["failed"],
        }
