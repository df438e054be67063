"""Where a copied log group comes from: its name says it.

A centralisation rule of CloudWatch names what it makes by a pattern of the rule. Ours has account
and region in front, so that every subscription can tell them, that of a whole account included,
which cannot be asked for system fields.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_Centralization.html
"""

import re
from typing import Final, NamedTuple

from logcore.regions import REGION

COPIES: Final = "/central-logs-copies/"
"""How the names of copied log groups begin."""

PATTERN: Final = f"{COPIES}${{source.accountId}}/${{source.region}}#${{source.logGroup}}"
"""What a rule is told: ``/aws/lambda/x`` becomes ``…/222222222222/eu-west-1#/aws/lambda/x``.

A source's name may begin with a slash or not, so something else stands before it."""

_COPY = re.compile(rf"{COPIES}(\d{{12}})/({REGION})#(.+)", re.DOTALL)


class Source(NamedTuple):
    """Which log group was copied.

    Attributes:
        account: Account that it is in.
        region: Region that it is in.
        log_group: Its name there.
    """

    account: str
    region: str
    log_group: str


class Copies(NamedTuple):
    """What a deployment has to do with copied log groups.

    Attributes:
        account: Account in which they are believed to be what their names say; empty for none,
            because anybody may give a group of theirs such a name.
        parallel: Whether records come by their own subscription as well. A copy has another event
            id, so records are then told apart by what they say.
    """

    account: str = ""
    parallel: bool = False


NO_COPIES: Final = Copies()


def source_of(log_group: str) -> Source | None:
    """The source of a copied log group; ``None`` for any other."""
    found = _COPY.fullmatch(log_group)
    return Source(*found.groups()) if found else None


def original_stream(log_stream: str, source: Source) -> str:
    """The name that a stream has at its source: AWS appends account and region to that of a copy.

    AWS does not say in which order and with what between; each of the two, after one character
    that is neither letter nor digit, is taken off the end.
    """
    account, region = re.escape(source.account), re.escape(source.region)
    suffix = rf"[^A-Za-z0-9](?:{account}[^A-Za-z0-9]{region}|{region}[^A-Za-z0-9]{account})\Z"
    return re.sub(suffix, "", log_stream)
