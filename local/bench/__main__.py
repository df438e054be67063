"""`python -m local.bench`: what `make bench` runs."""

import argparse

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from local.bench import ways
from local.bench.batches import CLOUDTRAIL, FLOWS, batches
from local.bench.measure import Pair, Result, measure

ROUNDS = 11  # an odd number has a middle
EVENTS = 2_000  # a batch; more than fits in a CPU's nearest caches, as in production


def main() -> None:
    """Build, verify, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m local.bench", description=__doc__)
    parser.add_argument("--rounds", type=_positive, default=ROUNDS, help="default: %(default)s")
    parser.add_argument("--events", type=_positive, default=EVENTS, help="default: %(default)s")
    given = parser.parse_args()
    console = Console()
    of = {batch.name: batch for batch in batches(given.events)}
    same = sum(ways.verify(batch.data) for batch in of.values())
    console.print(f"{same:,} documents are the same on the measured and on the plain way")
    same = ways.verify_by_hand(of[CLOUDTRAIL].data)
    console.print(f"{same:,} documents of {CLOUDTRAIL} are the same by table and by hand")
    pairs = [
        *(Pair(name, batch, ways.measured, ways.floor) for name, batch in of.items()),
        Pair(f"{FLOWS}, columns read", of[FLOWS], ways.measured, ways.floor_of_columns),
        Pair(f"{CLOUDTRAIL}, by hand", of[CLOUDTRAIL], ways.compiled, ways.hand_written),
    ]
    console.print(table(measure(pairs, given.rounds), given.rounds))


CAPTION = """\
floor: base64, gunzip, parse envelope and message, write the untouched message
columns read: the floor splits the line, makes numbers and writes the fields
by hand: the compiled table to the same document written by hand, from base64 to JSON"""


def table(results: list[Result], rounds: int) -> Table:
    """One row a pair."""
    drawn = Table(
        title=f"CPU of normalisation, medians of {rounds} interleaved rounds",
        caption=CAPTION,
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
            f"{result.base_us:.2f}",
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
