"""`python -m local.bench.rules`: what rules cost, in microseconds of CPU an event."""

import argparse
import time
from collections.abc import Mapping
from statistics import median
from typing import Any, Final, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from local.bench.batches import Batch, batches
from logcore.codec import dump_json, unbase64
from logcore.normalise import NO_RULES, Normaliser
from logcore.record import Accepted
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.rules import Rules

ROUNDS: Final = 11  # an odd number has a middle
EVENTS: Final = 2_000
KEY: Final = b"an example key of the benchmark"
INTERNAL: Final[Mapping[str, Any]] = {
    "event.outcome": ["success"],
    "source.ip": [{"cidr": "10.0.0.0/8"}],
    "destination.ip": [{"cidr": "10.0.0.0/8"}],
}

KINDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "drop, on two networks": {"action": "drop", "when": INTERNAL},
    "drop, never holds": {"action": "drop", "when": {"user.name": ["nobody"]}},
    "sample a tenth": {"action": "sample", "when": "always", "rate": 0.1},
    "redact, field is absent": {"action": "redact", "mode": "mask", "fields": ["user.email"]},
    "redact addresses, hashed": {"action": "redact", "mode": "hash", "fields": ["source.address"]},
    "redact emails, cards, keys": {
        "action": "redact",
        "mode": "mask",
        "patterns": ["email", "card_number", "aws_secret_key", "bearer_token"],
    },
}
"""One rule each, for every dataset, under the name of its row."""


class Cost(NamedTuple):
    """What one rule adds to one batch.

    Attributes:
        rule: Row of the table.
        batch: Column of the table.
        added_us: Median of what it adds, microseconds of CPU an event; less than nothing where
            fewer documents are written.
        held: Events of a hundred that it dropped or redacted.
    """

    rule: str
    batch: str
    added_us: float
    held: float


def measure(measured: list[Batch], rounds: int) -> list[Cost]:
    """Each rule on each batch, in turn with no rule, from bytes to bytes."""
    plain = _normaliser(NO_RULES)
    return [
        _cost(name, batch, plain, _normaliser(_rules(rule)), rounds)
        for name, rule in KINDS.items()
        for batch in measured
    ]


def _rules(rule: Mapping[str, Any]) -> Rules:
    return Rules({"*": [{"name": "measured", **rule}]}, key=KEY)


def _normaliser(rules: Rules) -> Normaliser:
    return Normaliser(Routing(SOURCES), rules=rules)


def _cost(name: str, batch: Batch, plain: Normaliser, ruled: Normaliser, rounds: int) -> Cost:
    added = []
    for _ in range(rounds + 1):
        before, after = _seconds(plain, batch), _seconds(ruled, batch)
        added.append((after - before) * 1e6 / batch.events)
    return Cost(name, batch.name, median(added[1:]), 100 * _held(ruled, batch) / batch.events)


def _seconds(normaliser: Normaliser, batch: Batch) -> float:
    started = time.process_time()
    for record in batch.data:
        for outcome in normaliser.payload(unbase64(record)):
            if isinstance(outcome, Accepted):
                dump_json(outcome.document)
    return time.process_time() - started


def _held(normaliser: Normaliser, batch: Batch) -> int:
    outcomes = [o for record in batch.data for o in normaliser.payload(unbase64(record))]
    return sum(not isinstance(o, Accepted) or bool(o.effects) for o in outcomes)


def table(costs: list[Cost], rounds: int) -> Table:
    """A row a rule, a column a batch."""
    drawn = Table(
        title=f"µs of CPU that one rule adds to an event, medians of {rounds} rounds",
        caption="in brackets: events of a hundred that it drops or redacts",
        box=SIMPLE_HEAD,
    )
    drawn.add_column("rule")
    for batch in dict.fromkeys(cost.batch for cost in costs):
        drawn.add_column(batch, justify="right")
    for rule in KINDS:
        cells = [f"{c.added_us:+.2f} ({c.held:.0f})" for c in costs if c.rule == rule]
        drawn.add_row(rule, *cells)
    return drawn


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m local.bench.rules", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="default: %(default)s")
    parser.add_argument("--events", type=int, default=EVENTS, help="default: %(default)s")
    given = parser.parse_args()
    console = Console()
    console.print(table(measure(batches(given.events), given.rounds), given.rounds))


if __name__ == "__main__":
    main()
