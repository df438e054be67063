"""Puts the enrichers of a deployment together from its settings, and reads what they ask."""

import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from io import BytesIO
from typing import IO, TYPE_CHECKING

from lambdas.delivery.settings import DeliverySettings
from lambdas.enrichment.databases import open_database
from lambdas.enrichment.enrichment import Enrichment, References
from lambdas.enrichment.reference import Clock, Read, Reference, Refresh
from lambdas.enrichment.stored import StoredObject
from logcore.codec import parse_json
from logcore.enrichment.enricher import Counted, Enrich
from logcore.enrichment.geo import Locate
from logcore.enrichment.indicator_lists import read_list
from logcore.enrichment.indicator_match import MatchIndicators
from logcore.enrichment.indicators import Indicators
from logcore.enrichment.organisation import NameAccounts, Organisation, TagKeys
from logcore.enrichment.related import complete_related
from logcore.enrichment.user_agent import enrich_user_agent
from logcore.errors import ReferenceDataError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MOST_MIB = {"organisation": 64, "geo": 220, "indicators": 128}
"""Largest object of each kind: two databases and their successors fit on 512 MB of disk, a million
indicators into a quarter of a GiB of memory."""


def open_enrichment(
    settings: DeliverySettings,
    client: "S3Client",
    *,
    executor: Executor | None = None,
    clock: Clock = time.monotonic,
) -> Enrichment:
    """The enrichers that the settings name, in their order; reads everything once.

    Args:
        settings: Names enrichers and objects.
        client: Of S3.
        executor: Reads beside the batches; a thread of its own by default.
        clock: When it is time to read again.

    Raises:
        ValueError: an enricher is unknown.
    """
    accounts, locate, match = NameAccounts(), Locate(), MatchIndicators()
    known: dict[str, Enrich] = {
        "organisation": accounts,
        "user_agent": enrich_user_agent,
        "geo": locate,
        "related": complete_related,
        "indicators": match,
    }
    unknown = [name for name in settings.enrichers if name not in known]
    if unknown:
        raise ValueError(f"enrichers: unknown {unknown}; known: {', '.join(known)}")
    references = _references(settings, client)
    enrichment = Enrichment(
        tuple(Counted(name, known[name]) for name in settings.enrichers),
        accounts=accounts,
        locate=locate,
        match=match,
        references=references,
        refresh=Refresh(
            references.all,
            every_s=settings.refresh_seconds,
            executor=executor or ThreadPoolExecutor(1),
            clock=clock,
        ),
        stale_after_s=settings.stale_after_seconds,
    )
    enrichment.start()
    return enrichment


def _references(settings: DeliverySettings, client: "S3Client") -> References:
    def opened[T](kind: str, read: Callable[[str, IO[bytes]], Read[T]]) -> tuple[Reference[T], ...]:
        uris = settings.enrichment_objects.get(kind, ())
        stored = (StoredObject(client, uri, most_mib=MOST_MIB[kind]) for uri in uris)
        return tuple(Reference(found, read) for found in stored)

    keys = TagKeys(environment=settings.environment_tags, owner=settings.owner_tags)
    return References(
        organisation=opened("organisation", lambda _, content: _snapshot(content, keys)),
        geo=opened("geo", open_database),
        indicators=opened("indicators", _indicators),
    )


def _snapshot(content: IO[bytes], keys: TagKeys) -> Read[Organisation]:
    try:
        found = parse_json(content.read())
    except ValueError as error:
        raise ReferenceDataError("no_snapshot", str(error)) from error
    return Read(Organisation.read(found, keys))


def _indicators(key: str, content: IO[bytes]) -> Read[Indicators]:
    read = read_list(key, BytesIO(content.read()))  # botocore's body gives chunks, not lines
    named = f"{read.malformed} malformed: {'; '.join(read.named)}" if read.malformed else ""
    return Read(read.indicators, named)
