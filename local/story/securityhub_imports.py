"""What other products hand Security Hub of the incident."""

from dataclasses import dataclass

from local.story.entry import Place
from local.story.organisation import ANALYTICS, HOME, LEAKED, MINE, MINER, VICTIM


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


_INSTANCE = ("AwsEc2Instance", f"arn:aws:ec2:{MINE.region}:{MINE.account}:instance/{MINER}")
_KEY = ("AwsIamAccessKey", f"AWS::IAM::AccessKey:{LEAKED.key}")
_BUCKET = ("AwsS3Bucket", "arn:aws:s3:::example-analytics-exports")
IMPORTED = (
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
"""Place, hours before the end, and what was found."""
