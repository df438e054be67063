"""Reads an access record into variables, whatever format the stage was given.

Reference: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from logcore.errors import MalformedError
from logcore.formats.clf import clf_time
from logcore.formats.web import columns
from logcore.record import LogRecord
from logcore.shape import json_object
from logcore.sources.apigateway.options import Options, TextFormat
from logcore.sources.apigateway.variables import variable_of

type Variables = dict[str, str]
"""What the record says, by variable without ``$context.``; absent is what it does not say."""

_CLF = "identity.sourceIp identity.caller identity.user requestTime".split()  # noqa: SIM905  read as a table
_CLF_TAIL = "status responseLength requestId extendedRequestId".split()  # noqa: SIM905  likewise
_CSV = [*_CLF, *"httpMethod resourcePath protocol".split(), *_CLF_TAIL]  # noqa: SIM905  likewise
_XML = re.compile(r'<request id="(?P<id>[^"]*)">(?P<inner>.*)</request>', re.DOTALL)
_ELEMENT = re.compile(r"<(?P<name>\w+)>(?P<value>[^<]*)</(?P=name)>")
_DEEPEST = 8  # objects within objects


class Read(NamedTuple):
    """What was found in a record.

    Attributes:
        variables: What the record says.
        raw: What to keep of it: the JSON object as it came, or the variables.
    """

    variables: Variables
    raw: Mapping[str, Any]


def read(record: LogRecord, options: Options) -> Read:
    """The variables of a record: JSON with any keys, a stated format, or AWS's CLF, XML or CSV.

    Raises:
        MalformedError: the message is none of these, or holds no variable (``format_unknown``), or
            is not what the stated format says (``format_mismatch``).
    """
    stated = options.format_of(record.origin.log_group)
    if stated is not None:
        raw = found = _as_stated(record.message, stated)
    elif record.body is not None or record.message.lstrip()[:1] in {"{", "["}:
        raw = json_object(record)
        found = _from_json(raw, options)
    else:
        raw = found = _from_text(record.message.strip())
    if not found.keys() & {"requestId", "status", "httpMethod", "routeKey", "resourcePath"}:
        detail = f"expected variables of a request, found {record.message[:60]!r}"
        raise MalformedError("format_unknown", detail)
    return Read(found, raw)


def _from_json(raw: dict[str, Any], options: Options) -> Variables:
    found: Variables = {}
    for key, value in _leaves(raw):
        variable = options.fields.get(key) or variable_of(key)
        if variable and (key in options.fields or variable not in found):
            found[variable] = value
    return found


def _leaves(tree: dict[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict) and depth < _DEEPEST:
            yield from _leaves(value, f"{prefix}{key}.", depth + 1)
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            text = str(value)
            if text not in {"", "-"}:
                yield f"{prefix}{key}", text


def _as_stated(message: str, stated: TextFormat) -> Variables:
    found = stated.read(message)
    if found is None:
        detail = f"expected the stated format, found {message[:60]!r}"
        raise MalformedError("format_mismatch", detail)
    return _holding(found)


def _from_text(message: str) -> Variables:
    return _holding(_from_clf(message) or _from_xml(message) or _from_csv(message))


def _from_clf(line: str) -> Variables:
    """AWS's example, with the extended request id of its newer form or without."""
    values = columns(line) or []
    if len(values) - 5 not in {3, 4} or clf_time(values[3]) is None:
        return {}
    method, _, rest = values[4].partition(" ")
    path, _, protocol = rest.rpartition(" ")
    head, tail = zip(_CLF, values[:4], strict=True), zip(_CLF_TAIL, values[5:], strict=False)
    request = {"httpMethod": method, "resourcePath": path, "protocol": protocol}
    return dict(head) | request | dict(tail)


def _from_xml(line: str) -> Variables:
    """AWS's example. What a request says is not escaped there, so this is no XML to a parser."""
    match = _XML.fullmatch(line)
    if match is None:
        return {}
    named = {variable_of(e["name"]): e["value"] for e in _ELEMENT.finditer(match["inner"])}
    return {name: value for name, value in named.items() if name} | {"requestId": match["id"]}


def _from_csv(line: str) -> Variables:
    """AWS's example: fields apart by commas, without quotes."""
    values = line.split(",")
    if len(_CSV) - len(values) not in {0, 1} or clf_time(values[3]) is None:
        return {}
    return dict(zip(_CSV, values, strict=False))


def _holding(variables: Variables) -> Variables:
    return {name: value for name, value in variables.items() if value not in {"", "-"}}
