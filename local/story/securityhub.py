"""Security Hub findings in ASFF: its own controls, and what other products hand it.

References:
    https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
    https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
"""

from collections.abc import Iterator

from local.story.clock import Clock
from local.story.entry import BusEvent, Place
from local.story.organisation import PLACES, watched
from local.story.securityhub_imports import IMPORTED, Found
from logcore.shape import utc

SEVERITIES = {"INFORMATIONAL": 0, "LOW": 20, "MEDIUM": 50, "HIGH": 75, "CRITICAL": 95}
PASSED_AFTER_H = 3.0  # a control that is mended is looked at again
CHECK = "Software and Configuration Checks/Industry and Regulatory Standards"
_CONTROLS = (
    ("S3.8", "HIGH", "S3 buckets should block public access", "AwsS3Bucket",
     "arn:aws:s3:::example-{n}"),
    ("EC2.8", "HIGH", "Instances should use IMDSv2", "AwsEc2Instance",
     "arn:aws:ec2:{r}:{a}:instance/i-{n}"),
    ("EC2.13", "HIGH", "Security groups should not open port 22", "AwsEc2SecurityGroup",
     "arn:aws:ec2:{r}:{a}:security-group/sg-{n}"),
    ("IAM.3", "MEDIUM", "Access keys should be rotated every 90 days", "AwsIamUser",
     "arn:aws:iam::{a}:user/{n}"),
    ("RDS.3", "MEDIUM", "Databases should encrypt their storage", "AwsRdsDbInstance",
     "arn:aws:rds:{r}:{a}:db:{n}"),
    ("Lambda.2", "MEDIUM", "Functions should use a supported runtime", "AwsLambdaFunction",
     "arn:aws:lambda:{r}:{a}:function:{n}"),
    ("CloudTrail.4", "LOW", "Trails should validate their log files", "AwsCloudTrailTrail",
     "arn:aws:cloudtrail:{r}:{a}:trail/{n}"),
)  # fmt: skip
"""Control, severity, sentence, and the resource that it looks at."""

_SOUND = frozenset({2, 5, 9, 11, 12, 17, 20, 23, 26, 30, 33, 36, 40})
"""Checks that pass, by their number."""


def findings(clock: Clock) -> Iterator[BusEvent]:
    """What the controls say everywhere, some of them twice, and what other products found."""
    for number, (place, control) in enumerate((p, c) for p in PLACES for c in _CONTROLS):
        time_ms = clock.hours_before_end(21 - number * 0.4)
        sound = number in _SOUND
        yield _finding(place, time_ms, _checked(place, control, passed=sound))
        if number % 6 == 0 and not sound:
            mended = time_ms + int(PASSED_AFTER_H * 3_600_000)
            yield _finding(place, mended, _checked(place, control, passed=True))
    for place, hours, found in IMPORTED:
        yield _finding(place, clock.hours_before_end(hours), found)


def _checked(place: Place, control: tuple[str, str, str, str, str], *, passed: bool) -> Found:
    name, label, title, kind, arn = control
    return Found(
        product="Security Hub",
        key=name,
        label="INFORMATIONAL" if passed else label,
        title=title,
        kind=CHECK,
        resource=(kind, arn.format(a=place.account, r=place.region, n=place.account[:4])),
        control=name,
        passed=passed,
    )


def _finding(place: Place, time_ms: int, found: Found) -> BusEvent:
    product = found.product.lower().rpartition(" ")[2]
    about, (kind, arn) = f"{place.region}:{place.account}", found.resource
    finding_id = f"arn:aws:{product}:{about}:finding/{found.key}"
    status = "PASSED" if found.passed else "FAILED"
    standard = "standards/aws-foundational-security-best-practices/v/1.0.0"
    compliance = {
        "Status": status,
        "SecurityControlId": found.control,
        "AssociatedStandards": [{"StandardsId": standard}],
    }
    finding = {
        "SchemaVersion": "2018-10-08",
        "Id": finding_id,
        "ProductArn": f"arn:aws:securityhub:{place.region}::product/aws/{product}",
        "ProductName": found.product,
        "CompanyName": "AWS",
        "Region": place.region,
        "GeneratorId": f"security-control/{found.control}" if found.control else product,
        "AwsAccountId": place.account,
        "Types": [found.kind],
        "FirstObservedAt": utc(time_ms - 600_000),
        "LastObservedAt": utc(time_ms),
        "CreatedAt": utc(time_ms - 600_000),
        "UpdatedAt": utc(time_ms),
        "Severity": {"Label": found.label, "Normalized": SEVERITIES[found.label]},
        "Title": found.title,
        "Description": f"{found.title}.",
        "Resources": [{"Type": kind, "Id": arn, "Partition": "aws", "Region": place.region}],
        **({"Compliance": compliance} if found.control else {}),
        "WorkflowState": "NEW",
        "Workflow": {"Status": "RESOLVED" if found.passed else "NEW"},
        "RecordState": "ACTIVE",
    }
    return BusEvent(
        place=place,
        seen_at=watched(place),
        source="aws.securityhub",
        detail_type="Security Hub Findings - Imported",
        time_ms=time_ms,
        detail={"findings": [finding]},
        dataset="aws.securityhub_findings",
        resources=[finding_id],
    )
