"""`python -m local.bench`: what `make bench` runs."""

import argparse

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from local.bench import ways
from local.bench.batches import batches
from local.bench.measure import Result, measure

ROUNDS = 11  # an odd number has a middle
EVENTS = 2_000  # a batch; more than fits in a CPU's nearest caches, as in production


def main() -> None:
    """Build, verify, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m local.bench", description=__doc__)
    parser.add_argument("--rounds", type=_positive, default=ROUNDS, help="default: %(default)s")
    parser.add_argument("--events", type=_positive, default=EVENTS, help="default: %(default)s")
    given = parser.parse_args()
    console = Console()
    measured = batches(given.events)
    same = sum(ways.verify(batch.data) for batch in measured)
    console.print(f"{same:,} documents are the same on the measured and on the plain way")
    console.print(table(measure(measured, given.rounds), given.rounds))


def table(results: list[Result], rounds: int) -> Table:
    """One row a batch."""
    drawn = Table(
        title=f"CPU of normalisation, medians of {rounds} interleaved rounds",
        caption="floor: base64, gunzip, parse envelope and message, write the untouched message",
        box=SIMPLE_HEAD,
    )
    drawn.add_column("batch")
    for heading in ("events / CPU s", "µs / event", "floor µs", "to the floor"):
        drawn.add_column(heading, justify="right")
    for result in results:
        drawn.add_row(
            result.name,
            f"{result.events_per_cpu_second:,.0f}",
            f"{result.cpu_us:.2f}",
            f"{result.floor_us:.2f}",
            f"{result.ratio:.2f} : 1",
        )
    return drawn


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not number:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return number


if __name__ == "__main__":
    main()
