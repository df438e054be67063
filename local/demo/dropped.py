"""Which entries the deployment's own rules keep out of the index, told by the core itself."""

from collections.abc import Sequence

from infra.config import DeploymentConfig
from local.story.entry import Entry
from local.story.record import record_of
from logcore.normalise import Normaliser
from logcore.record import Dropped
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.rules import Rules

ANY_KEY = b"what hashes look like is not asked here"


def dropped(entries: Sequence[Entry], config: DeploymentConfig) -> list[Entry]:
    """The entries that rules drop; none where there are no rules.

    A sample of lines whose identity is their transport's cannot be told before they are put.
    """
    if not config.rules:
        return []
    routing = Routing(SOURCES, overrides=config.routing, options=config.sources)
    normalise = Normaliser(routing, rules=Rules(config.rules, key=ANY_KEY))
    outcomes = (normalise(record_of(entry, number)) for number, entry in enumerate(entries))
    pairs = zip(entries, outcomes, strict=True)
    return [entry for entry, outcome in pairs if isinstance(outcome, Dropped)]
