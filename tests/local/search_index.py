"""Indices as a deployment has them, on the search server that the tests share."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from opensearchpy import OpenSearch

from lambdas.search_setup.report import SetupReport
from lambdas.search_setup.run import run
from lambdas.search_setup.settings import Settings
from lambdas.search_setup.steps import Setup

ROLE = "arn:aws:iam::111111111111:role/"
SETTINGS = Settings(
    endpoint="https://search.example.com",
    master_role_arn=f"{ROLE}master",
    setup_role_arn=f"{ROLE}setup",
    writer_role_arns=(),
    analysts=(),
    authors=(),
    break_glass=(),
    identity_pool="",
    guest_role_arn="",
    index="logs-inbox",
    periods={"*": "shared", "generic": "day"},
    retention_days={"*": {"delete": 90}},
    shards=1,
    replicas=0,
)
REQUEST = 8_000_000  # bytes of one bulk request; the server takes 100 MB, its heap less


def emptied(client: OpenSearch, folder: Path, **periods: str) -> OpenSearch:
    """The client of a server that was set up, without a document."""
    client.indices.delete(index="logs-*", params={"expand_wildcards": "all"})
    set_up(client, folder, **periods)
    return client


def set_up(client: OpenSearch, folder: Path, **periods: str) -> None:
    """Run what a deployment runs; ``periods`` by dataset, beside those of ``SETTINGS``."""
    settings = Settings.from_env(
        SETTINGS.to_env() | {"PERIODS": json.dumps({**SETTINGS.periods, **periods})}
    )
    report = SetupReport()
    run(
        Setup(
            client=client,
            master=lambda: client,
            settings=settings,
            objects=folder,
            report=report,
            identities=lambda: pytest.fail("no directory was made"),
        )
    )
    assert report.lines


def send(client: OpenSearch, documents: Iterable[bytes]) -> list[dict[str, Any]]:
    """Put documents into the inbox; gives what became of each, in order."""
    found = [
        item["index"]
        for body in _requests(documents)
        for item in client.bulk(body=body, index="logs-inbox")["items"]
    ]
    client.indices.refresh(index="logs-*")
    return found


def _requests(documents: Iterable[bytes]) -> Iterator[bytes]:
    lines: list[bytes] = []
    size = 0
    for document in documents:
        if size + len(document) > REQUEST and lines:
            yield b"".join(lines)
            lines, size = [], 0
        lines.append(b'{"index":{}}\n' + document + b"\n")
        size += len(document)
    if lines:
        yield b"".join(lines)
