"""CloudTrail records for the tests of its source, and what becomes of them."""

import json
from typing import Any

from logcore.record import Document, LogRecord, Origin
from logcore.sources.cloudtrail import parse

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"


def line(message: str, log_group: str = "/apps/shop") -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", account="222222222222", log_group=log_group)
    return LogRecord("0", 0, message, origin)


def document(**parts: Any) -> Document:
    event = {"eventVersion": "1.11", "eventName": "GetUser", "eventSource": "iam.amazonaws.com"}
    return parse(line(json.dumps(event | parts)))
