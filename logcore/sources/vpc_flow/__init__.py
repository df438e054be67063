"""VPC flow logs: who talked to whom over a network interface, and whether it was let through.

Reference: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from logcore import identity
from logcore.errors import MalformedError
from logcore.record import Document, LogRecord, Origin
from logcore.source import Source
from logcore.sources.vpc_flow.document import flow_document
from logcore.sources.vpc_flow.formats import (
    BY_COLUMN_COUNT,
    DEFAULT,
    Format,
    StatedFormats,
    from_header,
)
from logcore.sources.vpc_flow.tables import LOG_STATUSES

_DEFAULT_LINE = re.compile(
    r"2 (?:\d{12}|unknown) eni-[0-9a-f]+ (?:[0-9a-f.:]+|-) (?:[0-9a-f.:]+|-)"
    r"(?: (?:\d+|-)){5} \d+ \d+ (?:ACCEPT|REJECT|-) (?:OK|NODATA|SKIPDATA)"
)


def parse(record: LogRecord, stated: StatedFormats | None = None) -> Document:
    """Turn one flow log line into an ECS network event.

    Args:
        record: Its message is one line: fields apart by blanks, ``-`` for what is not known.
        stated: A deployment's formats. Where none is stated for the log group, the format follows
            from the number of columns. The header of an S3 object outweighs both.

    Raises:
        MalformedError: the number of columns fits no format (``column_count``), or it fits one of
            AWS's lists and the line does not (``format_unknown``: state the format).
    """
    values = record.message.split()
    layout = _named(record.origin, stated)
    if layout is None:
        layout = _implied(values)
    elif len(layout.columns) != len(values):
        raise _wrong_count(layout, values)
    flow = {k: v for k, v in zip(layout.columns, values, strict=True) if v != "-"}
    document = flow_document(flow, layout)
    if layout.is_natural:
        own = identity.digest("vpcflow", record.origin.account, record.message)
        document["event"]["id"] = own
    return document


def is_header(line: str) -> bool:
    """Whether a line names columns of flow logs, in any order."""
    return from_header(line) is not None


def recognises(record: LogRecord) -> bool:
    """Whether the message is a line in the default format, to the last column."""
    return _DEFAULT_LINE.fullmatch(record.message) is not None


def configure(options: Mapping[str, Any]) -> Source:
    """The source with a deployment's own formats; it claims their log groups as well.

    Raises:
        ConfigurationError: see ``StatedFormats``.
    """
    stated = StatedFormats(options)
    claimed = (*stated.patterns, *SOURCE.log_groups)
    return replace(SOURCE, log_groups=claimed, parse=partial(parse, stated=stated))


def _named(origin: Origin, stated: StatedFormats | None) -> Format | None:
    """The format that the object or the deployment names, if either does."""
    if origin.header:
        return from_header(origin.header)
    return stated.of(origin.log_group) if stated else None


def _implied(values: list[str]) -> Format:
    layout = BY_COLUMN_COUNT.get(len(values))
    if layout is None:
        raise _wrong_count(DEFAULT, values)
    if values[13] not in LOG_STATUSES:  # log-status stands there in each of AWS's lists
        detail = f"expected OK, NODATA or SKIPDATA in column 14, found {values[13][:40]!r}"
        raise MalformedError("format_unknown", detail)
    return layout


def _wrong_count(layout: Format, values: list[str]) -> MalformedError:
    detail = f"expected {len(layout.columns)} columns, found {len(values)}"
    return MalformedError("column_count", detail)


SOURCE = Source(
    name="vpc_flow",
    dataset="aws.vpcflow",
    reference="https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html",
    log_groups=(
        "/aws/vpc/flow*",
        "/aws/vendedlogs/vpc/flow*",
        "*vpc-flow*",
        "*vpcflow*",
        "*flow-logs*",
        "*VpcFlow*",  # as CDK names a group that nobody named
        "*VPCFlow*",
        "*FlowLogs*",
    ),
    objects=("*vpcflowlogs/*",),  # also aws-service=vpcflowlogs/, as Hive wants it
    header=is_header,
    recognises=recognises,
    parse=parse,
    configure=configure,
)
