"""Holds what was put against what arrived: per account, region and dataset, and by identity."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any, NamedTuple

from opensearchpy import OpenSearch

from local.story.entry import REJECTED, Entry

LOGS = "logs-*,-logs-inbox"
PAGE = 1_000  # buckets of one answer
IDS = 5_000  # values of one terms query; OpenSearch takes 65,536


class Cell(NamedTuple):
    """What is counted together."""

    account: str
    region: str
    dataset: str


@dataclass(frozen=True, slots=True)
class Balance:
    """Both sides of the equation.

    Attributes:
        put: Entries per cell; malformed ones under ``pipeline.rejects``.
        arrived: Documents per cell.
        absent: Identities that producers gave and the index does not hold.
        dropped: Entries per cell that the deployment's rules keep out of the index.
    """

    put: Counter[Cell]
    arrived: Counter[Cell]
    absent: int = 0
    dropped: Counter[Cell] = field(default_factory=Counter)

    @property
    def due(self) -> Counter[Cell]:
        """Documents per cell that there must be: put = due + dropped."""
        return self.put - self.dropped

    @property
    def lost(self) -> int:
        """Entries that have no document, by whichever count finds more of them."""
        return max((self.due - self.arrived).total(), self.absent)

    @property
    def duplicated(self) -> int:
        """Documents beyond those that there must be."""
        return (self.arrived - self.due).total()

    @property
    def rejected(self) -> int:
        """Records that could not become documents and are kept as rejects."""
        return sum(n for cell, n in self.arrived.items() if cell.dataset == REJECTED)

    @property
    def malformed(self) -> int:
        """Lines that are malformed on purpose: what ``rejected`` must be."""
        return sum(n for cell, n in self.put.items() if cell.dataset == REJECTED)

    @property
    def even(self) -> bool:
        """Whether nothing is lost, nothing is there twice, and only malformed lines are rejects."""
        return not self.lost and not self.duplicated and self.rejected == self.malformed


def expected(entries: Iterable[Entry]) -> Counter[Cell]:
    """How many documents each cell must hold once everything has arrived."""
    return Counter(Cell(e.place.account, e.place.region, e.dataset) for e in entries)


def balance(
    entries: Sequence[Entry],
    search: OpenSearch,
    *,
    dropped: Sequence[Entry] = (),
    by_identity: bool = True,
) -> Balance:
    """Count the index's side now.

    Args:
        entries: What was put.
        search: The server.
        dropped: Those of them that rules keep out of the index.
        by_identity: Also look each producer's own identity up; slower.
    """
    out = {id(entry) for entry in dropped}
    due = [entry for entry in entries if id(entry) not in out]
    absent = _absent(due, search) if by_identity else 0
    return Balance(expected(entries), arrived(search), absent, expected(dropped))


def arrived(search: OpenSearch) -> Counter[Cell]:
    """Documents per cell; those without an account or region count under an empty name."""
    search.indices.refresh(index=LOGS, params={"ignore_unavailable": "true"})
    found: Counter[Cell] = Counter()
    for bucket in _buckets(search):
        key = bucket["key"]
        cell = Cell(key["account"] or "", key["region"] or "", key["dataset"] or "")
        found[cell] += bucket["doc_count"]
    return found


def _buckets(search: OpenSearch) -> Iterator[dict[str, Any]]:
    fields = {
        "account": "cloud.account.id",
        "region": "cloud.region",
        "dataset": "event.dataset",
    }
    sources = [{k: {"terms": {"field": f, "missing_bucket": True}}} for k, f in fields.items()]
    after: dict[str, Any] = {}
    while True:
        composite = {"sources": sources, "size": PAGE, **after}
        body = {"size": 0, "aggs": {"cells": {"composite": composite}}}
        answer = search.search(body=body, index=LOGS, params={"ignore_unavailable": "true"})
        if "aggregations" not in answer:  # no index yet
            return
        cells = answer["aggregations"]["cells"]
        yield from cells["buckets"]
        if "after_key" not in cells:
            return
        after = {"after": cells["after_key"]}


def _absent(entries: Sequence[Entry], search: OpenSearch) -> int:
    """How many of the identities that producers gave are not in the index exactly once."""
    missing = 0
    for batch in batched(sorted({e.native_id for e in entries if e.native_id}), IDS):
        body = {"query": {"terms": {"event.id": batch}}, "track_total_hits": True, "size": 0}
        answer = search.search(body=body, index=LOGS, params={"ignore_unavailable": "true"})
        missing += abs(len(batch) - answer["hits"]["total"]["value"])
    return missing
