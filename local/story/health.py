"""AWS Health: what AWS itself tells, of the leaked key and of changes that it plans.

Reference: https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
"""

from collections.abc import Iterator
from typing import NamedTuple

from local.story.clock import Clock, spelled
from local.story.entry import BusEvent, Place
from local.story.notices import event
from local.story.organisation import HOME, LEAKED, MINE, MINER, PLATFORM, VICTIM

HEALTH, ABUSE = "AWS Health Event", "AWS Health Abuse Event"


class Notice(NamedTuple):
    """What AWS Health tells: under which detail-type, of which service, as what, in which words."""

    kind: str
    service: str
    code: str
    category: str
    status: str
    text: str


_HEALTH = (
    (VICTIM, 2.95, Notice(
        ABUSE, "RISK", "AWS_RISK_CREDENTIALS_EXPOSED", "issue", "open",
        f"The access key {LEAKED.key} was found in a public repository.")),
    (MINE, 1.6, Notice(
        ABUSE, "ABUSE", "AWS_ABUSE_INTRUSION_ATTEMPTS_REPORT", "issue", "open",
        f"{MINER} was reported for connections to a mining pool.")),
    (Place(PLATFORM, HOME), 20.0, Notice(
        HEALTH, "EC2", "AWS_EC2_PERSISTENT_INSTANCE_RETIREMENT_SCHEDULED", "scheduledChange",
        "upcoming", "An instance is on a machine that will be retired.")),
    (VICTIM, 13.0, Notice(
        HEALTH, "LAMBDA", "AWS_LAMBDA_RUNTIME_DEPRECATION_SCHEDULED", "accountNotification",
        "open", "A runtime of one of your functions ends.")),
)  # fmt: skip
"""Place, hours before the end, and the notice."""


def notices(clock: Clock) -> Iterator[BusEvent]:
    """Every notice of the day."""
    for place, hours, notice in _HEALTH:
        yield _health(place, clock.hours_before_end(hours), notice)


def _health(place: Place, time_ms: int, notice: Notice) -> BusEvent:
    arn = f"{notice.service}/{notice.code}/{notice.code}_EXAMPLE"
    spoken = spelled(time_ms, "%a, %d %b %Y %H:%M:%S GMT")
    detail = {
        "eventArn": f"arn:aws:health:{place.region}::event/{arn}",
        "service": notice.service,
        "eventScopeCode": "ACCOUNT_SPECIFIC",
        "communicationId": f"{notice.code.lower()}-1",
        "startTime": spoken,
        "lastUpdatedTime": spoken,
        "statusCode": notice.status,
        "eventRegion": place.region,
        "eventTypeCode": notice.code,
        "eventTypeCategory": notice.category,
        "eventDescription": [{"language": "en_US", "latestDescription": notice.text}],
        "page": "1",
        "totalPages": "1",
        "affectedAccount": place.account,
    }
    return event(place, time_ms, "health", notice.kind, detail)
