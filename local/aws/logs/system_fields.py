"""Who wrote the events that are being put: the account and group itself, or what was copied.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_Centralization.html
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from ministack.core.responses import get_account_id, get_region

NAMES: Final = ("@aws.account", "@aws.region", "@source.log")
"""What a filter may ask for:
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html"""

SELECTABLE: Final = NAMES[:2]
"""What a filter may select by."""

type Fields = Mapping[str, str]
"""System fields of events, by name."""

_copied: ContextVar[Fields | None] = ContextVar("_copied", default=None)


def is_copy() -> bool:
    """Whether what is put just now is a copy of another log group's events."""
    return _copied.get() is not None


def fields_of(log_group: str) -> Fields:
    """The system fields of what is put into a log group just now."""
    own = dict(zip(NAMES, (get_account_id(), get_region(), log_group), strict=True))
    return _copied.get() or own


@contextmanager
def copied_from(account: str, region: str, log_group: str) -> Iterator[None]:
    """Have everything that is put meanwhile be a copy of that log group's events."""
    token = _copied.set(dict(zip(NAMES, (account, region, log_group), strict=True)))
    try:
        yield
    finally:
        _copied.reset(token)
