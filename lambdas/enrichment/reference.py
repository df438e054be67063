"""A thing that enrichment looks things up in: the last one that could be read stays in use."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import IO, Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.enrichment.stored import StoredObject
from logcore.errors import ReferenceDataError

type Clock = Callable[[], float]
"""Seconds of a clock that only goes forward."""


class Read[T](NamedTuple):
    """What an object's bytes became.

    Attributes:
        value: Ready to be asked.
        remark: What its owner should know, such as malformed lines; empty for nothing.
    """

    value: T
    remark: str = ""


class Attempt[T](NamedTuple):
    """What came of an attempt to read: something newer, or trouble.

    Attributes:
        found: ``None`` when there was trouble.
        etag: Of what was found.
        trouble: Why nothing was.
    """

    found: Read[T] | None
    etag: str = ""
    trouble: str = ""


class Reference[T]:
    """One object and the value that was last read from it.

    Attributes:
        value: ``None`` until it could be read once.
        trouble: Why the last attempt failed; empty when it did not.
        failures: Failed attempts since they were last taken.
    """

    def __init__(self, stored: StoredObject, read: Callable[[str, IO[bytes]], Read[T]]) -> None:
        self.value: T | None = None
        self.trouble = ""
        self.failures = 0
        self._stored = stored
        self._read = read
        self._etag = ""
        self._notices: list[str] = []

    def attempt(self) -> Attempt[T] | None:
        """Read the object if it has changed; ``None`` when it has not. Changes nothing here."""
        try:
            body = self._stored.newer_than(self._etag)
            if body is None:
                return None
            return Attempt(self._read(self._stored.key, body.content), body.etag)
        except (BotoCoreError, ClientError, ReferenceDataError, OSError) as error:
            return Attempt(None, trouble=str(error))

    def adopt(self, attempt: Attempt[T] | None) -> bool:
        """Use what an attempt found, or keep what is there; whether the value changed."""
        trouble = attempt.trouble if attempt else ""
        if trouble:
            self.failures += 1
        if trouble != self.trouble:
            self._notices.append(self._told(trouble))
        self.trouble = trouble
        if attempt is None or attempt.found is None:
            return False
        self.value, self._etag = attempt.found.value, attempt.etag
        if attempt.found.remark:
            self._notices.append(f"{self._stored.uri}: {attempt.found.remark}")
        return True

    def _told(self, trouble: str) -> str:
        if not trouble:
            return f"{self._stored.uri}: can be read again"
        kept = "without it" if self.value is None else "the last one stays"
        return f"{self._stored.uri}: {trouble}; {kept}"

    def take_notices(self) -> list[str]:
        """What is new to say; trouble that lasts is said once."""
        taken, self._notices = self._notices, []
        return taken

    def take_failures(self) -> int:
        """Failed attempts since the last call."""
        taken, self.failures = self.failures, 0
        return taken


MISSING_S = 5.0  # seconds until something that was never read is looked for again


class Refresh:
    """Reads references once at the start, then every so often beside the batches.

    A frozen Lambda environment pauses the reading; it goes on with the next batch. What was read
    is taken into use between two batches, so that one batch sees one state. What could never be
    read is looked for as at the start, before a batch: with nothing in hand, waiting for one
    request beats a batch without.
    """

    def __init__(
        self,
        references: Sequence[Reference[Any]],
        *,
        every_s: float,
        executor: Executor,
        clock: Clock,
    ) -> None:
        self._references = references
        self._every_s = every_s
        self._executor = executor
        self._clock = clock
        self._due_s = clock() + every_s
        self._missing_due_s = clock() + MISSING_S
        self._running: Future[list[Attempt[Any] | None]] | None = None

    def first(self) -> None:
        """Read everything now."""
        _adopt(self._references, _attempts(self._references))

    def step(self) -> bool:
        """Take into use what was read, start reading when it is time; whether a value changed."""
        changed = self._look_for_missing()
        if self._running is not None and self._running.done():
            changed |= _adopt(self._references, self._running.result())
            self._running = None
        if self._running is None and self._references and self._clock() >= self._due_s:
            self._due_s = self._clock() + self._every_s
            self._running = self._executor.submit(_attempts, self._references)
        return changed

    def _look_for_missing(self) -> bool:
        if self._running is not None or self._clock() < self._missing_due_s:
            return False
        self._missing_due_s = self._clock() + MISSING_S
        missing = [reference for reference in self._references if reference.value is None]
        return _adopt(missing, _attempts(missing))


def _adopt(references: Sequence[Reference[Any]], attempts: Sequence[Attempt[Any] | None]) -> bool:
    pairs = zip(references, attempts, strict=True)
    adopted = [reference.adopt(attempt) for reference, attempt in pairs]
    return any(adopted)


def _attempts(references: Sequence[Reference[Any]]) -> list[Attempt[Any] | None]:
    return [reference.attempt() for reference in references]
