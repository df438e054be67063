"""AWS Lambda's own lines: the start, end, cost and failure of every invocation of a function.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
"""

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord
from logcore.shape import json_object, text
from logcore.source import Source
from logcore.sources.lambda_platform.document import document_of
from logcore.sources.lambda_platform.lines import is_line, platform_event

REFERENCE = "https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html"

_JSON_HEAD = '{"time":"'
_TYPE = '"type":"platform.'
_TYPE_WITHIN = 80  # characters: Lambda writes the time first and the type second


def parse(record: LogRecord) -> Document:
    """Turn one line of the platform, text or JSON, into an ECS process event.

    Text is first brought into the shape of the JSON event that says the same, so that both end in
    the same fields; that event goes to ``aws.lambda_logs``.

    Raises:
        MalformedError: the line is no event of the platform (``not_platform``), or begins like its
            JSON and is none (``not_json``, ``not_an_object``).
    """
    if record.body is None and not record.message.startswith("{"):
        raw = platform_event(record.message)
    else:
        raw = json_object(record)
    kind = text(raw.get("type"))
    if kind is None or not kind.startswith("platform."):
        raise MalformedError("not_platform", f"expected a type of platform.*, found {kind!r:.60}")
    return document_of(raw, record)


def recognises(record: LogRecord) -> bool:
    """Whether a line is the platform's: it stands among those of the function, in its group.

    Asked for every application line, so it looks at the beginning only.
    """
    message = record.message
    if message.startswith(_JSON_HEAD):
        return message.find(_TYPE, len(_JSON_HEAD), _TYPE_WITHIN) > 0
    return is_line(message)


SOURCE = Source(
    name="lambda_platform",
    dataset="aws.lambda_logs",
    reference=REFERENCE,
    keys=("time",),
    marks=(": ", "Task timed out after "),
    recognises=recognises,
    parse=parse,
)
