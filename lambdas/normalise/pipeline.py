"""One batch of the stream from end to end: open, normalise, deliver, keep what was refused."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lambdas.normalise.rejects import Reject, RejectStore
from lambdas.normalise.sinks.sink import Parcel, Refusal, Sink
from logcore.codec import dump_json
from logcore.normalise import Normaliser
from logcore.record import Accepted, Dropped, Effect, Outcome, Rejected
from logcore.registry import REJECTS
from logcore.rejects import reject_document

DEFAULT = "*"  # the dataset that stands for all that are not named


class Payload(NamedTuple):
    """One Kinesis record.

    Attributes:
        sequence: Its sequence number; what a retry names.
        data: Its bytes, base64 removed.
        arrived_ms: When it reached the stream, in milliseconds since the epoch.
    """

    sequence: str
    data: bytes
    arrived_ms: int


@dataclass(slots=True)
class Report:
    """What became of one batch. The equations of ``lambdas.observability`` hold for it.

    Attributes:
        accepted: Events that became documents, by source.
        rejected: Events that did not, by source and reason.
        dropped: Events that a rule kept out, by source and rule.
        malformed: Fields that could not be understood, by source and field.
        effects: What else rules did, or would do if they were in force.
        delivered: Documents taken by a sink; those that stand for rejects are not counted.
        refused: Documents that a sink will never take.
        undelivered: Documents to be sent again.
        oldest_ms: Time of the oldest event, in milliseconds since the epoch; 0 without events.
        retry: Sequence numbers of the Kinesis records that must be seen again.
    """

    accepted: Counter[str] = field(default_factory=Counter)
    rejected: Counter[tuple[str, str]] = field(default_factory=Counter)
    dropped: Counter[tuple[str, str]] = field(default_factory=Counter)
    malformed: Counter[tuple[str, str]] = field(default_factory=Counter)
    effects: Counter[Effect] = field(default_factory=Counter)
    delivered: int = 0
    refused: int = 0
    undelivered: int = 0
    oldest_ms: int = 0
    retry: set[str] = field(default_factory=set)

    @property
    def received(self) -> int:
        """Events found in the payloads."""
        return self.accepted.total() + self.rejected.total() + self.dropped.total()


class Pipeline:
    """Carries batches to their sinks.

    Attributes:
        normaliser: The pure core.
        sinks: Sink per dataset; ``*`` is the default and must be there.
        store: Where rejects are kept.
    """

    def __init__(
        self, normaliser: Normaliser, sinks: Mapping[str, Sink], store: RejectStore
    ) -> None:
        self.normaliser = normaliser
        self.sinks = sinks
        self.store = store

    def process(self, payloads: Sequence[Payload]) -> Report:
        """Give every event of the batch its outcome; ``retry`` names the payloads to see again.

        Rejects are kept in S3 before anything else is tried, then shown in the index as well. What
        a sink refuses for good takes the same way.

        Raises:
            ClientError: S3 did not keep a reject, or a sink may not be used; the batch is retried.
            TransportError: OpenSearch refused a whole request.
        """
        report = Report()
        parcels: dict[str, list[Parcel]] = defaultdict(list)
        rejects: list[Reject] = []
        for payload in payloads:
            self._normalise(payload, parcels, rejects, report)

        self.store.keep(rejects, "rejected")
        refusals = self._deliver(parcels, report)
        report.refused = len(refusals)
        arrived_ms = {payload.sequence: payload.arrived_ms for payload in payloads}
        late = [_as_reject(refusal, arrived_ms) for refusal in refusals]
        self.store.keep(late, "refused")
        self._show([*rejects, *late], report)
        return report

    def _normalise(
        self,
        payload: Payload,
        parcels: dict[str, list[Parcel]],
        rejects: list[Reject],
        report: Report,
    ) -> None:
        for outcome in self.normaliser.payload(payload.data):
            record = outcome.record
            if record.time_ms and (not report.oldest_ms or record.time_ms < report.oldest_ms):
                report.oldest_ms = record.time_ms
            _count(outcome, report)
            if isinstance(outcome, Accepted):
                parcel = Parcel(outcome.body, payload.sequence, record, outcome.source)
                parcels[outcome.dataset].append(parcel)
            elif isinstance(outcome, Rejected):
                rejects.append(Reject(outcome, payload.sequence, payload.arrived_ms))

    def _deliver(self, parcels: Mapping[str, list[Parcel]], report: Report) -> list[Refusal]:
        """Send each dataset's documents by its sink; one call per sink, so that batches fill."""
        refusals: list[Refusal] = []
        for sink, batch in _by_sink(self.sinks, parcels):
            left = sink.put(batch)
            report.delivered += len(batch) - len(left.refused) - len(left.undelivered)
            report.undelivered += len(left.undelivered)
            report.retry.update(parcel.sequence for parcel in left.undelivered)
            refusals += left.refused
        return refusals

    def _show(self, rejects: Iterable[Reject], report: Report) -> None:
        """Index a document per reject, to be seen; what counts is the line kept in S3."""
        parcels = [self._shown(reject) for reject in rejects]
        if parcels:
            sink = self.sinks.get(REJECTS, self.sinks[DEFAULT])
            left = sink.put(parcels)
            report.retry.update(parcel.sequence for parcel in left.undelivered)

    def _shown(self, reject: Reject) -> Parcel:
        rejected = reject.rejected
        document = reject_document(rejected, reject.arrived_ms)
        body = dump_json(self.normaliser.rules.on_reject(document, rejected.source))
        return Parcel(body, reject.sequence, rejected.record, rejected.source)


def _count(outcome: Outcome, report: Report) -> None:
    match outcome:
        case Rejected():
            report.rejected[outcome.source, outcome.reason] += 1
        case Dropped():
            report.dropped[outcome.source, outcome.rule] += 1
            report.effects.update(outcome.effects)
        case Accepted():
            report.accepted[outcome.source] += 1
            report.malformed.update((outcome.source, name) for name in outcome.malformed)
            report.effects.update(outcome.effects)


def _by_sink(
    sinks: Mapping[str, Sink], parcels: Mapping[str, list[Parcel]]
) -> Iterable[tuple[Sink, list[Parcel]]]:
    shared: dict[int, tuple[Sink, list[Parcel]]] = {}
    for dataset, batch in parcels.items():
        sink = sinks.get(dataset, sinks[DEFAULT])
        shared.setdefault(id(sink), (sink, []))[1].extend(batch)
    return shared.values()


def _as_reject(refusal: Refusal, arrived_ms: Mapping[str, int]) -> Reject:
    parcel = refusal.parcel
    rejected = Rejected(parcel.record, parcel.source, refusal.reason, refusal.detail)
    return Reject(rejected, parcel.sequence, arrived_ms[parcel.sequence])
