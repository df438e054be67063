"""Where the objects lie that enrichment asks, for who is told and for who is granted."""

from collections.abc import Mapping
from itertools import chain
from typing import NamedTuple

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

from infra.config.enrichment import Enrichment, Objects
from infra.names import ORGANISATION_KEY


class Located(NamedTuple):
    """An object and, where it is not the archive's own, the key that it is encrypted with.

    Attributes:
        bucket: Name of its bucket.
        key: Its key.
        key_arn: Of KMS; empty for the archive's own.
    """

    bucket: str
    key: str
    key_arn: str = ""

    @property
    def uri(self) -> str:
        """``s3://bucket/key``."""
        return f"s3://{self.bucket}/{self.key}"

    @property
    def arn(self) -> str:
        """Of the object."""
        return f"arn:{cdk.Aws.PARTITION}:s3:::{self.bucket}/{self.key}"


def enrichers(config: Enrichment) -> tuple[str, ...]:
    """Names of the enrichers, in their order: what is matched must be complete before."""
    chosen = {
        "organisation": config.organisation.enabled,
        "user_agent": config.user_agents,
        "geo": bool(config.geo.keys),
        "related": config.related,
        "indicators": bool(config.indicators.keys),
    }
    return tuple(name for name, is_on in chosen.items() if is_on)


def located_objects(config: Enrichment, archive: s3.IBucket) -> Mapping[str, tuple[Located, ...]]:
    """Every object that enrichment asks, by what asks it."""
    own = archive.bucket_name
    snapshot = (Located(own, ORGANISATION_KEY),) if config.organisation.enabled else ()
    found = {
        "organisation": snapshot,
        "geo": _brought(config.geo, own),
        "indicators": _brought(config.indicators, own),
    }
    return {name: objects for name, objects in found.items() if objects}


def all_objects(config: Enrichment, archive: s3.IBucket) -> tuple[Located, ...]:
    """The same, in one row."""
    return tuple(chain.from_iterable(located_objects(config, archive).values()))


def _brought(objects: Objects, own: str) -> tuple[Located, ...]:
    return tuple(Located(objects.bucket or own, key, objects.key_arn) for key in objects.keys)
