"""The shapes at the ends of normalisation: the record that arrived, and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, NamedTuple

from logcore.codec import parse_json

type Document = dict[str, Any]
"""One nested, ECS-shaped JSON object, ready to index."""

type Transport = Literal["cloudwatch_logs", "eventbridge", "s3", "unknown"]
"""What carried the record: the wrapper that was peeled off before normalisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where records come from; shared by every record of one envelope or object.

    Attributes:
        transport: What carried the records.
        account: Twelve-digit account that produced the record, empty when unknown.
        region: Region that produced the record, empty when unknown.
        owner: Account that owns the log group; differs from ``account`` for centralised groups.
        log_group: CloudWatch Logs group, such as ``/aws/vpc/flow``; empty for events.
        log_stream: Stream within the group; empty for events.
        event_source: EventBridge ``source``, such as ``aws.guardduty``; empty for logs.
        detail_type: EventBridge ``detail-type``, such as ``GuardDuty Finding``; empty for logs.
        bucket: S3 bucket of the object; empty for everything else.
        key: Key of the object, such as ``AWSLogs/222222222222/elasticloadbalancing/…``.
        etag: The object's entity tag: the same key with another content has another one.
        header: Line of the object that names the columns of those after it, as it was written:
            ``version account-id …`` or ``#Fields: date time …``; empty where there is none.
    """

    transport: Transport
    account: str = ""
    region: str = ""
    owner: str = ""
    log_group: str = ""
    log_stream: str = ""
    event_source: str = ""
    detail_type: str = ""
    bucket: str = ""
    key: str = ""
    etag: str = ""
    header: str = ""

    @property
    def address(self) -> str:
        """``s3://bucket/key`` of the object, the name of the log group, or nothing."""
        return f"s3://{self.bucket}/{self.key}" if self.transport == "s3" else self.log_group


class LogRecord(NamedTuple):
    """One event exactly as its transport delivered it. A tuple, because millions are made.

    Attributes:
        id: The transport's own id of the event; its number in an object; empty when it has none.
        time_ms: Event time in milliseconds since the Unix epoch, UTC, as the transport says; for
            an object the time at which it was written.
        message: The text as the producer wrote it; for EventBridge the whole event as JSON.
        origin: Where it comes from.
        body: The payload where it has been decoded already: EventBridge's ``detail``, or the JSON
            object that the message is.
    """

    id: str
    time_ms: int
    message: str
    origin: Origin
    body: Any = None


class Accepted(NamedTuple):
    """A record that became a document.

    Attributes:
        record: What arrived.
        source: Name of the source that parsed it.
        dataset: Its ``event.dataset``, which chooses the sink.
        body: What goes to the index, with ``event.id``, ``event.dataset`` and ``@timestamp``: one
            JSON object as a single line of UTF-8.
        malformed: Names of the record's own fields that could not be understood.
        effects: What rules did to it, or would do if they were in force.
    """

    record: LogRecord
    source: str
    dataset: str
    body: bytes
    malformed: tuple[str, ...] = ()
    effects: "tuple[Effect, ...]" = ()

    @property
    def document(self) -> Document:
        """The body read: a new object each time."""
        found: Document = parse_json(self.body)
        return found


new_record: Callable[[tuple[str, int, str, Origin, Any]], LogRecord] = partial(
    tuple.__new__, LogRecord
)
new_accepted: Callable[[tuple[LogRecord, str, str, bytes, tuple[()], tuple[()]]], Accepted] = (
    partial(tuple.__new__, Accepted)
)
"""One of all its parts, in half the time of a call by name: for what is made for every event."""


class Rejected(NamedTuple):
    """A record that could not become a document: it is stored, counted and replayable.

    Attributes:
        record: What arrived.
        source: Name of the source that refused it; ``unknown`` when no source was reached.
        reason: Countable slug, such as ``not_json``.
        detail: A sentence that names the value and the expectation.
    """

    record: LogRecord
    source: str
    reason: str
    detail: str


class Effect(NamedTuple):
    """Something that a rule did to a document, or would have done.

    Attributes:
        kind: What; ``would_...`` of a rule that is only counted.
        rule: The rule's name.
    """

    kind: Literal["redacted", "would_redact", "would_drop"]
    rule: str


class Dropped(NamedTuple):
    """A record that a deployment's rule kept out of the index. The raw archive has it.

    Attributes:
        record: What arrived.
        source: Name of the source that parsed it.
        rule: Name of the rule, ``drop`` or ``sample``.
        malformed: Names of the record's own fields that could not be understood.
        effects: What rules that are only counted would have done.
    """

    record: LogRecord
    source: str
    rule: str
    malformed: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()


type Outcome = Accepted | Rejected | Dropped
"""Every record has exactly one: received = accepted + rejected + dropped."""
