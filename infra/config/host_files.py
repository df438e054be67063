"""What hosts are known to log, by the files of Linux and the channels of Windows.

Each file has the source of ``logcore`` that reads it; a source knows the log group by its name.
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

type Platform = Literal["linux", "windows"]

PLATFORMS: Final[tuple[Platform, ...]] = ("linux", "windows")

EVENTS: Final = "/windows-events/"
"""What stands in the name of a channel's log group before the channel."""


class KnownFile(NamedTuple):
    """A file that hosts are known to write.

    Attributes:
        path: Where it lies.
        source: Name of the source that reads it.
        multi_line_start: How the first line of an entry begins, where an entry may have several.
    """

    path: str
    source: str
    multi_line_start: str | None = None


class Collected(NamedTuple):
    """A file or channel, and where it goes.

    Attributes:
        what: Path of the file, or name of the channel.
        log_group: Name of its log group.
        retention_days: How long the group keeps it.
        is_channel: Whether it is a channel of Windows.
        multi_line_start: As in ``KnownFile``.
        source: Name of the source that is to read it; empty where the deployment chose the group.
    """

    what: str
    log_group: str
    retention_days: int
    is_channel: bool = False
    multi_line_start: str | None = None
    source: str = ""


LINUX_FILES: Final[Mapping[str, tuple[KnownFile, ...]]] = {
    "system": (
        KnownFile("/var/log/messages", "syslog"),  # Amazon Linux, Red Hat and their kin
        KnownFile("/var/log/syslog", "syslog"),  # Debian and Ubuntu
        KnownFile("/var/log/cron", "syslog"),
    ),
    "auth": (
        KnownFile("/var/log/secure", "auth"),
        KnownFile("/var/log/auth.log", "auth"),
    ),
    "nginx": (
        KnownFile("/var/log/nginx/access.log", "nginx_access"),
        KnownFile("/var/log/nginx/error.log", "nginx_error", r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d "),
    ),
    "httpd": (
        KnownFile("/var/log/httpd/access_log", "apache_access"),
        KnownFile("/var/log/httpd/error_log", "apache_error", r"^\[(?:[A-Z][a-z]{2} |\d{4}-)"),
        KnownFile("/var/log/apache2/access.log", "apache_access"),
        KnownFile("/var/log/apache2/error.log", "apache_error", r"^\[(?:[A-Z][a-z]{2} |\d{4}-)"),
    ),
}
"""By what a deployment calls them. A host that has no such file sends none."""

CHANNEL_SOURCE: Final = "windows"
"""Name of the source that reads every channel."""
