"""What Linux and its services say: ``/var/log/messages``, ``/var/log/syslog``, ``/var/log/cron``.

Reference: https://www.rfc-editor.org/rfc/rfc5424
"""

from logcore.formats.linux.document import SYSTEM, linux_document
from logcore.formats.linux.line import beginning, is_line
from logcore.record import Document, LogRecord
from logcore.source import Source

REFERENCE = "https://www.rfc-editor.org/rfc/rfc5424"

PROGRAMS = SYSTEM.keys() | {
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
    "systemd-journald",
    "systemd-networkd",
    "systemd-resolved",
    "systemd-timesyncd",
    "systemd-udevd",
}
"""Programs whose lines are the system's in whichever group they are."""

_BEGINNING = beginning(PROGRAMS)


def parse(record: LogRecord) -> Document:
    """Turn one line into an ECS event.

    Raises:
        MalformedError: see ``logcore.formats.linux.line.read``.
    """
    document, said = linux_document(record)
    document["system"] = {"syslog": said}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether the message begins as a syslog line of the system; applications write those too."""
    return _BEGINNING.match(record.message) is not None and is_line(record.message)


SOURCE = Source(
    name="syslog",
    dataset="system.syslog",
    reference=REFERENCE,
    log_groups=("*var/log/messages*", "*var/log/syslog*", "*var/log/cron*"),
    marks=("",),
    recognises=recognises,
    parse=parse,
)
