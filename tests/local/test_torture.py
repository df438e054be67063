"""Whatever the core makes of hostile input, the real index takes: no document is refused."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from opensearchpy import OpenSearch

from lambdas.search_setup.templates import MOST_FIELDS, MOST_SHARED_FIELDS
from local.opensearch import OpenSearchServer
from logcore.codec import dump_json
from logcore.record import Accepted, Outcome, Rejected
from logcore.registry import SOURCES
from logcore.rejects import reject_document
from logcore.source import SHARED_HOME, Source
from tests.local.search_index import emptied, send
from tests.sources.case_files import NORMALISE, TIME_MS, envelope, log_group
from tests.sources.mutations import TORTURE, changed, deep, events, paths, samples

MOST_PLACES = 5  # of a sample, spread over it, that hostile values are put into
HOSTILE: dict[str, Any] = TORTURE | {"deep nesting": deep(200)}
SPELLINGS = {
    "a number that is none": "NaN",
    "an infinity": "-Infinity",
    "a number no float holds": "1e999",
    "an integer of thirty digits": "1" * 30,
    "half a surrogate pair": r'"\ud800"',
    "an escaped null": r'"\u0000"',
    "a key twice in an object": '{"a":1,"a":2}',
}
"""JSON texts that no JSON library writes and loggers do."""


@pytest.fixture(scope="module")
def client(server: OpenSearchServer, tmp_path_factory: pytest.TempPathFactory) -> OpenSearch:
    return emptied(server.client(), tmp_path_factory.mktemp("objects"), **{"aws.cloudtrail": "day"})


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_index_takes_whatever_becomes_of_hostile_values(
    client: OpenSearch, source: Source
) -> None:
    messages = [*_hostile_objects(source), *_hostile_lines(source)]
    made = [document for message in messages for document in _documents(source, message)]
    made += [document for event in _hostile_events(source) for document in _opened(event)]

    kept = send(client, made)

    assert [one["error"] for one in kept if "error" in one] == []
    assert len(kept) == len(made) >= len(messages)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_index_takes_whatever_becomes_of_odd_spellings(
    client: OpenSearch, source: Source
) -> None:
    texts = [
        json.dumps(sample)[:-1] + f', "{name}": {spelling}}}'
        for sample in _spread(source)
        for name, spelling in SPELLINGS.items()
    ]
    twice = [json.dumps(s)[:-1] + "," + json.dumps(s)[1:] for s in _spread(source)]
    made = [document for text in texts + twice for document in _documents(source, text)]

    kept = send(client, made)

    assert [one["error"] for one in kept if "error" in one] == []


def test_no_index_maps_more_than_was_declared(client: OpenSearch) -> None:
    for source in SOURCES:
        send(client, [d for m in _hostile_objects(source) for d in _documents(source, m)][:20])
    mapped = {
        name: len(list(_fields(found["mappings"].get("properties", {}))))
        for name, found in client.indices.get_mapping(index="logs-*").items()
    }
    budget = {
        name: MOST_SHARED_FIELDS if name.startswith(f"logs-{SHARED_HOME}-") else MOST_FIELDS
        for name in mapped
    }

    assert {name: count for name, count in mapped.items() if count > budget[name]} == {}


def _objects(source: Source) -> list[dict[str, Any]]:
    """Samples of different shape, few, so that a source of many cases does not take all day."""
    found = {tuple(sorted(s)): s for s in samples(source) if isinstance(s, dict) and s}
    return [*found.values()][:2]


def _spread(source: Source) -> list[dict[str, Any]]:
    """Samples from all over the cases, so that regular ones are among them."""
    found = [s for s in samples(source) if isinstance(s, dict) and s]
    return found[:: max(1, len(found) // 5)]


def _hostile_objects(source: Source) -> Iterator[str]:
    """Each hostile value in several places of each sample, and alone."""
    for value in HOSTILE.values():
        yield json.dumps(value)
        for sample in _objects(source):
            for place in _places(sample):
                yield json.dumps(changed(sample, place, value))


def _hostile_events(source: Source) -> Iterator[bytes]:
    for event in events(source)[:2]:
        for value in HOSTILE.values():
            for place in _places(event["detail"]):
                detail = changed(event["detail"], place, value)
                yield json.dumps(event | {"detail": detail}).encode()


def _hostile_lines(source: Source) -> Iterator[str]:
    """Each hostile text in the place of each column of a line, and behind it."""
    lines = [sample for sample in samples(source) if isinstance(sample, str)]
    texts = [value for value in HOSTILE.values() if isinstance(value, str)]
    for line in lines[:3]:
        columns = line.split(" ")
        for text in texts:
            yield f"{line} {text}"
            yield from (" ".join([*columns[:n], text, *columns[n + 1 :]]) for n in range(12))


def _places(sample: dict[str, Any]) -> list[tuple[str | int, ...]]:
    found = [path for path in paths(sample) if len(path) <= 3]
    return found[:: max(1, len(found) // MOST_PLACES)]


def _documents(source: Source, message: str) -> Iterator[bytes]:
    origin = {"logGroup": log_group(source), "logStream": "example"}
    return _opened(envelope(origin, [message]))


def _opened(payload: bytes) -> Iterator[bytes]:
    return map(_document, islice(NORMALISE.payload(payload), 50))


def _document(outcome: Outcome) -> bytes:
    if isinstance(outcome, Accepted):
        return dump_json(outcome.document)
    assert isinstance(outcome, Rejected)  # no rule drops anything here
    return dump_json(reject_document(outcome, TIME_MS))


def _fields(properties: dict[str, Any]) -> Iterator[str]:
    """Everything that counts against the limit: fields and the objects around them."""
    for name, field in properties.items():
        yield name
        yield from _fields(field.get("properties", {}))
