"""Security Hub findings in ASFF: its own controls, and what other products hand it.

References:
    https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
    https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
"""

from collections.abc import Iterator
from dataclasses import dataclass

from local.story.clock import Clock
from local.story.entry import BusEvent, Place
from local.story.organisation import ANALYTICS, HOME, LEAKED, MINE, MINER, PLACES, VICTIM, watched
from logcore.shape import utc

SEVERITIES = {"INFORMATIONAL": 0, "LOW": 20, "MEDIUM": 50, "HIGH": 75, "CRITICAL": 95}
PASSED_AFTER_H = 3.0  # a control that is mended is looked at again


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is found: by whom, of which kind, about what.

    Attributes:
        product: Product that found it.
        key: Last part of the finding's id.
        label: ASFF's severity.
        title: One sentence.
        kind: ASFF's type.
        resource: ASFF's type of the resource, and its ARN.
        control: Security control; empty when it is no check.
        passed: Whether the control is kept.
    """

    product: str
    key: str
    label: str
    title: str
    kind: str
    resource: tuple[str, str]
    control: str = ""
    passed: bool = False


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

_INSTANCE = ("AwsEc2Instance", f"arn:aws:ec2:{MINE.region}:{MINE.account}:instance/{MINER}")
_KEY = ("AwsIamAccessKey", f"AWS::IAM::AccessKey:{LEAKED.key}")
_BUCKET = ("AwsS3Bucket", "arn:aws:s3:::example-analytics-exports")
_IMPORTED = (
    (VICTIM, 2.85, Found(product="GuardDuty", key="2", label="MEDIUM", resource=_KEY,
     title="ci-deploy calls from an address on a threat list",
     kind="TTPs/Initial Access/UnauthorizedAccess:IAMUser-MaliciousIPCaller.Custom")),
    (MINE, 2.05, Found(product="GuardDuty", key="5", label="HIGH", resource=_INSTANCE,
     title="An instance talks to an address that is known for mining",
     kind="Effects/Resource Consumption/CryptoCurrency:EC2-BitcoinTool.B")),
    (VICTIM, 1.15, Found(product="GuardDuty", key="6", label="CRITICAL", resource=_KEY,
     title="A sequence of actions shows that credentials are compromised",
     kind="TTPs/Credential Access/AttackSequence:IAM-CompromisedCredentials")),
    (MINE, 2.0, Found(product="Inspector", key="41", label="CRITICAL", resource=_INSTANCE,
     title="CVE-2026-0041 - openssl",
     kind="Software and Configuration Checks/Vulnerabilities/CVE")),
    (Place(ANALYTICS, HOME), 9.3, Found(product="Macie", key="1", label="HIGH", resource=_BUCKET,
     title="The bucket policy allows anonymous access",
     kind="Effects/Data Exposure/Policy:IAMUser-S3BucketPublic")),
    (Place(ANALYTICS, HOME), 9.2, Found(product="IAM Access Analyzer", key="1", label="HIGH",
     resource=_BUCKET, title="AwsS3Bucket/example-analytics-exports allows public access",
     kind="Effects/Data Exposure/External Access Granted")),
)  # fmt: skip


def findings(clock: Clock) -> Iterator[BusEvent]:
    """What the controls say everywhere, some of them twice, and what other products found."""
    for number, (place, control) in enumerate((p, c) for p in PLACES for c in _CONTROLS):
        time_ms = clock.hours_before_end(21 - number * 0.4)
        sound = number in _SOUND
        yield _finding(place, time_ms, _checked(place, control, passed=sound))
        if number % 6 == 0 and not sound:
            mended = time_ms + int(PASSED_AFTER_H * 3_600_000)
            yield _finding(place, mended, _checked(place, control, passed=True))
    for place, hours, found in _IMPORTED:
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
