"""Rules and findings as the local cloud's tests of EventBridge make them."""

import json
from datetime import datetime
from typing import Any

from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT, CENTRAL_REGION
from tests.local import landscape as made

FINDINGS = {"source": ["aws.guardduty"], "detail": {"severity": [{"numeric": [">=", 4]}]}}


def rule(
    cloud: LocalCloud,
    target: str,
    *,
    role_arn: str = "",
    account: str = CENTRAL_ACCOUNT,
    region: str = CENTRAL_REGION,
    bus: str = "default",
    **options: Any,
) -> str:
    """Make a rule for findings with one target, and give its name."""
    events, name = cloud.client("events", account, region), made.name("rule")
    events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps(FINDINGS))
    wanted = {"Id": "t", "Arn": target, **options, **({"RoleArn": role_arn} if role_arn else {})}
    events.put_targets(Rule=name, EventBusName=bus, Targets=[wanted])
    return name


def finding(
    cloud: LocalCloud, severity: int, account: str = CENTRAL_ACCOUNT, region: str = CENTRAL_REGION
) -> dict[str, Any]:
    """Put a finding onto the default bus."""
    answer: dict[str, Any] = cloud.client("events", account, region).put_events(
        Entries=[
            {
                "Source": "aws.guardduty",
                "DetailType": "GuardDuty Finding",
                "Detail": json.dumps({"severity": severity, "id": f"f-{severity}"}),
            }
        ]
    )
    return answer


def finding_of(moment: datetime | None) -> dict[str, Any]:
    """An entry of PutEvents, with or without the time at which it happened."""
    time = {"Time": moment} if moment else {}
    detail = json.dumps({"severity": 8, "at": moment.isoformat() if moment else "now"})
    return {
        "Source": "aws.guardduty",
        "DetailType": "GuardDuty Finding",
        "Detail": detail,
        **time,
    }


def bodies(cloud: LocalCloud, stream: str) -> list[dict[str, Any]]:
    """Give what the records of a stream hold."""
    return [json.loads(record["Data"]) for record in made.records(cloud, stream)]


def remove_rules(events: Any) -> None:
    """Take away every rule of an account and region."""
    for bus in events.list_event_buses()["EventBuses"]:
        for found in events.list_rules(EventBusName=bus["Name"])["Rules"]:
            events.remove_targets(Rule=found["Name"], EventBusName=bus["Name"], Ids=["t"])
            events.delete_rule(Name=found["Name"], EventBusName=bus["Name"])
