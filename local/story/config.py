"""Config: which rules are broken and kept again, and which resources change.

Reference: https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from local.story.clock import Clock
from local.story.entry import BusEvent, Place
from local.story.organisation import ANALYTICS, HOME, LEAKED, MINE, MINER, PLACES, PLATFORM, VICTIM
from logcore.shape import utc


class Resource(NamedTuple):
    """What is judged or changed."""

    kind: str
    name: str


BUCKET = Resource("AWS::S3::Bucket", "example-analytics-exports")
MACHINE = Resource("AWS::EC2::Instance", MINER)
USER = Resource("AWS::IAM::User", LEAKED.name)
GROUP = Resource("AWS::EC2::SecurityGroup", "sg-0a1b2c3d")
FUNCTION = Resource("AWS::Lambda::Function", "checkout")
_EXPORTS, _PLATFORMS = Place(ANALYTICS, HOME), Place(PLATFORM, HOME)
_BLOCK = "SupplementaryConfiguration.PublicAccessBlockConfiguration"
BROKEN, KEPT = "NON_COMPLIANT", "COMPLIANT"

_JUDGED = (
    (_EXPORTS, 9.45, "s3-bucket-public-read-prohibited", BUCKET, BROKEN),
    (_EXPORTS, 8.0, "s3-bucket-public-read-prohibited", BUCKET, KEPT),
    (_PLATFORMS, 12.5, "restricted-ssh", GROUP, BROKEN),
    (_PLATFORMS, 0.5, "restricted-ssh", GROUP, KEPT),
    (MINE, 2.25, "approved-instance-types", MACHINE, BROKEN),
    (MINE, 2.24, "required-tags", MACHINE, BROKEN),
    (VICTIM, 15.0, "access-keys-rotated", USER, BROKEN),
    (VICTIM, 0.75, "access-keys-rotated", USER, KEPT),
)
_CHANGED: tuple[tuple[Place, float, Resource, str, tuple[str, ...]], ...] = (
    (_EXPORTS, 9.5, BUCKET, "UPDATE", (_BLOCK,)),
    (_EXPORTS, 8.1, BUCKET, "UPDATE", (_BLOCK, "SupplementaryConfiguration.BucketPolicy")),
    (MINE, 2.28, MACHINE, "CREATE", ("Configuration", "Relationships.0", "Relationships.1")),
    (MINE, 0.68, MACHINE, "DELETE", ("Configuration",)),
    (VICTIM, 0.78, USER, "UPDATE", ("Configuration.AccessKeys.0",)),
    (_PLATFORMS, 0.55, GROUP, "UPDATE", ("Configuration.IpPermissions.0",)),
)  # fmt: skip
_EVERYDAY = (
    (FUNCTION, "UPDATE", ("Configuration.CodeSha256", "Configuration.LastModified")),
    (Resource("AWS::Logs::LogGroup", "/app/worker"), "UPDATE", ("Configuration.RetentionInDays",)),
    (
        Resource("AWS::IAM::Role", "app-server"),
        "UPDATE",
        ("Configuration.Policies.0",),
    ),
    (Resource("AWS::EC2::Volume", "vol-0a1b2c3d4e5f60718"), "CREATE", ("Configuration",)),
)
"""What changes in every place on a working day."""


def messages(clock: Clock) -> Iterator[BusEvent]:
    """Judgements and changes, those of the incident among ordinary ones."""
    for place, hours, rule, resource, verdict in _JUDGED:
        yield _judged(place, clock.hours_before_end(hours), rule, resource, verdict)
    for place, hours, resource, change, properties in _CHANGED:
        yield _changed(place, clock.hours_before_end(hours), resource, change, properties)
    for number, place in enumerate(PLACES):
        for count, (resource, change, properties) in enumerate(_EVERYDAY):
            time_ms = clock.hours_before_end(22 - number * 2 - count * 3)
            yield _changed(place, time_ms, resource, change, properties)


def _judged(place: Place, time_ms: int, rule: str, resource: Resource, verdict: str) -> BusEvent:
    before = KEPT if verdict == BROKEN else BROKEN
    detail = {
        "messageType": "ComplianceChangeNotification",
        "recordVersion": "1.0",
        "configRuleName": rule,
        "configRuleARN": f"arn:aws:config:{place.region}:{place.account}:config-rule/{rule}",
        "notificationCreationTime": utc(time_ms),
        "newEvaluationResult": _verdict(rule, resource, verdict, time_ms - 2_000),
        "oldEvaluationResult": _verdict(rule, resource, before, time_ms - 3_600_000),
        **_where(place, resource),
    }
    return _event(place, time_ms, "Config Rules Compliance Change", detail)


def _verdict(rule: str, resource: Resource, verdict: str, time_ms: int) -> dict[str, Any]:
    qualifier = {
        "configRuleName": rule,
        "resourceType": resource.kind,
        "resourceId": resource.name,
        "evaluationMode": "DETECTIVE",
    }
    return {
        "evaluationResultIdentifier": {"evaluationResultQualifier": qualifier},
        "complianceType": verdict,
        "resultRecordedTime": utc(time_ms),
        "configRuleInvokedTime": utc(time_ms - 400),
    }


def _changed(
    place: Place, time_ms: int, resource: Resource, change: str, properties: tuple[str, ...]
) -> BusEvent:
    detail = {
        "messageType": "ConfigurationItemChangeNotification",
        "recordVersion": "1.3",
        "notificationCreationTime": utc(time_ms),
        "configurationItemDiff": {
            "changeType": change,
            "changedProperties": {name: {"changeType": change} for name in properties},
        },
        "configurationItem": {
            "configurationItemVersion": "1.3",
            "configurationItemCaptureTime": utc(time_ms),
            "configurationItemStatus": "ResourceDeleted" if change == "DELETE" else "OK",
            "configurationStateId": time_ms,
            **_where(place, resource),
        },
    }
    return _event(place, time_ms, "Config Configuration Item Change", detail)


def _where(place: Place, resource: Resource) -> dict[str, Any]:
    return {
        "awsAccountId": place.account,
        "awsRegion": place.region,
        "resourceType": resource.kind,
        "resourceId": resource.name,
    }


def _event(place: Place, time_ms: int, detail_type: str, detail: dict[str, Any]) -> BusEvent:
    return BusEvent(
        place=place,
        seen_at=(place,),
        source="aws.config",
        detail_type=detail_type,
        time_ms=time_ms,
        detail=detail,
        dataset="aws.config",
    )
