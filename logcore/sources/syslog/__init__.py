"""What Linux and its services say: ``/var/log/messages``, ``/var/log/syslog``, ``/var/log/cron``.

Reference: https://www.rfc-editor.org/rfc/rfc5424
"""

from logcore.linux.document import SYSTEM, linux_document
from logcore.linux.line import beginning
from logcore.record import Document, LogRecord
from logcore.source import Source

REFERENCE = "https://www.rfc-editor.org/rfc/rfc5424"

_OTHERS = (
    "NetworkManager",
    "amazon-cloudwatch-agent",
    "amazon-ssm-agent",
    "audispd",
    "auditd",
    "chronyd",
    "cloud-init",
    "containerd",
    "dbus-daemon",
    "dhclient",
    "dockerd",
    "ec2net",
    "ntpd",
    "rsyslogd",
    "snapd",
    "syslog-ng",
    r"systemd-\w+",
)
"""Programs that have no rules and are the system's all the same."""

_HEAD = beginning("|".join(sorted([*SYSTEM, *_OTHERS], key=len, reverse=True)))


def parse(record: LogRecord) -> Document:
    """Turn one line into an ECS event.

    Raises:
        MalformedError: see ``logcore.linux.line.read``.
    """
    document, said = linux_document(record)
    document["system"] = {"syslog": said}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether the message begins as a syslog line of the system; applications write those too."""
    return record.message[:1] in "<2JFMASOND" and _HEAD.match(record.message) is not None


SOURCE = Source(
    name="syslog",
    dataset="system.syslog",
    reference=REFERENCE,
    log_groups=("*var/log/messages*", "*var/log/syslog*", "*var/log/cron*"),
    recognises=recognises,
    parse=parse,
)
