"""What a CloudWatch Logs subscription delivers: one envelope around many log events.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
"""

import re
from typing import Any

from logcore.errors import PayloadError
from logcore.record import LogRecord, Origin

_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d+\Z")


def records(envelope: dict[str, Any]) -> list[LogRecord]:
    """The log events of one envelope, in order; none for a control message.

    The envelope is ``{"messageType", "owner", "logGroup", "logStream", "subscriptionFilters",
    "logEvents": [{"id", "timestamp", "message"}]}``, times in milliseconds. It does not say the
    region, so our subscriptions carry it at the end of their name: ``central-logs-eu-west-1``.

    Raises:
        PayloadError: a part is missing or has another type.
    """
    try:
        if envelope["messageType"] == "CONTROL_MESSAGE":
            return []
        owner = envelope["owner"]
        origin = Origin(
            transport="cloudwatch_logs",
            account=owner,
            region=region_of(envelope.get("subscriptionFilters") or ()),
            owner=owner,
            log_group=envelope["logGroup"],
            log_stream=envelope["logStream"],
        )
        return [
            LogRecord(event["id"], int(event["timestamp"]), _text(event["message"]), origin)
            for event in envelope["logEvents"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise PayloadError("envelope_malformed", f"CloudWatch Logs envelope: {error!r}") from error


def region_of(filter_names: list[str] | tuple[str, ...]) -> str:
    """The region at the end of a subscription's name, or empty: ``central-logs-us-gov-west-1``."""
    for name in filter_names:
        if match := _REGION.search(name):
            return _shortest_region(match.group())
    return ""


def _shortest_region(text: str) -> str:
    """Cut what stands before the region: a name's own words may look like the start of one."""
    words = text.split("-")
    length = 4 if words[-3] in {"gov", "iso", "isob", "isoe", "isof"} else 3
    return "-".join(words[-length:])


def _text(message: Any) -> str:  # noqa: ANN401  whatever JSON held
    if not isinstance(message, str):
        raise TypeError(f"message is {type(message).__name__}, expected text")
    return message
