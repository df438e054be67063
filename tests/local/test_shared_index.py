"""Datasets that share an index: written, told apart, found and moved on a real OpenSearch."""

import json
from pathlib import Path
from typing import Any

import pytest
from opensearchpy import OpenSearch

from dashboards.compile import COMPILED
from lambdas.search_setup import templates
from local.opensearch import OpenSearchServer
from local.panels.filters import Json, Scope
from local.panels.questions import question
from local.panels.saved_objects import Library, SavedObject
from local.panels.search_client import SearchClient
from local.panels.time_range import TimeRange
from logcore.registry import REJECTS, SOURCES
from logcore.source import SHARED_HOME, Source
from tests.local import search_index
from tests.local.search_index import emptied, set_up

TIME = "2026-11-20T10:00:00.000Z"
NOVEMBER = Scope(TimeRange(1_793_491_200_000, 1_796_083_199_999))
HOME = "logs-shared-2026.11"


@pytest.fixture
def client(server: OpenSearchServer, tmp_path: Path) -> OpenSearch:
    """A server that was set up, without a document."""
    return emptied(server.client(), tmp_path)


def document(dataset: str, event_id: str, **changes: Any) -> Json:
    event = {"id": event_id, "dataset": dataset, "kind": "event", "outcome": "failure"}
    return {"@timestamp": TIME, "event": event, "cloud": {"region": "eu-west-1"}, **changes}


def send(client: OpenSearch, *documents: Json) -> list[tuple[str, str]]:
    """Index and id under which each document was kept."""
    kept = search_index.send(client, (json.dumps(one).encode() for one in documents))
    assert [one for one in kept if "error" in one] == []
    return [(one["_index"], one["_id"]) for one in kept]


def count(client: OpenSearch, index: str) -> int:
    client.indices.refresh(index=index)
    found: int = client.count(index=index)["count"]
    return found


def move(client: OpenSearch, source: Json) -> int:
    """Send documents home once more, as the page on index periods says; gives how many."""
    moved = client.reindex(
        body={"source": source, "dest": {"index": "logs-inbox"}}, params={"refresh": "true"}
    )
    assert moved["failures"] == []
    total: int = moved["total"]
    return total


def found_by(server: OpenSearchServer, library: Library, panel: SavedObject) -> list[int]:
    """How many documents each search of a panel looks at."""
    answers = SearchClient(server.url).answers(question(library, panel, NOVEMBER).searches)
    hits = [answer["hits"]["total"] for answer in answers if isinstance(answer, dict)]
    assert len(hits) == len(answers), answers
    return [total["value"] for total in hits]


def test_documents_of_datasets_that_share_go_to_one_index_a_month(client: OpenSearch) -> None:
    kept = send(
        client,
        document("aws.guardduty", "a"),
        document("aws.vpcflow", "b"),
        document(REJECTS, "c"),
        document("generic", "d"),
    )

    assert [index for index, _id in kept] == [HOME] * 3 + ["logs-generic-2026.11.20"]


def test_the_same_event_sent_twice_is_one_document(client: OpenSearch) -> None:
    send(client, *[document("aws.guardduty", "twice")] * 2)
    send(client, document("aws.guardduty", "twice"))

    assert count(client, HOME) == 1


def test_a_reject_and_the_event_made_of_it_later_are_two_documents(client: OpenSearch) -> None:
    kept = send(client, document(REJECTS, "same"), document("aws.guardduty", "same"))

    assert kept == [(HOME, f"{REJECTS}:same"), (HOME, "aws.guardduty:same")]


def test_the_shared_index_maps_what_each_dataset_declares(client: OpenSearch) -> None:
    send(client, document("aws.guardduty", "a"))
    made = client.indices.get(index=HOME)[HOME]

    own = templates.own_mappings()[SHARED_HOME]
    assert own.keys() <= made["mappings"]["properties"].keys()
    assert made["settings"]["index"]["mapping"]["total_fields"]["limit"] == str(
        templates.MOST_SHARED_FIELDS
    )


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_dashboard_finds_its_dataset_in_both_homes_and_no_other(
    server: OpenSearchServer, client: OpenSearch, tmp_path: Path, source: Source
) -> None:
    others = [s.dataset for s in SOURCES if s.dataset != source.dataset]
    send(client, *(document(name, f"{name}-{n}") for name in others for n in "ab"))
    set_up(client, tmp_path, **{source.dataset: "shared"})
    send(client, document(source.dataset, "in-the-shared-index"))
    set_up(client, tmp_path, **{source.dataset: "day"})
    send(client, document(source.dataset, "in-its-own"))
    library = Library.read(COMPILED)
    panels = [
        saved
        for (kind, id_), saved in library.objects.items()
        if kind in {"search", "visualization"} and id_.startswith(f"{source.name}-")
    ]

    everything = [hits for panel in panels for hits in found_by(server, library, panel)]
    assert max(everything) == 2  # the others are narrowed by filters of their own


def test_a_changed_period_makes_a_second_document_until_the_old_one_is_moved(
    client: OpenSearch, tmp_path: Path
) -> None:
    send(client, document("generic", "before"))
    set_up(client, tmp_path, generic="shared")
    send(client, document("generic", "before"))
    assert count(client, "logs-generic-*,logs-shared-*") == 2

    assert move(client, {"index": "logs-generic-*"}) == 1
    client.indices.delete(index="logs-generic-*")

    assert count(client, "logs-generic-*,logs-shared-*") == 1


def test_one_dataset_moves_out_of_the_shared_index_and_leaves_the_others(
    client: OpenSearch, tmp_path: Path
) -> None:
    send(client, document("aws.guardduty", "goes"), document(REJECTS, "stays"))
    set_up(client, tmp_path, **{"aws.guardduty": "month"})
    ours = {"term": {"event.dataset": "aws.guardduty"}}

    assert move(client, {"index": "logs-shared-*", "query": ours}) == 1
    client.delete_by_query(index="logs-shared-*", body={"query": ours})

    assert client.exists(index="logs-aws.guardduty-2026.11", id="goes")
    assert count(client, "logs-shared-*") == 1


def test_days_are_told_from_months_when_one_becomes_the_other(
    client: OpenSearch, tmp_path: Path
) -> None:
    send(client, document("generic", "before"))
    set_up(client, tmp_path, generic="month")

    assert move(client, {"index": "logs-generic-*.*.*"}) == 1
    client.indices.delete(index="logs-generic-*.*.*")

    assert list(client.indices.get(index="logs-generic-*")) == ["logs-generic-2026.11"]
