"""`python -m local.bench.enrichment`: what each enricher costs an event, cold and warm.

Cold is an enricher that has met nothing yet, as after a cold start; warm is the same one on a
second batch of the same story, as every batch after the first. What enrichers ask is made up and
of a real one's size: 1,000 accounts, 50,000 located networks in a database that the real reader
reads, and a list of 200,000 indicators.
"""

import argparse
import time
from collections.abc import Callable
from io import BytesIO
from statistics import median
from typing import NamedTuple

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from lambdas.enrichment.databases import open_database
from local.bench.batches import MIXED, batches
from local.bench.mmdb import mmdb
from logcore.codec import unbase64
from logcore.enrichment import user_agent
from logcore.enrichment.enricher import Enrich
from logcore.enrichment.geo import Locate
from logcore.enrichment.indicator_lists import read_list
from logcore.enrichment.indicator_match import MatchIndicators
from logcore.enrichment.organisation import VERSION, NameAccounts, Organisation, TagKeys
from logcore.enrichment.related import complete_related
from logcore.normalise import Normaliser
from logcore.record import Document, Origin
from logcore.registry import SOURCES
from logcore.routing import Routing

ROUNDS = 7
EVENTS = 2_000  # a batch
ACCOUNTS = 1_000
NETWORKS = 50_000
INDICATORS = 200_000

type Make = Callable[[], Enrich]
"""Makes an enricher that has met nothing yet."""


class Cost(NamedTuple):
    """One enricher's.

    Attributes:
        name: As in the configuration.
        cold_us: CPU microseconds an event in the first batch, median of the rounds.
        warm_us: The same in the second batch.
        added: Share of the documents that got something.
    """

    name: str
    cold_us: float
    warm_us: float
    added: float


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m local.bench.enrichment")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="default: %(default)s")
    parser.add_argument("--events", type=int, default=EVENTS, help="default: %(default)s")
    given = parser.parse_args()
    costs = [cost(name, make, given.events, given.rounds) for name, make in makers().items()]
    Console().print(table(costs, given.rounds))


def cost(name: str, make: Make, events: int, rounds: int) -> Cost:
    """Measure one enricher on the mixed story."""
    pairs, added = [], 0
    for _ in range(rounds):
        enrich = make()
        first, _ = _timed(enrich, documents(events))
        second, added = _timed(enrich, documents(events))
        pairs.append((first * 1e6 / events, second * 1e6 / events))
    cold, warm = zip(*pairs, strict=True)
    return Cost(name, median(cold), median(warm), added / events)


def _timed(enrich: Enrich, given: list[tuple[Document, Origin]]) -> tuple[float, int]:
    started = time.process_time()
    added = sum(enrich(document, origin) for document, origin in given)
    return time.process_time() - started, added


def documents(events: int) -> list[tuple[Document, Origin]]:
    """The story's documents as enrichers get them, new for every call."""
    taken: list[tuple[Document, Origin]] = []
    normaliser = Normaliser(Routing(SOURCES), enrichers=(lambda *pair: taken.append(pair),))
    for batch in batches(events):
        for data in batch.data if batch.name == MIXED else ():
            normaliser.payload(unbase64(data))
    return taken[:events]


def makers() -> dict[str, Make]:
    """A maker for each enricher; what they ask is made once."""
    organisation = Organisation.read(_snapshot(), TagKeys(environment=("environment",)))
    database = open_database("", BytesIO(mmdb("GeoLite2-City", _places()))).value
    indicators = read_list("bench.txt", _indicators()).indicators

    def names() -> Enrich:
        made = NameAccounts()
        made.organisation = organisation
        return made

    def agents() -> Enrich:
        user_agent.described.cache_clear()
        return user_agent.enrich_user_agent

    def places() -> Enrich:
        made = Locate()
        made.use([database])
        return made

    def matches() -> Enrich:
        made = MatchIndicators()
        made.use([indicators])
        return made

    return {
        "organisation": names,
        "user_agent": agents,
        "geo": places,
        "related": lambda: complete_related,
        "indicators": matches,
    }


def _snapshot() -> dict[str, object]:
    accounts = {
        f"{number:012d}": {
            "name": f"account-{number}",
            "unit": {"id": f"ou-ex4m-{number:08d}", "path": "Root/Workloads/Production"},
            "tags": {"environment": "production"},
        }
        for number in (*range(ACCOUNTS), *(n * 111_111_111_111 for n in range(1, 5)))
    }
    taken = {"version": VERSION, "taken_at": "2026-03-01T12:00:00Z"}
    return taken | {"organisation": "o-exampleorgid", "accounts": accounts}


def _places() -> dict[str, object]:
    place = {
        "city": {"names": {"en": "Example"}},
        "country": {"iso_code": "DE", "names": {"en": "Germany"}},
        "location": {"latitude": 52.52, "longitude": 13.4},
    }
    made_up = (f"{20 + n // 65_536}.{n // 256 % 256}.{n % 256}.0/24" for n in range(NETWORKS))
    documented = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
    return dict.fromkeys((*made_up, *documented), place)


def _indicators() -> list[bytes]:
    return [b"198.18.%d.%d" % divmod(n % 65_536, 256) for n in range(INDICATORS // 2)] + [
        b"host-%d.example.net" % n for n in range(INDICATORS // 2)
    ]


def table(costs: list[Cost], rounds: int) -> Table:
    """One row an enricher."""
    drawn = Table(
        title=f"CPU of enrichment, mixed story, medians of {rounds} rounds",
        caption="cold: has met nothing yet; warm: a second batch of the same story",
        box=SIMPLE_HEAD,
    )
    drawn.add_column("enricher")
    for heading in ("cold µs / event", "warm µs / event", "added to"):
        drawn.add_column(heading, justify="right")
    for found in costs:
        drawn.add_row(
            found.name, f"{found.cold_us:.2f}", f"{found.warm_us:.2f}", f"{found.added:.0%}"
        )
    total = sum(found.cold_us for found in costs), sum(found.warm_us for found in costs)
    drawn.add_row("all", f"{total[0]:.2f}", f"{total[1]:.2f}", "")
    return drawn


if __name__ == "__main__":
    main()
