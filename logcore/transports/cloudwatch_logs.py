"""What a CloudWatch Logs subscription delivers: one envelope around many log events.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
"""

import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

from logcore.errors import PayloadError
from logcore.record import LogRecord, Origin, new_record
from logcore.regions import REGION, is_region
from logcore.transports.copied_groups import original_stream, source_of
from logcore.transports.envelope import text_at

_REGION = re.compile(rf"(?:\A|-)({REGION})\Z")
"""A region as the last words of a name."""

_ACCOUNT = re.compile(r"\d{12}")

_SOURCE_LOG = re.compile(r"(?:\d{12}:)?([.\-_/#A-Za-z0-9]{1,512})")
"""A log group's name, with its account in front or without:
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"""


def records(envelope: dict[str, Any], copies_in: str = "") -> list[LogRecord]:
    """The log events of one envelope, in order; none for a control message.

    The envelope is ``{"messageType", "owner", "logGroup", "logStream", "subscriptionFilters",
    "logEvents": [{"id", "timestamp", "message"}]}``, times in milliseconds. It does not say the
    region, so our subscriptions carry it at the end of their name: ``central-logs-eu-west-1``.

    Where the subscription emits system fields, each event says itself which account, region and
    group wrote it, and one envelope may hold several: ``"extractedFields": {"@aws.account",
    "@aws.region", "@source.log"}``. ``owner`` is still the account that the group is in.

    A group that a centralisation rule copied says in its name where it comes from, and so do its
    records. In the account ``copies_in`` only: anybody may give a group of theirs such a name. A
    rule for a whole organisation also copies the groups of the account and region that it copies
    to, which the same subscription sends themselves: such a copy has no records.

    Raises:
        PayloadError: a part is missing or has another type.
    """
    try:
        if envelope["messageType"] == "CONTROL_MESSAGE":
            return []
        origin = _origin(
            text_at(envelope, "owner"),
            text_at(envelope, "logGroup"),
            text_at(envelope, "logStream"),
            tuple(envelope.get("subscriptionFilters") or ()),
            copies_in,
        )
        if origin is None:
            return []
        events = envelope["logEvents"]
        if not {type(event[key]) for event in events for key in ("id", "message")} <= {str}:
            raise TypeError("an event's id or message is not text")  # noqa: TRY301  one exit
        return [
            new_record(
                (
                    event["id"],
                    int(event["timestamp"]),
                    event["message"],
                    _written_at(origin, event["extractedFields"])
                    if "extractedFields" in event
                    else origin,
                    None,
                )
            )
            for event in events
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise PayloadError("envelope_malformed", f"CloudWatch Logs envelope: {error!r}") from error


def _written_at(origin: Origin, fields: Any) -> Origin:  # noqa: ANN401  any JSON
    """The origin of one event by its system fields; a field that is none changes nothing.

    Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_Centralization.html
    """
    if not isinstance(fields, dict):
        return origin
    account, region = str(fields.get("@aws.account")), str(fields.get("@aws.region"))
    source_log = fields.get("@source.log")
    named = _SOURCE_LOG.fullmatch(source_log) if isinstance(source_log, str) else None
    return _moved(
        origin,
        account if _ACCOUNT.fullmatch(account) else origin.account,
        region if is_region(region) else origin.region,
        named[1] if named else origin.log_group,
    )


@lru_cache(maxsize=1_024)
def _moved(origin: Origin, account: str, region: str, log_group: str) -> Origin:
    """Cached because places are few, and an origin is compared often."""
    return replace(origin, account=account, region=region, log_group=log_group)


@lru_cache(maxsize=4_096)
def _origin(
    owner: str, log_group: str, log_stream: str, filter_names: tuple[str, ...], copies_in: str
) -> Origin | None:
    """Where an envelope's records come from; ``None`` where they come by themselves as well."""
    origin = Origin(
        transport="cloudwatch_logs",
        account=owner,
        region=region_of(filter_names),
        owner=owner,
        log_group=log_group,
        log_stream=log_stream,
    )
    source = source_of(log_group) if owner == copies_in else None
    if source is None:
        return origin
    if (source.account, source.region) == (owner, origin.region):
        return None
    return replace(origin, **source._asdict(), log_stream=original_stream(log_stream, source))


def region_of(filter_names: list[str] | tuple[str, ...]) -> str:
    """The region at the end of a subscription's name, or empty: ``central-logs-us-gov-west-1``."""
    found = (match for name in filter_names if (match := _REGION.search(name)))
    return next((match.group(1) for match in found), "")
