"""What a function that normalises is told by its environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lambdas.settings import EnvSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettings(EnvSettings):
    """Where outcomes go, and how records are read.

    Attributes:
        delivery_stream: Firehose stream that writes documents to OpenSearch; sink ``firehose``.
        endpoint: ``https://`` address of the search domain; sink ``direct``.
        index: Index whose default pipeline gives each document its id and its home.
        sinks: Sink per dataset, ``firehose`` or ``direct``; ``*`` is the default.
        reject_bucket: Bucket that keeps rejected records for replay.
        reject_prefix: Prefix of their keys, ending in a slash.
        keep_original: Datasets whose documents carry the untouched line.
        overrides: Pattern of log groups or objects to source name, the deployment's own routing.
        source_options: Options per source name, such as the flow log formats.
    """

    delivery_stream: str
    endpoint: str
    index: str
    sinks: Mapping[str, str]
    reject_bucket: str
    reject_prefix: str
    keep_original: tuple[str, ...]
    overrides: Mapping[str, str]
    source_options: Mapping[str, Mapping[str, Any]]
