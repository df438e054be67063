"""IAM Access Analyzer: what strangers can reach, and what nobody uses.

Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from local.story.clock import Clock
from local.story.entry import BusEvent, Place
from local.story.organisation import (
    ADMINISTRATOR,
    ANALYTICS,
    HOME,
    PLATFORM,
    SHOP,
)
from logcore.shape import utc

EXTERNAL, UNUSED = "Access Analyzer Finding", "Unused Access Finding for IAM entities"
_READING = ["s3:GetObject", "s3:ListBucket"]
_PARTNER = {"AWS": "arn:aws:iam::555555555555:root"}

_EVERYBODY = {"AWS": "*"}


class Subject(NamedTuple):
    """What a finding is about: whose it is, its number, its kind and name."""

    account: str
    number: int
    kind: str
    arn: str


def _iam(account: str, number: int, name: str) -> Subject:
    kind = f"AWS::IAM::{name.partition('/')[0].title()}"
    return Subject(account, number, kind, f"arn:aws:iam::{account}:{name}")


_BUCKET = Subject(ANALYTICS, 1, "AWS::S3::Bucket", "arn:aws:s3:::example-analytics-exports")
_PARTNERS = _iam(PLATFORM, 2, "role/partner")
_ORDERS_KEY = Subject(SHOP, 3, "AWS::KMS::Key", f"arn:aws:kms:{HOME}:{SHOP}:key/orders")
_ORDERS = Subject(SHOP, 4, "AWS::SQS::Queue", f"arn:aws:sqs:{HOME}:{SHOP}:orders")

_REACHED = (
    (9.4, "ACTIVE", _BUCKET, _EVERYBODY, _READING),
    (8.0, "RESOLVED", _BUCKET, _EVERYBODY, _READING),
    (18.0, "ACTIVE", _PARTNERS, _PARTNER, ["sts:AssumeRole"]),
    (16.0, "ACTIVE", _ORDERS_KEY, _PARTNER, ["kms:Decrypt"]),
    (13.0, "ARCHIVED", _ORDERS, _PARTNER, ["sqs:SendMessage"]),
)
"""Hours before the end, state, what can be reached, by whom, and how."""

_NOT_USED = (
    ("UnusedIAMUserAccessKey", _iam(SHOP, 10, "user/ci-deploy"), 0, 0),
    ("UnusedPermission", _iam(SHOP, 11, "role/app-server"), 4, 31),
    ("UnusedIAMRole", _iam(PLATFORM, 12, "role/partner"), 0, 0),
    ("UnusedPermission", _iam(PLATFORM, 13, "role/deploy-pipeline"), 9, 120),
    ("UnusedIAMUserPassword", _iam(ANALYTICS, 14, "user/notebook"), 0, 0),
)
"""Kind, and whose: with how many services and actions nobody asked for."""


def findings(clock: Clock) -> Iterator[BusEvent]:
    """Findings of the organisation's two analyzers; only the administrator's bus carries them."""
    for hours, status, subject, principal, actions in _REACHED:
        time_ms = clock.hours_before_end(hours)
        detail = {
            **_found(time_ms, subject, status),
            "id": _identity(subject),
            "region": HOME,
            "isPublic": principal == _EVERYBODY,
            "principal": principal,
            "action": actions,
            "condition": {},
        }
        yield _event(subject, time_ms, EXTERNAL, detail)
    for finding, subject, services, actions_unused in _NOT_USED:
        time_ms = clock.hours_before_end(19.0 - subject.number * 0.01)
        detail = {
            **_found(time_ms, subject, "ACTIVE"),
            "findingId": _identity(subject),
            "findingType": finding,
            "numberOfUnusedServices": services,
            "numberOfUnusedActions": actions_unused,
        }
        yield _event(subject, time_ms, UNUSED, detail)


def _identity(subject: Subject) -> str:
    return f"{subject.number:08d}-dcba-4444-dcba-000000000001"


def _found(time_ms: int, subject: Subject, status: str) -> dict[str, Any]:
    """What both kinds share."""
    return {
        "accountId": subject.account,
        "resource": subject.arn,
        "resourceType": subject.kind,
        "status": status,
        "isDeleted": False,
        "createdAt": utc(time_ms - 60_000),
        "analyzedAt": utc(time_ms),
        "updatedAt": utc(time_ms),
        "version": "1.0",
    }


def _event(subject: Subject, time_ms: int, detail_type: str, detail: dict[str, Any]) -> BusEvent:
    analyzer = f"arn:aws:access-analyzer:{HOME}:{ADMINISTRATOR}:analyzer/organisation"
    return BusEvent(
        place=Place(subject.account, HOME),
        seen_at=(Place(ADMINISTRATOR, HOME),),
        source="aws.access-analyzer",
        detail_type=detail_type,
        time_ms=time_ms,
        detail=detail,
        dataset="aws.access_analyzer",
        resources=[analyzer],
    )
