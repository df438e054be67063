"""What a function that normalises is told by its environment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
        rules_file: File of the bundle with the deployment's rules; empty without rules.
        redaction_key: ARN of the secret with the key of hashes; empty without.
        account: The account that the function runs in, whose own log groups it does not read.
        own_logs: What the names of those begin with.
        enrichers: Names of the enrichers, in the order in which they add.
        enrichment_objects: What they ask, as ``s3://bucket/key``, by ``organisation``, ``geo`` and
            ``indicators``.
        environment_tags: Tag keys of an account that mean its environment.
        owner_tags: Tag keys of an account that mean its owner.
        refresh_seconds: How often it is looked whether the objects have changed.
        stale_after_seconds: Age from which the organisation's snapshot is said to be stale.
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
    rules_file: str
    redaction_key: str
    account: str
    own_logs: str
    enrichers: tuple[str, ...] = ()
    enrichment_objects: Mapping[str, Sequence[str]] = field(default_factory=dict)
    environment_tags: tuple[str, ...] = ()
    owner_tags: tuple[str, ...] = ()
    refresh_seconds: int = 900
    stale_after_seconds: int = 86_400
