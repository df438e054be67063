"""Macie: the bucket that was opened, and what lay in it.

Reference: https://docs.aws.amazon.com/macie/latest/user/findings-publish-event-schemas.html
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from local.story.clock import Clock
from local.story.entry import BusEvent, Place
from local.story.macie_job import JOB
from local.story.organisation import ANALYTICS, HOME, PEOPLE, SHOP, watched
from logcore.shape import utc

OPENED = "example-analytics-exports"
_EXPORTS, _SHOP = Place(ANALYTICS, HOME), Place(SHOP, HOME)
_SEVERITIES = {1: "Low", 2: "Medium", 3: "High"}


class Data(NamedTuple):
    """Sensitive data in one object."""

    key: str
    category: str
    kinds: tuple[str, ...]
    score: int


_NAMES, _CARDS, _KEYS = "PERSONAL_INFORMATION", "FINANCIAL_INFORMATION", "CREDENTIALS"
_HELD = (
    (_EXPORTS, 9.1, OPENED, Data("2026/11/customers.csv", _NAMES, ("NAME", "ADDRESS"), 3)),
    (_EXPORTS, 9.0, OPENED, Data("2026/11/payments.csv", _CARDS, ("CREDIT_CARD_NUMBER",), 3)),
    (_EXPORTS, 8.9, OPENED, Data("tmp/notebook.env", _KEYS, ("AWS_CREDENTIALS",), 3)),
    (_SHOP, 15.0, "example-shop-orders", Data("o.json", _NAMES, ("NAME", "EMAIL_ADDRESS"), 2)),
    (_SHOP, 14.8, "example-shop-orders", Data("old/o.json", _NAMES, ("EMAIL_ADDRESS",), 1)),
)


def findings(clock: Clock) -> Iterator[BusEvent]:
    """A bucket is opened for everybody, twice sighted; objects with data in them."""
    for number, hours in enumerate((9.45, 9.2)):
        yield _opened(clock.hours_before_end(hours), count=number + 1)
    for number, (place, hours, bucket, data) in enumerate(_HELD):
        yield _held(place, clock.hours_before_end(hours), bucket, data, number)


def _opened(time_ms: int, count: int) -> BusEvent:
    developer = PEOPLE[1]
    role = f"arn:aws:sts::{ANALYTICS}:assumed-role/{developer.name}/{developer.session}"
    action = {
        "actionType": "AWS_API_CALL",
        "apiCallDetails": {
            "api": "PutBucketPublicAccessBlock",
            "apiServiceName": "s3.amazonaws.com",
            "firstSeen": utc(time_ms - 60_000),
            "lastSeen": utc(time_ms),
        },
    }
    assumed = {
        "arn": role,
        "accountId": ANALYTICS,
        "accessKeyId": developer.key,
        "sessionContext": {"sessionIssuer": {"type": "Role", "userName": developer.name}},
    }
    actor = {
        "userIdentity": {"type": "AssumedRole", "assumedRole": assumed},
        "ipAddressDetails": {"ipAddressV4": developer.address},
    }
    more = {
        "type": "Policy:IAMUser/S3BlockPublicAccessDisabled",
        "title": "Block public access was switched off for the bucket",
        "category": "POLICY",
        "count": count,
        "policyDetails": {"action": action, "actor": actor},
    }
    return _event(_EXPORTS, time_ms, OPENED, key=0, score=3, more=more)


def _held(place: Place, time_ms: int, bucket: str, data: Data, number: int) -> BusEvent:
    detections = [{"type": kind, "count": 20} for kind in data.kinds]
    more = {
        "type": f"SensitiveData:S3Object/{data.category.partition('_')[0].title()}",
        "title": f"The S3 object holds {data.category.replace('_', ' ').lower()}",
        "category": "CLASSIFICATION",
        "count": 1,
        "classificationDetails": {
            "jobId": JOB,
            "result": {
                "status": {"code": "COMPLETE"},
                "sensitiveData": [{"category": data.category, "detections": detections}],
            },
        },
    }
    held = {"key": data.key, "path": f"{bucket}/{data.key}", "publicAccess": bucket == OPENED}
    return _event(place, time_ms, bucket, key=number + 1, score=data.score, more=more, held=held)


def _event(
    place: Place,
    time_ms: int,
    bucket: str,
    *,
    key: int,
    score: int,
    more: dict[str, Any],
    held: dict[str, Any] | None = None,
) -> BusEvent:
    access = "PUBLIC" if bucket == OPENED else "NOT_PUBLIC"
    about = {
        "arn": f"arn:aws:s3:::{bucket}",
        "name": bucket,
        "publicAccess": {"effectivePermission": access},
    }
    detail = {
        "schemaVersion": "1.0",
        "id": f"64b917aa3843014c91d8937ff{key:07d}",
        "accountId": place.account,
        "region": place.region,
        "severity": {"score": score, "description": _SEVERITIES[score]},
        "createdAt": utc(time_ms - 60_000),
        "updatedAt": utc(time_ms),
        "description": f"{more['title']}.",
        "resourcesAffected": {"s3Bucket": about, "s3Object": held},
        "sample": False,
        "archived": False,
        **more,
    }
    return BusEvent(
        place=place,
        seen_at=watched(place),
        source="aws.macie",
        detail_type="Macie Finding",
        time_ms=time_ms,
        detail=detail,
        dataset="aws.macie",
    )
