"""Puts core and delivery together from their settings; connects to nothing yet."""

import os
from functools import cache

import boto3
from botocore.config import Config

from lambdas.delivery.delivery import DEFAULT, Delivery
from lambdas.delivery.deployed_rules import deployed_rules, read_key
from lambdas.delivery.rejects import RejectStore
from lambdas.delivery.settings import DeliverySettings
from lambdas.delivery.sinks.direct import DirectSink
from lambdas.delivery.sinks.firehose import FirehoseSink
from lambdas.delivery.sinks.sink import Sink
from lambdas.search_client import open_search
from logcore.enrichment.enricher import Enricher
from logcore.normalise import Normaliser
from logcore.own_logs import OwnLogs
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.rules import Rules
from logcore.transports.copied_groups import NO_COPIES, Copies

CLIENT = Config(connect_timeout=3, read_timeout=20, retries={"mode": "standard", "max_attempts": 3})


def assemble_core(
    settings: DeliverySettings, enrichers: tuple[Enricher, ...] = (), copies: Copies = NO_COPIES
) -> Normaliser:
    """The pure core of one deployment.

    Args:
        settings: What it was told.
        enrichers: Add to each document, in this order.
        copies: Which copied log groups are taken for what they are copies of.

    Raises:
        ConfigurationError: an override, a source option or a rule cannot be used.
    """
    routing = Routing(SOURCES, overrides=settings.overrides, options=settings.source_options)
    rules = deployed_rules(settings.rules_file, _redaction_key(settings.redaction_key))
    return Normaliser(
        routing,
        keep_original=frozenset(settings.keep_original),
        enrichers=enrichers,
        rules=rules,
        own=OwnLogs(settings.account, settings.own_logs),
        copies=copies,
    )


def assemble_delivery(settings: DeliverySettings, rules: Rules) -> Delivery:
    """Sinks and reject store of one deployment; its rules say what a reject may show.

    Raises:
        ValueError: a sink is unknown, or no default sink is given.
    """
    if DEFAULT not in settings.sinks:
        raise ValueError(f"sinks: expected a default under {DEFAULT!r}, found {settings.sinks}")
    open_once = cache(lambda name: _sink(name, settings))
    return Delivery(
        {dataset: open_once(name) for dataset, name in settings.sinks.items()},
        RejectStore(
            boto3.client("s3", config=CLIENT), settings.reject_bucket, settings.reject_prefix
        ),
        rules,
    )


def _redaction_key(arn: str) -> bytes | None:
    return read_key(boto3.client("secretsmanager", config=CLIENT), arn) if arn else None


def _sink(name: str, settings: DeliverySettings) -> Sink:
    match name:
        case "firehose":
            return FirehoseSink(boto3.client("firehose", config=CLIENT), settings.delivery_stream)
        case "direct":
            session = boto3.Session()
            region = session.region_name or os.environ["AWS_REGION"]
            credentials = session.get_credentials()
            if credentials is None:
                raise ValueError("sink direct: the function has no credentials to sign with")
            return DirectSink(open_search(settings.endpoint, credentials, region), settings.index)
        case _:
            raise ValueError(f"sinks: expected firehose or direct, found {name!r}")
