"""The section that says which hosts send what, through the CloudWatch agent.

References:
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html
    - https://docs.aws.amazon.com/systems-manager/latest/userguide/state-manager-about.html
"""

import re
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from infra.config.base import AccountId, Strict, named_once
from infra.config.host_files import (
    CHANNEL_SOURCE,
    EVENTS,
    LINUX_FILES,
    PLATFORMS,
    Collected,
    Platform,
)
from infra.names import FUNCTION_LOGS
from logcore.record import Origin
from logcore.registry import SOURCES
from logcore.routing import Routing

LONGEST_GROUP = 512
"""Characters: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"""

LONGEST_INTERVAL_HOURS = 31 * 24 - 1
"""A rate is less than 31 days:
https://docs.aws.amazon.com/systems-manager/latest/userguide/reference-cron-and-rate-expressions.html"""

GroupName = Annotated[str, StringConstraints(pattern=r"^/[a-zA-Z0-9._/#-]*[a-zA-Z0-9._#-]$")]
LinuxKind = Literal["system", "auth", "nginx", "httpd"]
Channel = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9 ._/-]{0,254}$")]
Level = Literal["CRITICAL", "ERROR", "WARNING", "INFORMATION", "VERBOSE"]
RetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545,
    731, 1_096, 1_827, 2_192, 2_557, 2_922, 3_288, 3_653,
]  # fmt: skip
"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""

_NOT_IN_GO = re.compile(r"\(\?<?[=!]|\\[1-9]")
"""What Go's expressions, which the agent uses, do not have: https://github.com/google/re2/wiki/Syntax"""


class Tag(Strict):
    """The tag by which a host is meant.

    Reference: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Target.html
    """

    key: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9 _.:/=@-]{1,128}$")]
    value: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9 _.:/=+@-]{1,256}$")]

    @model_validator(mode="after")
    def _key_is_free(self) -> Self:
        if self.key.lower().startswith("aws:"):
            raise ValueError(f"key {self.key!r}: keys that begin with aws: are AWS's own")
        return self


class HostFile(Strict):
    r"""A further file.

    Attributes:
        path: Of Linux (``/opt/shop/*.log``) or of Windows (``C:\shop\*.log``).
        log_group: What follows the prefix in the name of its log group; by that name the source
            is found, else by content.
        multi_line_start: How the first line of an entry begins; the agent joins those that follow.
        retention_days: Of its log group; that of the section where it is left out.
    """

    path: Annotated[str, StringConstraints(pattern=r"^(/|[A-Za-z]:\\).{1,4000}$")]
    log_group: GroupName
    multi_line_start: Annotated[str, Field(min_length=1, max_length=4_096)] | None = None
    retention_days: RetentionDays | None = None

    @property
    def platform(self) -> Platform:
        """Which hosts have such a path."""
        return "linux" if self.path.startswith("/") else "windows"

    @model_validator(mode="after")
    def _start_is_an_expression(self) -> Self:
        start = self.multi_line_start or ""
        try:
            re.compile(start)
        except re.error as error:
            raise ValueError(f"multi_line_start {start!r}: {error}") from error
        if found := _NOT_IN_GO.search(start):
            raise ValueError(
                f"multi_line_start {start!r}: expected an expression of Go, which has no "
                f"{found[0]!r}"
            )
        return self


