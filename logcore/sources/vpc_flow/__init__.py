"""VPC flow logs: who talked to whom over a network interface, and whether it was let through.

Reference: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from logcore.errors import MalformedError
from logcore.mapping import At, Table, Written, compiled, read
from logcore.provenance import Place, completed
from logcore.record import Document, LogRecord, Origin
from logcore.source import Source
from logcore.sources.vpc_flow.formats import (
    BY_COLUMN_COUNT,
    DEFAULT,
    Format,
    StatedFormats,
    from_header,
)
from logcore.sources.vpc_flow.table import DOCUMENT, NATURAL, RECURRING
from logcore.sources.vpc_flow.tables import LOG_STATUSES

DATASET = "aws.vpcflow"
MOST_COMPILED = 128  # sets of columns; more are no format but noise, and are read plainly

type _Key = Format | tuple[Format, tuple[str, ...]]
"""A format where every column of a line holds something, else with the columns that do."""

_compiled: dict[_Key, Written] = {}

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
    layout = _layout(values, record, stated)
    flow = {k: v for k, v in zip(layout.columns, values, strict=True) if v != "-"}
    return read(_table(layout), flow, record=record)


def render(record: LogRecord, place: Place, stated: StatedFormats | None = None) -> bytes | None:
    """The same document complete and as JSON, or ``None`` where something of it is malformed.

    Raises:
        MalformedError: as ``parse`` does.
    """
    values = record.message.split()
    layout = _layout(values, record, stated)
    key: _Key = layout
    columns = layout.columns
    if "-" in values:
        columns = tuple(c for c, v in zip(columns, values, strict=True) if v != "-")
        values = [value for value in values if value != "-"]
        key = layout, columns
    written = _compiled.get(key) or _written(key, layout, columns)
    return written.write(values, record, place) if written else None


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
    return replace(
        SOURCE,
        log_groups=claimed,
        parse=partial(parse, stated=stated),
        render=partial(render, stated=stated),
    )


def _named(origin: Origin, stated: StatedFormats | None) -> Format | None:
    """The format that the object or the deployment names, if either does."""
    if origin.header:
        return from_header(origin.header)
    return stated.of(origin.log_group) if stated else None


def _layout(values: list[str], record: LogRecord, stated: StatedFormats | None) -> Format:
    layout = _named(record.origin, stated) if stated or record.origin.header else None
    if layout is None:
        layout = BY_COLUMN_COUNT.get(len(values))
        if layout is None:
            raise _wrong_count(DEFAULT, values)
        if values[13] not in LOG_STATUSES:  # log-status stands there in each of AWS's lists
            detail = f"expected OK, NODATA or SKIPDATA in column 14, found {values[13][:40]!r}"
            raise MalformedError("format_unknown", detail)
    elif len(layout.columns) != len(values):
        raise _wrong_count(layout, values)
    return layout


def _written(key: _Key, layout: Format, columns: tuple[str, ...]) -> Written | None:
    """A function for each set of columns that hold something; lines seldom differ in it."""
    if len(_compiled) >= MOST_COMPILED:
        return None
    table = completed(_table(layout), DATASET)
    found = compiled(table, "record", "place", columns=columns, recurring=RECURRING)
    return _compiled.setdefault(key, found)


@lru_cache(maxsize=1_024)
def _table(layout: Format) -> Table:
    """The table for a format: its raw columns are kept, those that nobody knows yet as well."""
    raw = {column: At(column) for column in layout.columns}
    return (NATURAL if layout.is_natural else DOCUMENT) | {"aws": {"vpcflow": raw}}


def _wrong_count(layout: Format, values: list[str]) -> MalformedError:
    detail = f"expected {len(layout.columns)} columns, found {len(values)}"
    return MalformedError("column_count", detail)


SOURCE = Source(
    name="vpc_flow",
    dataset=DATASET,
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
    marks=(" eni-",),
    recognises=recognises,
    parse=parse,
    render=render,
    configure=configure,
)
