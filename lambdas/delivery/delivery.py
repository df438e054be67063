"""One batch of outcomes to its ends: deliver the documents, keep and show what was refused."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lambdas.delivery.rejects import Reject, RejectStore
from lambdas.delivery.sinks.sink import Parcel, Refusal, Sink
from logcore.codec import dump_json
from logcore.normalise import NO_RULES
from logcore.record import Accepted, Dropped, Effect, Outcome, Rejected
from logcore.registry import REJECTS
from logcore.rejects import reject_document
from logcore.rules import Rules

DEFAULT = "*"  # the dataset that stands for all that are not named


class Carrier(NamedTuple):
    """What outcomes came by: a Kinesis record, or a part of an object.

    Attributes:
        sequence: Sequence number, or what else names it; what a retry names.
        arrived_ms: When it arrived, in milliseconds since the epoch.
    """

    sequence: str
    arrived_ms: int


type Load = tuple[Carrier, Iterable[Outcome]]
"""What was carried, and by what."""


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
        retry: Names of the carriers that must be seen again.
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
        """Events that were found."""
        return self.accepted.total() + self.rejected.total() + self.dropped.total()

    def count(self, outcome: Outcome) -> None:
        """Count one outcome."""
        time_ms = outcome.record.time_ms
        if time_ms and (not self.oldest_ms or time_ms < self.oldest_ms):
            self.oldest_ms = time_ms
        if isinstance(outcome, Rejected):
            self.rejected[outcome.source, outcome.reason] += 1
            return
        if isinstance(outcome, Dropped):
            self.dropped[outcome.source, outcome.rule] += 1
        else:
            self.accepted[outcome.source] += 1
        self.malformed.update((outcome.source, name) for name in outcome.malformed)
        self.effects.update(outcome.effects)

    def add(self, other: "Report") -> None:
        """Make this the report of both batches."""
        self.accepted += other.accepted
        self.rejected += other.rejected
        self.dropped += other.dropped
        self.malformed += other.malformed
        self.effects += other.effects
        self.delivered += other.delivered
        self.refused += other.refused
        self.undelivered += other.undelivered
        self.oldest_ms = min(filter(None, (self.oldest_ms, other.oldest_ms)), default=0)
        self.retry |= other.retry


class Delivery:
    """Carries batches to their sinks.

    Attributes:
        sinks: Sink per dataset; ``*`` is the default and must be there.
        store: Where rejects are kept.
        rules: The deployment's own, which say what a reject may show.
    """

    def __init__(
        self, sinks: Mapping[str, Sink], store: RejectStore, rules: Rules = NO_RULES
    ) -> None:
        self.sinks = sinks
        self.store = store
        self.rules = rules

    def deliver(self, loads: Iterable[Load]) -> Report:
        """Bring every outcome of the batch to its end; ``retry`` names the carriers to see again.

        Rejects are kept in S3 before anything else is tried, then shown in the index as well. What
        a sink refuses for good takes the same way.

        Raises:
            ClientError: S3 did not keep a reject, or a sink may not be used; the batch is retried.
            TransportError: OpenSearch refused a whole request.
        """
        report = Report()
        parcels: dict[str, list[Parcel]] = defaultdict(list)
        rejects: list[Reject] = []
        arrived_ms: dict[str, int] = {}
        for carrier, outcomes in loads:
            arrived_ms[carrier.sequence] = carrier.arrived_ms
            _sort(carrier, outcomes, parcels, rejects, report)

        self.store.keep(rejects, "rejected")
        refusals = self._deliver(parcels, report)
        report.refused = len(refusals)
        late = [_as_reject(refusal, arrived_ms) for refusal in refusals]
        self.store.keep(late, "refused")
        self._show([*rejects, *late], report)
        return report

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
        body = dump_json(self.rules.on_reject(document, rejected.source))
        return Parcel(body, reject.sequence, rejected.record, rejected.source)


def _sort(
    carrier: Carrier,
    outcomes: Iterable[Outcome],
    parcels: dict[str, list[Parcel]],
    rejects: list[Reject],
    report: Report,
) -> None:
    """Count the outcomes and put each where it belongs: documents by dataset, or rejects."""
    for outcome in outcomes:
        report.count(outcome)
        if isinstance(outcome, Accepted):
            parcel = Parcel(outcome.body, carrier.sequence, outcome.record, outcome.source)
            parcels[outcome.dataset].append(parcel)
        elif isinstance(outcome, Rejected):
            rejects.append(Reject(outcome, carrier.sequence, carrier.arrived_ms))


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
