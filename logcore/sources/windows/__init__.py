"""Windows event logs, as the CloudWatch agent sends them: Security, System, and any other channel.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html
"""

from logcore.record import Document, LogRecord
from logcore.source import Source
from logcore.sources.windows.document import windows_document
from logcore.sources.windows.entry import TEXT, read

REFERENCE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html"
SCHEMA = "http://schemas.microsoft.com/win/2004/08/events/event"


def parse(record: LogRecord) -> Document:
    """Turn one event, in the agent's format ``xml`` or ``text``, into an ECS event.

    Raises:
        MalformedError: see ``logcore.sources.windows.entry.read``.
    """
    entry = read(record.message)
    document = windows_document(entry, record)
    document["windows"] = {"eventlog": {"System": entry.system, "EventData": entry.data}}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether the message is a whole event in either format of the agent."""
    message = record.message
    if message[:1] == "<":
        return message.startswith("<Event ") and SCHEMA in message[:200]
    return message[:1] == "[" and message[-1:] == "]" and TEXT.fullmatch(message) is not None


SOURCE = Source(
    name="windows",
    dataset="windows.eventlog",
    reference=REFERENCE,
    log_groups=("*winevt*", "*windows-event*", "*WindowsEvent*", "/aws/directoryservice/*"),
    marks=("<Event ", "] ["),
    recognises=recognises,
    parse=parse,
)
