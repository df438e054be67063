"""Inspector findings: vulnerable packages of the shop's machines, images and functions.

Reference: https://docs.aws.amazon.com/inspector/v2/APIReference/API_Finding.html
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from local.story.clock import Clock, spelled
from local.story.entry import BusEvent, Place
from local.story.organisation import HOME, MINE, MINER, MINER_ADDRESS, PLATFORM, SHOP, watched

SEVERITIES = {"CRITICAL": 9.8, "HIGH": 7.5, "MEDIUM": 5.4, "LOW": 3.1}
"""Score that goes with a label."""


class Flaw(NamedTuple):
    """A vulnerability of one package."""

    number: int
    package: str
    severity: str
    fixed_in: str = ""

    @property
    def name(self) -> str:
        """``CVE-2026-0041``: made up."""
        return f"CVE-2026-{self.number:04d}"


FLAWS = (
    Flaw(41, "openssl", "CRITICAL", "3.0.8"),
    Flaw(57, "kernel", "HIGH", "6.12.9"),
    Flaw(63, "curl", "MEDIUM", "8.14.2"),
    Flaw(64, "glibc", "HIGH"),
    Flaw(72, "python3.13", "LOW", "3.13.8"),
    Flaw(80, "nginx", "HIGH", "1.29.2"),
)


def _instance(instance_id: str, address: str, kind: str) -> dict[str, Any]:
    details = {"ipV4Addresses": [address], "platform": "AMAZON_LINUX_2023", "type": kind}
    return {"type": "AWS_EC2_INSTANCE", "id": instance_id, "details": {"awsEc2Instance": details}}


_MINER = _instance(MINER, MINER_ADDRESS, "g5.12xlarge")
_SHOP = _instance("i-0a1b2c3d4e5f60730", "10.20.1.30", "t4g.medium")
_PLATFORM = _instance("i-0a1b2c3d4e5f60731", "10.20.1.31", "t4g.medium")
_CHECKOUT = {
    "type": "AWS_LAMBDA_FUNCTION",
    "id": f"arn:aws:lambda:{HOME}:{SHOP}:function:checkout:$LATEST",
    "details": {"awsLambdaFunction": {"functionName": "checkout", "version": "$LATEST"}},
}
_IMAGE = {
    "type": "AWS_ECR_CONTAINER_IMAGE",
    "id": f"arn:aws:ecr:{HOME}:{SHOP}:repository/web/sha256:{'0a' * 32}",
    "details": {"awsEcrContainerImage": {"repositoryName": "web", "imageTags": ["2.4"],
                                         "imageHash": f"sha256:{'0a' * 32}"}},
}  # fmt: skip
_AT_HOME, _PLATFORMS = Place(SHOP, HOME), Place(PLATFORM, HOME)
_SCANNED = (
    (_AT_HOME, 20.0, _SHOP, FLAWS),
    (_PLATFORMS, 17.5, _PLATFORM, FLAWS[1:5]),
    (_AT_HOME, 14.0, _IMAGE, (FLAWS[0], FLAWS[2], FLAWS[5])),
    (_AT_HOME, 11.0, _CHECKOUT, FLAWS[4:5]),
    (MINE, 2.0, _MINER, FLAWS[:4]),
)
"""What is scanned when, and what is found on it."""

_CLOSED = ((MINE, 0.6, _MINER, FLAWS[:4]), (_AT_HOME, 6.0, _SHOP, FLAWS[:1]))
"""What is gone again: with its machine, or by an update."""


def findings(clock: Clock) -> Iterator[BusEvent]:
    """Every state of every finding."""
    for status, scans in (("ACTIVE", _SCANNED), ("CLOSED", _CLOSED)):
        for place, hours, resource, flaws in scans:
            for number, flaw in enumerate(flaws):
                time_ms = clock.hours_before_end(hours) + number * 40_000
                yield _finding(place, time_ms, resource, flaw, status)
    yield _reachable(_PLATFORMS, clock.hours_before_end(3.2))


def _finding(
    place: Place, time_ms: int, resource: dict[str, Any], flaw: Flaw, status: str
) -> BusEvent:
    fixed = {"fixedInVersion": flaw.fixed_in} if flaw.fixed_in else {}
    package = {"name": flaw.package, "packageManager": "OS", "version": "1.0", "arch": "ARM64"}
    key = f"{flaw.number:04d}-{resource['id'].rpartition('/')[2][-8:]}"
    said = {
        "type": "PACKAGE_VULNERABILITY",
        "title": f"{flaw.name} - {flaw.package}",
        "severity": flaw.severity,
        "status": status,
        "packageVulnerabilityDetails": {
            "vulnerabilityId": flaw.name,
            "source": "NVD",
            "sourceUrl": f"https://example.com/{flaw.name}",
            "vulnerablePackages": [package | fixed],
        },
        "inspectorScore": SEVERITIES[flaw.severity],
        "fixAvailable": "YES" if flaw.fixed_in else "NO",
        "exploitAvailable": "YES" if flaw.severity == "CRITICAL" else "NO",
    }
    return _event(place, time_ms, key, resource, said)


def _reachable(place: Place, time_ms: int) -> BusEvent:
    """The port that the scanner found as well."""
    said = {
        "type": "NETWORK_REACHABILITY",
        "title": "Port 22 is reachable from an internet gateway",
        "severity": "MEDIUM",
        "status": "ACTIVE",
        "networkReachabilityDetails": {
            "openPortRange": {"begin": 22, "end": 22},
            "protocol": "TCP",
        },
    }
    return _event(place, time_ms, "port-22", _PLATFORM, said)


def _event(
    place: Place, time_ms: int, key: str, resource: dict[str, Any], said: dict[str, Any]
) -> BusEvent:
    at = spelled(time_ms, "%b %d, %Y, %I:%M:%S %p")
    finding = {
        "awsAccountId": place.account,
        "findingArn": f"arn:aws:inspector2:{place.region}:{place.account}:finding/{key}",
        "description": f"{said['title']}: see the advisory.",
        "firstObservedAt": at,
        "lastObservedAt": at,
        "updatedAt": at,
        "remediation": {"recommendation": {"text": "Update."}},
        "resources": [{**resource, "partition": "aws", "region": place.region}],
        **said,
    }
    return BusEvent(
        place=place,
        seen_at=watched(place),
        source="aws.inspector2",
        detail_type="Inspector2 Finding",
        time_ms=time_ms,
        detail=finding,
        dataset="aws.inspector",
        resources=[resource["id"]],
    )
