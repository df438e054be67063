"""The benchmark of enrichment measures every enricher there is, on documents of the story."""

from io import StringIO

import pytest
from rich.console import Console

from infra.config.enrichment import Enrichment
from infra.enrichment import enrichers
from local.bench.enrichment import Cost, cost, documents, makers, table

EVENTS = 200
MAKERS = makers()


def test_every_enricher_that_a_deployment_may_choose_is_measured() -> None:
    everything = Enrichment.model_validate({"geo": {"keys": ["a"]}, "indicators": {"keys": ["b"]}})

    assert tuple(MAKERS) == enrichers(everything)


def test_documents_are_new_for_every_round() -> None:
    once, again = documents(EVENTS), documents(EVENTS)

    assert len(once) == EVENTS
    assert not {id(document) for document, _ in once} & {id(document) for document, _ in again}


@pytest.mark.parametrize("name", ["organisation", "user_agent", "geo", "related"])
def test_the_story_gives_each_enricher_something_to_add(name: str) -> None:
    found = cost(name, MAKERS[name], EVENTS, rounds=1)

    assert 0 < found.added <= 1


def test_the_table_adds_up() -> None:
    printed = StringIO()
    costs = [Cost("geo", 3.0, 1.0, 0.5), Cost("related", 2.0, 2.0, 1.0)]

    Console(file=printed, width=100).print(table(costs, 7))

    assert "5.00" in printed.getvalue()
    assert "3.00" in printed.getvalue()
