"""The enrichers of one deployment, with what they look things up in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lambdas.enrichment.databases import Database
from lambdas.enrichment.reference import Reference, Refresh
from logcore.enrichment.enricher import Counted
from logcore.enrichment.geo import Locate
from logcore.enrichment.indicator_match import MatchIndicators
from logcore.enrichment.indicators import Indicators
from logcore.enrichment.organisation import NameAccounts, Organisation

MOST_SAID = 100  # lines of log about one snapshot


class References(NamedTuple):
    """Everything that is read from S3, by who asks it.

    Attributes:
        organisation: The snapshot; none or one.
        geo: Databases in the order in which they are asked.
        indicators: Lists.
    """

    organisation: Sequence[Reference[Organisation]] = ()
    geo: Sequence[Reference[Database]] = ()
    indicators: Sequence[Reference[Indicators]] = ()

    @property
    def all(self) -> list[Reference[Any]]:
        """Every reference, in the order in which they are read."""
        return [*self.organisation, *self.geo, *self.indicators]


class Facts(NamedTuple):
    """What enrichment did and knows, for the metrics of one batch.

    Attributes:
        by_enricher: ``(added, skipped)`` by enricher.
        accounts_unknown: Number of accounts of the batch that the snapshot has not.
        snapshot_age_s: Seconds since the snapshot was taken; ``None`` without.
        missing: Objects that are configured and could never be read.
        failures: Attempts to read that failed.
        notices: What is new to say, in sentences; what lasts is said once.
    """

    by_enricher: Mapping[str, tuple[int, int]]
    accounts_unknown: int
    snapshot_age_s: int | None
    missing: int
    failures: int
    notices: list[str]


class Enrichment:
    """Adds to documents, and keeps what it asks fresh.

    Attributes:
        enrichers: In the order in which they add; related values are complete before they are
            matched.
    """

    def __init__(
        self,
        enrichers: tuple[Counted, ...],
        *,
        accounts: NameAccounts,
        locate: Locate,
        match: MatchIndicators,
        references: References,
        refresh: Refresh,
        stale_after_s: int,
    ) -> None:
        self.enrichers = enrichers
        self._accounts = accounts
        self._locate = locate
        self._match = match
        self._references = references
        self._refresh = refresh
        self._stale_after_s = stale_after_s
        self._said: set[str] = set()

    def start(self) -> None:
        """Read everything, at cold start."""
        self._refresh.first()
        self._use()

    def refresh(self) -> None:
        """Before a batch: take into use what was read meanwhile, and start reading when due."""
        if self._refresh.step():
            self._use()

    def _use(self) -> None:
        for snapshot in _values(self._references.organisation):
            if snapshot is not self._accounts.organisation:
                self._accounts.organisation = snapshot
                self._said.clear()
        databases = _values(self._references.geo)
        self._locate.use(databases)
        self._match.use(_values(self._references.indicators))

    def take(self, now_ms: int) -> Facts:
        """What happened since the last call, at a time in milliseconds since the epoch."""
        references = self._references.all
        unknown = self._accounts.take_unknown()
        known = self._accounts.organisation
        age_s = max(0, now_ms - known.taken_ms) // 1000 if known else None
        return Facts(
            by_enricher={counted.name: counted.take() for counted in self.enrichers},
            accounts_unknown=len(unknown),
            snapshot_age_s=age_s,
            missing=sum(reference.value is None for reference in references),
            failures=sum(reference.take_failures() for reference in references),
            notices=[
                *(notice for reference in references for notice in reference.take_notices()),
                *(
                    notice
                    for base in _values(self._references.geo)
                    for notice in base.take_damage()
                ),
                *self._once(self._about(unknown, age_s)),
            ],
        )

    def _about(self, unknown: list[str], age_s: int | None) -> Iterator[str]:
        if age_s is not None and age_s > self._stale_after_s:
            yield f"the organisation's snapshot is older than {self._stale_after_s} s"
        yield from (f"account {name} is not in the organisation's snapshot" for name in unknown)

    def _once(self, notices: Iterable[str]) -> Iterator[str]:
        """What was not said since the snapshot was last exchanged; at most so many."""
        for notice in notices:
            if notice not in self._said and len(self._said) < MOST_SAID:
                self._said.add(notice)
                yield notice


def _values[T](references: Sequence[Reference[T]]) -> list[T]:
    return [reference.value for reference in references if reference.value is not None]
