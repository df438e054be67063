"""API Gateway: who called which API, what it answered and how fast, and how the call was executed.

Reference: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord
from logcore.shape import json_object
from logcore.source import Source
from logcore.sources.apigateway.access import access_document
from logcore.sources.apigateway.execution import execution_document
from logcore.sources.apigateway.formats import read
from logcore.sources.apigateway.options import Options, options_of
from logcore.sources.apigateway.variables import variable_of

REFERENCE = "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html"

_NO_OPTIONS = Options()
_OF_A_REQUEST = {"requestTime", "requestTimeEpoch", "protocol"}


def parse(record: LogRecord, options: Options = _NO_OPTIONS) -> Document:
    """Turn one access record, or one line of an execution log, into an ECS web event.

    An access log has the format that its stage was given. A client may choose ``requestId``, so it
    is not the event's identity.

    Args:
        record: Its message is JSON with any keys, AWS's example formats CLF, XML or CSV, or a line
            that begins with a request id in brackets.
        options: A deployment's own keys and formats.

    Raises:
        MalformedError: see ``logcore.sources.apigateway.formats.read``.
    """
    step = execution_document(record)
    if step is not None:
        return step
    found = read(record, options)
    document = access_document(found.variables)
    document["aws"] = {"apigateway_logs": found.raw}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether a record from anywhere is JSON with an API's resource or route, request id and time.

    Execution logs are known by their group alone: anybody may begin a line with an id in brackets.
    """
    message = record.message
    if '"requestId"' not in message or not ('"resourcePath"' in message or '"routeKey"' in message):
        return False
    try:
        keys = json_object(record).keys()
    except MalformedError:
        return False
    variables = {variable_of(key) for key in keys}
    return (
        "requestId" in keys
        and bool(variables & {"resourcePath", "routeKey"})
        and bool(variables & _OF_A_REQUEST)
    )


def configure(given: Mapping[str, Any]) -> Source:
    """The source with a deployment's own keys and formats; it claims the formats' groups as well.

    Raises:
        ConfigurationError: see ``options_of``.
    """
    options = options_of(given)
    claimed = (*options.formats, *SOURCE.log_groups)
    return replace(SOURCE, log_groups=claimed, parse=partial(parse, options=options))


SOURCE = Source(
    name="apigateway",
    dataset="aws.apigateway_logs",
    reference=REFERENCE,
    log_groups=(
        "API-Gateway-Execution-Logs_*/*",  # by the id of a REST API and its stage
        "API-Gateway-Access-Logs*",
        "/aws/apigateway/*",
        "/aws/api-gateway/*",
        "/aws/vendedlogs/apigateway*",
        "/aws/vendedlogs/apis/*",
        "*apigateway-access*",
        "*api-gateway-access*",
        "*apigw-access*",
        "*ApiGatewayAccess*",  # as CDK names a group that nobody named
        "*ApiAccessLog*",
    ),
    keys=("requestId",),
    recognises=recognises,
    parse=parse,
    configure=configure,
)
