"""One batch of outcomes to its ends: deliver the documents, keep and show what was refused."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lambdas.delivery.rejects import Reject, RejectStore
from lambdas.delivery.sinks.sink import Parcel, Refusal, Sink
from logcore.codec import dump_json
from logcore.record import Accepted, Outcome, Rejected
from logcore.registry import REJECTS
from logcore.rejects import reject_document

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
        delivered: Documents taken by a sink; those that stand for rejects are not counted.
        refused: Documents that a sink will never take.
        undelivered: Documents to be sent again.
        oldest_ms: Time of the oldest event, in milliseconds since the epoch; 0 without events.
        retry: Names of the carriers that must be seen again.
    """

    accepted: Counter[str] = field(default_factory=Counter)
    rejected: Counter[tuple[str, str]] = field(default_factory=Counter)
    delivered: int = 0
    refused: int = 0
    undelivered: int = 0
    oldest_ms: int = 0
    retry: set[str] = field(default_factory=set)

    @property
    def received(self) -> int:
        """Events that were found."""
        return self.accepted.total() + self.rejected.total()

    def add(self, other: "Report") -> None:
        """Make this the report of both batches."""
        self.accepted += other.accepted
        self.rejected += other.rejected
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
    """

    def __init__(self, sinks: Mapping[str, Sink], store: RejectStore) -> None:
        self.sinks = sinks
        self.store = store

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
        parcels = [_shown(reject) for reject in rejects]
        if parcels:
            sink = self.sinks.get(REJECTS, self.sinks[DEFAULT])
            left = sink.put(parcels)
            report.retry.update(parcel.sequence for parcel in left.undelivered)


def _sort(
    carrier: Carrier,
    outcomes: Iterable[Outcome],
    parcels: dict[str, list[Parcel]],
    rejects: list[Reject],
    report: Report,
) -> None:
    """Count the outcomes and put each where it belongs: documents by dataset, or rejects."""
    for outcome in outcomes:
        record = outcome.record
        if record.time_ms and (not report.oldest_ms or record.time_ms < report.oldest_ms):
            report.oldest_ms = record.time_ms
        if isinstance(outcome, Accepted):
            report.accepted[outcome.source] += 1
            dataset = outcome.document["event"]["dataset"]
            body = dump_json(outcome.document)
            parcels[dataset].append(Parcel(body, carrier.sequence, record, outcome.source))
        else:
            report.rejected[outcome.source, outcome.reason] += 1
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


def _shown(reject: Reject) -> Parcel:
    rejected = reject.rejected
    body = dump_json(reject_document(rejected, reject.arrived_ms))
    return Parcel(body, reject.sequence, rejected.record, rejected.source)
