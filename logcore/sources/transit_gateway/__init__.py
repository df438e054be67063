"""Transit gateway flow logs: which network talks to which through the hub, and what gets lost.

Reference: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from logcore import identity
from logcore.errors import MalformedError
from logcore.formats.flow_formats import FlowFormat, StatedFormats
from logcore.record import Document, LogRecord
from logcore.source import Source
from logcore.sources.transit_gateway.document import flow_document
from logcore.sources.transit_gateway.formats import DEFAULT, FIELDS

REFERENCE = "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html"

_DEFAULT_LINE = re.compile(
    r"\d+ TransitGateway\w* (?:\d{12}|-) tgw-[0-9a-f]+(?: \S+){21}"
    r" (?:OK|NODATA|SKIPDATA)(?: \S+){10}"
)


def parse(record: LogRecord, stated: StatedFormats | None = None) -> Document:
    """Turn one flow log line into an ECS network event.

    Args:
        record: Its message is one line: fields apart by blanks, ``-`` for what is not known.
        stated: A deployment's formats. Where none is stated for the log group, the line is read in
            the default format, which has every field.

    Raises:
        MalformedError: the number of columns is not that of the format (``column_count``), or the
            line is none of a transit gateway (``format_unknown``: state the format).
    """
    values = record.message.split()
    layout = stated.of(record.origin.log_group) if stated else None
    flow = {k: v for k, v in _columns(values, layout) if v != "-"}
    document = flow_document(flow)
    if (layout or DEFAULT).is_natural:
        document["event"]["id"] = identity.digest("tgwflow", record.origin.account, record.message)
    return document


def _columns(values: list[str], layout: FlowFormat | None) -> "zip[tuple[str, str]]":
    expected = layout or DEFAULT
    if len(values) != len(expected.columns):
        detail = f"expected {len(expected.columns)} columns, found {len(values)}"
        raise MalformedError("column_count", detail)
    if layout is None and not values[1].startswith("TransitGateway"):
        detail = f"expected TransitGateway in column 2, found {values[1][:40]!r}"
        raise MalformedError("format_unknown", detail)
    return zip(expected.columns, values, strict=True)


def recognises(record: LogRecord) -> bool:
    """Whether the message is a line in the default format, by its first columns and its status."""
    return _DEFAULT_LINE.fullmatch(record.message) is not None


def configure(options: Mapping[str, Any]) -> Source:
    """The source with a deployment's own formats; it claims their log groups as well.

    Raises:
        ConfigurationError: see ``StatedFormats``.
    """
    stated = StatedFormats(FIELDS, options)
    claimed = (*stated.patterns, *SOURCE.log_groups)
    return replace(SOURCE, log_groups=claimed, parse=partial(parse, stated=stated))


SOURCE = Source(
    name="transit_gateway",
    dataset="aws.tgwflow",
    reference=REFERENCE,
    log_groups=(
        "/aws/tgw/flow*",
        "/aws/transitgateway/*",
        "/aws/transit-gateway/*",
        "*tgw-flow*",
        "*tgwflow*",
        "*transit-gateway-flow*",
        "*transitgateway-flow*",
        "*TransitGatewayFlow*",  # as CDK names a group that nobody named
        "*TgwFlow*",
        "*TGWFlow*",
    ),
    marks=(" tgw-",),
    recognises=recognises,
    parse=parse,
    configure=configure,
)
"""Stands before VPC flow logs in the registry, whose patterns hold its groups' names too."""
