"""Every panel of every dashboard shows data: the cases of the sources are enough to fill them."""

from collections.abc import Iterator
from typing import Any

import pytest

from dashboards.compile import COMPILED
from local.opensearch import OpenSearchServer
from local.panels.filters import Scope
from local.panels.questions import question
from local.panels.saved_objects import Library, SavedObject
from local.panels.search_client import SearchClient
from local.panels.time_range import TimeRange
from logcore.codec import dump_json
from logcore.enrichment.enricher import Counted
from logcore.enrichment.organisation import NameAccounts, Organisation, TagKeys
from logcore.normalise import Normaliser
from logcore.record import Accepted, Document, Outcome, Rejected
from logcore.registry import SOURCES
from logcore.rejects import reject_document
from logcore.routing import Routing
from logcore.shape import milliseconds, utc
from tests.local.search_index import emptied, send
from tests.sources.case_files import CASES, TIME_MS, named, payload

LIBRARY = Library.read(COMPILED)
PANELS = [
    saved
    for (kind, _), saved in sorted(LIBRARY.objects.items())
    if kind in {"search", "visualization"}
]


@pytest.fixture(scope="module")
def day(server: OpenSearchServer, tmp_path_factory: pytest.TempPathFactory) -> Scope:
    """The span of the cases' documents, all of which are in their indices."""
    client = emptied(server.client(), tmp_path_factory.mktemp("objects"))
    documents = list(_documents())
    refused = [one for one in send(client, map(dump_json, documents)) if "error" in one]
    assert refused == []
    times = [found for one in documents if (found := milliseconds(one["@timestamp"]))]
    return Scope(TimeRange(min(times), max(times)))


@pytest.mark.parametrize("panel", PANELS, ids=lambda saved: saved.id)
def test_the_panel_shows_data(server: OpenSearchServer, day: Scope, panel: SavedObject) -> None:
    asked = question(LIBRARY, panel, day)
    answers = SearchClient(server.url).answers(asked.searches)
    drawn = asked.draw([answer for answer in answers if isinstance(answer, dict)])

    assert len(answers) == len(asked.searches)
    assert _shows(drawn), drawn


def _shows(drawn: dict[str, Any]) -> bool:
    """Whether there is more to see than a frame, and a number that is not zero."""
    if drawn["kind"] == "tiles":
        return any(tile["value"] for tile in drawn["tiles"])
    return drawn["kind"] not in {"empty", "error"}


def _named_accounts() -> NameAccounts:
    accounts = NameAccounts()
    unit = {"id": "ou-ex4m-ple00001", "path": "Root/Shop"}
    shop = {"name": "shop", "unit": unit, "tags": {"environment": "production", "owner": "shop"}}
    snapshot = {
        "version": 1,
        "taken_at": utc(TIME_MS),
        "organisation": "o-exampleorgid",
        "accounts": {"222222222222": shop},
    }
    keys = TagKeys(environment=["environment"], owner=["owner"])
    accounts.organisation = Organisation.read(snapshot, keys)
    return accounts


def _documents() -> Iterator[Document]:
    """The documents of all cases; those of two files have lines of one stream, and so one id."""
    normalise = Normaliser(
        Routing(SOURCES), enrichers=(Counted("organisation", _named_accounts()),)
    )
    for case in CASES:
        for document in map(_document, normalise.payload(payload(case))):
            document["event"]["id"] = f"{named(case)}:{document['event']['id']}"
            yield document


def _document(outcome: Outcome) -> Document:
    if isinstance(outcome, Accepted):
        return outcome.document
    assert isinstance(outcome, Rejected)  # no rule drops anything here
    return reject_document(outcome, TIME_MS)