class Hosts(Strict):
    """Hosts whose logs the CloudWatch agent sends; off, nothing is deployed for them.

    Attributes:
        tag: Hosts with it get the agent, on EC2 and elsewhere.
        linux: Kinds of files of Linux that are collected.
        windows: Channels of Windows that are collected.
        windows_levels: Levels of their events.
        files: Further files of either.
        log_group_prefix: What the name of each log group begins with; hosts may write below it and
            nowhere else.
        retention_days: How long the groups keep what hosts sent.
        parameter_tier: Of the parameters that hold the agent's configurations: 4 KB or 8 KB.
        every_hours: How often the agent is brought up to date and configured again.
        max_concurrency: Hosts at once, as a number or as ``10%``.
        max_errors: Hosts that may fail before the others are left alone until the next time.
        severity: Of a host that does not comply.
        hybrid_accounts: Accounts that machines outside AWS are registered in, or ``all``.
    """

    enabled: bool = False
    tag: Tag = Tag(key="central-logs", value="enabled")
    linux: tuple[LinuxKind, ...] = ("system", "auth", "nginx", "httpd")
    windows: tuple[Channel, ...] = ("Security", "System", "Application")
    windows_levels: Annotated[tuple[Level, ...], Field(min_length=1)] = (
        *("CRITICAL", "ERROR", "WARNING", "INFORMATION"),
    )
    files: tuple[HostFile, ...] = ()
    log_group_prefix: GroupName = "/hosts"
    retention_days: RetentionDays = 30
    parameter_tier: Literal["standard", "advanced"] = "standard"
    every_hours: Annotated[int, Field(ge=1, le=LONGEST_INTERVAL_HOURS)] = 24
    max_concurrency: Annotated[
        str, StringConstraints(pattern=r"^([1-9]\d{0,6}|[1-9]\d?%|100%)$")
    ] = "10%"
    max_errors: Annotated[str, StringConstraints(pattern=r"^(0|[1-9]\d{0,6}|\d{1,2}%|100%)$")] = (
        "10%"
    )
    severity: Literal["critical", "high", "medium", "low", "unspecified"] = "medium"
    hybrid_accounts: tuple[AccountId, ...] | Literal["all"] = ()

    @property
    def platforms(self) -> tuple[Platform, ...]:
        """Those that something is collected of."""
        return tuple(platform for platform in PLATFORMS if self.collected(platform))

    def collected(self, platform: Platform) -> tuple[Collected, ...]:
        """What hosts of a platform send, the known before the further."""
        known = self._files() if platform == "linux" else self._channels()
        return (*known, *self._further(platform))

    def _files(self) -> Iterator[Collected]:
        for kind in self.linux:
            for path, source, start in LINUX_FILES[kind]:
                group = self.log_group_prefix + path
                yield Collected(
                    path, group, self.retention_days, multi_line_start=start, source=source
                )

    def _channels(self) -> Iterator[Collected]:
        for name in self.windows:
            group = self.log_group_prefix + EVENTS + name.replace(" ", "-")
            yield Collected(
                name, group, self.retention_days, is_channel=True, source=CHANNEL_SOURCE
            )

    def _further(self, platform: Platform) -> Iterator[Collected]:
        for file in self.files:
            if file.platform == platform:
                yield Collected(
                    file.path,
                    self.log_group_prefix + file.log_group,
                    file.retention_days or self.retention_days,
                    multi_line_start=file.multi_line_start,
                )

    @model_validator(mode="after")
    def _something_is_collected(self) -> Self:
        if self.enabled and not self.platforms:
            raise ValueError("expected something in linux, windows or files, found nothing")
        return self

    @model_validator(mode="after")
    def _prefix_is_the_hosts_own(self) -> Self:
        for taken in ("/aws/", FUNCTION_LOGS):
            if f"{self.log_group_prefix}/".startswith(taken):
                raise ValueError(
                    f"log_group_prefix {self.log_group_prefix!r}: {taken} is not the hosts' own"
                )
        return self

    @model_validator(mode="after")
    def _groups_are_names(self) -> Self:
        """One group a file: the agent takes one retention of each, and one writer of a stream."""
        for platform in PLATFORMS:
            found = self.collected(platform)
            named_once("paths", tuple(each.what for each in found))
            named_once("log groups", tuple(each.log_group for each in found))
            for each in found:
                if len(each.log_group) > LONGEST_GROUP:
                    raise ValueError(
                        f"{each.what}: a log group of {len(each.log_group)} characters, "
                        f"{LONGEST_GROUP} are allowed"
                    )
        return self

    @model_validator(mode="after")
    def _sources_read_what_is_known(self) -> Self:
        routing = Routing(SOURCES)
        for each in (*self._files(), *self._channels()):
            match = routing.claim(Origin(transport="cloudwatch_logs", log_group=each.log_group))
            found = match.source.name if match else "none"
            if found != each.source:
                raise ValueError(
                    f"log_group_prefix {self.log_group_prefix!r}: expected {each.log_group} to be "
                    f"read by source {each.source}, found {found}"
                )
        return self


def check_hybrid(hosts: Hosts, accounts: tuple[str, ...], *, all_are_listed: bool) -> None:
    """Check that machines are registered only where the deployment comes.

    Args:
        hosts: The section.
        accounts: Those that the deployment itself onboards.
        all_are_listed: Whether there are no others, by units.

    Raises:
        ValueError: an account gets no stack, so it would have no role for its machines.
    """
    if not all_are_listed or hosts.hybrid_accounts == "all":
        return
    strange = sorted(set(hosts.hybrid_accounts) - set(accounts))
    if strange:
        raise ValueError(
            f"hosts.hybrid_accounts: expected members, found {', '.join(strange)}; "
            f"members: {', '.join(accounts)}"
        )
