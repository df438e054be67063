"""One performance of the story on a laptop: put it, send it again, and count both sides."""

import time
from collections.abc import Callable

from infra.names import ARCHIVE_PREFIX, CENTRAL_LOGS, REJECT_PREFIX
from local.demo.balance import Balance, balance, expected
from local.demo.dropped import dropped
from local.demo.kept_rejects import kept_rejects
from local.demo.replay import archived, replay
from local.demo.watch import until_settled
from local.laptop import Laptop
from local.story.day import day
from local.story.entry import BusEvent
from local.story.player import play

ARCHIVE_PATIENCE_S = 60.0


class Performance:
    """A day of logs, put into the accounts of one laptop.

    Attributes:
        put: How many entries were put so far.
        balance: Both sides, as last looked at.
    """

    def __init__(self, laptop: Laptop, *, end_ms: int) -> None:
        """Prepare the day that ends at ``end_ms`` (milliseconds since the epoch)."""
        self._laptop = laptop
        self._story = day(end_ms)
        self._dropped = dropped(self._story, laptop.config)
        self.put = 0
        self.balance = Balance(expected(self._story), expected(()), dropped=expected(self._dropped))

    @property
    def datasets(self) -> set[str]:
        """Every dataset that the day has something for."""
        return {entry.dataset for entry in self._story}

    @property
    def copies(self) -> int:
        """How often an event of the day is put onto a second bus, besides the first."""
        return sum(len(e.seen_at) - 1 for e in self._story if isinstance(e, BusEvent))

    def play(self) -> None:
        """Put every entry into its account, the way producers do.

        Raises:
            PutError: the cloud did not take something.
        """
        play(self._story, self._laptop.client, self._told)

    def look(self, *, by_identity: bool = False) -> Balance:
        """Count now."""
        self.balance = balance(
            self._story, self._laptop.search, dropped=self._dropped, by_identity=by_identity
        )
        return self.balance

    def settle(
        self,
        *,
        writing: Callable[[], bool] = lambda: False,
        show: Callable[[Balance], None] = lambda _: None,
    ) -> Balance:
        """Wait until everything has arrived, then count by identity as well."""
        until_settled(self.look, self._laptop.idle, writing=writing, show=show)
        return self.look(by_identity=True)

    def send_again(self) -> int:
        """Put the whole raw archive onto the stream; gives the number of payloads."""
        self._await_archive()
        s3, kinesis = self._laptop.client("s3"), self._laptop.client("kinesis")
        payloads = archived(s3, self._laptop.output("ArchiveBucket"), ARCHIVE_PREFIX)
        return replay(payloads, kinesis, CENTRAL_LOGS)

    def kept_rejects(self) -> int:
        """How many distinct records the reject bucket keeps."""
        bucket = self._laptop.output("RejectBucket")
        return len(kept_rejects(self._laptop.client("s3"), bucket, REJECT_PREFIX))

    def _await_archive(self) -> None:
        """The archive is written beside the documents, so it may still be on its way."""
        deadline = time.monotonic() + ARCHIVE_PATIENCE_S
        while not self._laptop.idle() and time.monotonic() < deadline:
            time.sleep(0.2)

    def _told(self, number: int) -> None:
        self.put += number
