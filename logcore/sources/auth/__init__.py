"""Who comes into Linux machines and what they may do there: ``/var/log/secure``, ``auth.log``.

Reference: https://www.rfc-editor.org/rfc/rfc5424
"""

from logcore.formats.linux.document import AUTH, linux_document
from logcore.formats.linux.line import beginning, is_line
from logcore.record import Document, LogRecord
from logcore.shape import compact
from logcore.source import Source

REFERENCE = "https://www.rfc-editor.org/rfc/rfc5424"

_BEGINNING = beginning(AUTH)


def parse(record: LogRecord) -> Document:
    """Turn one line into an ECS authentication, session, process or IAM event.

    Raises:
        MalformedError: see ``logcore.formats.linux.line.read``.
    """
    document, said = linux_document(record)
    own = {"method": said.get("method"), "key": said.get("key"), "service": said.get("service")}
    document |= compact({"auth": own})
    document["system"] = {"auth": said}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether the message begins as a syslog line of one of the programs that are read here."""
    return _BEGINNING.match(record.message) is not None and is_line(record.message)


SOURCE = Source(
    name="auth",
    dataset="system.auth",
    reference=REFERENCE,
    log_groups=("*var/log/secure*", "*var/log/auth.log*", "*/auth.log*"),
    marks=("",),
    recognises=recognises,
    parse=parse,
)
