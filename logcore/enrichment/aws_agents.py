"""User agents of AWS's own tools, SDKs and services, which the public expressions do not know.

Reference: https://docs.aws.amazon.com/sdkref/latest/guide/user-agent.html
"""

import re
from typing import NamedTuple

from logcore.shape import compact


class Agent(NamedTuple):
    """What an agent says of itself; ``None`` where it says nothing.

    Attributes:
        name: The tool's own name, such as ``aws-cli``.
        version: Its version as written.
        os: ``user_agent.os``: ``name``, ``version`` and ``family`` as far as they are known.
    """

    name: str
    version: str | None
    os: dict[str, str]


NAMED = (
    (re.compile(r"\bTerraform/(?P<version>[\w.+-]+)"), "Terraform"),
    (re.compile(r"\bPulumi/(?P<version>[\w.+-]+)", re.IGNORECASE), "Pulumi"),
    (re.compile(r"\bS3Console/(?P<version>[\w.]+)"), "S3 console"),
    (re.compile(r"\bexec-env/CloudShell\b"), "CloudShell"),
    (re.compile(r"console\.amazonaws\.com|signin\.amazonaws\.com"), "AWS console"),
    (re.compile(r"AWSConsole|AWS Console|aws-console", re.IGNORECASE), "AWS console"),
    (re.compile(r"AWS Internal"), "AWS Internal"),
    (re.compile(r"ELB-HealthChecker/(?P<version>[\w.]+)"), "ELB-HealthChecker"),
    (re.compile(r"Amazon-Route53-Health-Check-Service"), "Route 53 health check"),
    (re.compile(r"Amazon CloudFront"), "Amazon CloudFront"),
    (re.compile(r"Amazon Simple Notification Service Agent"), "Amazon SNS"),
    (re.compile(r"Amazon/EventBridge/ApiDestinations"), "Amazon EventBridge"),
    (re.compile(r"AmazonAPIGateway_\w+"), "Amazon API Gateway"),
    (re.compile(r"kube-probe/(?P<version>[\w.+-]+)"), "kube-probe"),
)
"""Looked for anywhere, in this order: a tool built on an SDK is named before its SDK."""

TOOL = re.compile(
    r"(?P<name>aws-cli|aws-sdk-[a-z0-9-]+|aws-internal|Boto3|Botocore|amazon-ssm-agent|aws-cdk"
    r"|aws-sam-cli|AWSPowerShell(?:\.[A-Za-z]+)?|aws-toolkit-[a-z-]+)/(?P<version>\d[\w.+-]*)?"
)
"""Looked for at the beginning; S3 puts brackets around it."""

SERVICE = re.compile(r"[a-z0-9.-]{1,80}\.amazonaws\.com")
"""A service that acts for somebody puts its own principal: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html"""

SYSTEM = re.compile(
    r"\b(?:os/|ua/\S+ os/)?(?P<name>linux|darwin|macos|windows)(?:[#/](?P<version>\d[\w.]*))?",
    re.IGNORECASE,
)
SYSTEMS = {
    "linux": ("Linux", "linux"),
    "darwin": ("Mac OS X", "macos"),
    "macos": ("Mac OS X", "macos"),
    "windows": ("Windows", "windows"),
}
"""Name as the public expressions give it, and family."""


def aws_agent(text: str) -> Agent | None:
    """What is known of an agent of AWS's own; ``None`` for everybody else's.

    Args:
        text: The user agent, already bounded in length.
    """
    text = text.strip("[] ")
    for pattern, name in NAMED:
        if match := pattern.search(text):
            return Agent(name, match.groupdict().get("version"), _system(text))
    if match := TOOL.match(text):
        return Agent(match["name"], match["version"], _system(text))
    if SERVICE.fullmatch(text):
        return Agent(text, None, {})
    return None


def _system(text: str) -> dict[str, str]:
    match = SYSTEM.search(text)
    if match is None:
        return {}
    name, family = SYSTEMS[match["name"].lower()]
    # "Darwin/25.1.0" is the kernel's version, not the system's that people know.
    version = None if match["name"].lower() == "darwin" else match["version"]
    full = f"{name} {version}" if version else None
    return compact({"name": name, "version": version, "full": full, "family": family})
