"""Access logs of Apache httpd, and of whatever else writes its common or combined log format.

Reference: https://httpd.apache.org/docs/2.4/mod/mod_log_config.html
"""

from logcore.formats.access_document import access_document
from logcore.formats.access_line import read, recognised
from logcore.record import Document, LogRecord
from logcore.source import Source

REFERENCE = "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html"


def parse(record: LogRecord) -> Document:
    """Turn one line, or one JSON object, into an ECS web event.

    Raises:
        MalformedError: see ``logcore.formats.access_line.read``.
    """
    entry = read(record)
    document = access_document(entry, record, "apache")
    document["apache"] = {"access": entry.raw}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether the whole message is a line of the format; JSON is not asked, anybody writes that."""
    return recognised(record.message) is not None


SOURCE = Source(
    name="apache_access",
    dataset="apache.access",
    reference=REFERENCE,
    log_groups=(
        "*httpd/access_log*",
        "*httpd/*access_log*",
        "*httpd/*access.log*",
        "*apache2/*access.log*",
        "*apache/*access*log*",
        "*apache-access*",
        "*httpd-access*",
    ),
    marks=('] "',),
    recognises=recognises,
    parse=parse,
)
