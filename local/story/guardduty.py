"""GuardDuty findings as EventBridge carries them.

Reference: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html
"""

from typing import Any

from local.story.entry import BusEvent, Place
from local.story.organisation import LEAKED, MINER, MINER_ADDRESS, MINING_POOL, watched
from logcore.codec import dump_json
from logcore.shape import utc

DETECTOR = "d0c0ffeed0c0ffeed0c0ffeed0c0ffee"
LIST = "example-threat-list"
_FEATURES = {
    "NETWORK_CONNECTION": "FlowLogs",
    "PORT_PROBE": "FlowLogs",
    "DNS_REQUEST": "DnsLogs",
    "AWS_API_CALL": "CloudTrail",
}
"""The data source behind a finding, by its kind of action."""


def finding(
    place: Place,
    time_ms: int,
    *,
    number: int,
    kind: str,
    severity: float,
    title: str,
    resource: dict[str, Any],
    action: dict[str, Any] | None,
    count: int = 1,
    first_ms: int | None = None,
) -> BusEvent:
    """One finding, seen by the member and by the administrator.

    An update has the id of the finding it updates, a later ``updatedAt`` and a higher ``count``.
    """
    finding_id = f"{number:08x}c0ffee00c0ffee00c0ffee00"
    begun = utc(first_ms or time_ms)
    updated = utc(time_ms)
    detail = {
        "schemaVersion": "2.0",
        "accountId": place.account,
        "region": place.region,
        "partition": "aws",
        "id": finding_id,
        "arn": f"arn:aws:guardduty:{place.region}:{place.account}:detector/{DETECTOR}"
        f"/finding/{finding_id}",
        "type": kind,
        "resource": resource,
        "service": {
            "serviceName": "guardduty",
            "detectorId": DETECTOR,
            "featureName": _FEATURES.get((action or {}).get("actionType", ""), "CloudTrail"),
            "action": action or {},
            "resourceRole": "TARGET",
            "additionalInfo": {
                "value": dump_json({"threatListName": LIST, "inBytes": "8192"}).decode(),
                "type": "default",
                "threatListName": LIST,
            },
            "evidence": {
                "threatIntelligenceDetails": [
                    {"threatListName": LIST, "threatNames": [kind.partition("/")[0]]}
                ]
            },
            "eventFirstSeen": begun,
            "eventLastSeen": updated,
            "archived": False,
            "count": count,
        },
        "severity": severity,
        "createdAt": begun,
        "updatedAt": updated,
        "title": title,
        "description": f"{title}.",
    }
    return BusEvent(
        place=place,
        seen_at=watched(place),
        source="aws.guardduty",
        detail_type="GuardDuty Finding",
        time_ms=time_ms,
        detail=detail,
        dataset="aws.guardduty",
        native_id=f"{finding_id}/{updated}",
    )


def access_key() -> dict[str, Any]:
    """The leaked key as a finding's resource."""
    return {
        "resourceType": "AccessKey",
        "accessKeyDetails": {
            "accessKeyId": LEAKED.key,
            "principalId": "AIDAIOSFODNN7EXAMPLE",
            "userType": "IAMUser",
            "userName": LEAKED.name,
        },
    }


def instance(instance_id: str, address: str, kind: str) -> dict[str, Any]:
    """A machine as a finding's resource, with all that GuardDuty says of one."""
    inside = f"ip-{address.replace('.', '-')}.eu-west-1.compute.internal"
    interface = {
        "ipv6Addresses": [],
        "networkInterfaceId": "eni-0badc0ffee0badc0f",
        "privateDnsName": inside,
        "privateIpAddress": address,
        "privateIpAddresses": [{"privateDnsName": inside, "privateIpAddress": address}],
        "publicDnsName": "ec2-198-51-100-200.eu-west-1.compute.amazonaws.com",
        "publicIp": "198.51.100.200",
        "securityGroups": [
            {"groupId": "sg-0a1b2c3d4e5f60718", "groupName": "default"},
            {"groupId": "sg-0b1c2d3e4f5061728", "groupName": "batch-workers"},
        ],
        "subnetId": "subnet-0a1b2c3d4e5f60718",
        "vpcId": "vpc-0a1b2c3d4e5f60718",
    }
    return {
        "resourceType": "Instance",
        "instanceDetails": {
            "availabilityZone": "eu-west-1a",
            "iamInstanceProfile": {
                "arn": "arn:aws:iam::222222222222:instance-profile/batch-worker",
                "id": "AIPAIOSFODNN7EXAMPLE",
            },
            "imageDescription": "Amazon Linux 2023 AMI 2023.9 x86_64 HVM kernel-6.12",
            "imageId": "ami-0a1b2c3d4e5f60718",
            "instanceId": instance_id,
            "instanceState": "running",
            "instanceType": kind,
            "launchTime": "2026-11-01T08:00:00.000Z",
            "networkInterfaces": [interface],
            "outpostArn": None,
            "platform": None,
            "productCodes": [],
            "tags": [
                {"key": "Name", "value": "batch"},
                {"key": "team", "value": "analytics"},
                {"key": "environment", "value": "production"},
                {"key": "aws:autoscaling:groupName", "value": "batch-workers"},
                {"key": "aws:ec2launchtemplate:id", "value": "lt-0a1b2c3d4e5f60718"},
            ],
        },
    }


def miner() -> dict[str, Any]:
    """The machine that mines."""
    return instance(MINER, MINER_ADDRESS, "g5.12xlarge")


def api_call(service: str, name: str, address: str, error: str | None = None) -> dict[str, Any]:
    """An API call as a finding's action."""
    return {
        "actionType": "AWS_API_CALL",
        "awsApiCallAction": {
            "api": name,
            "serviceName": f"{service}.amazonaws.com",
            "callerType": "Remote IP",
            "errorCode": error or "",
            "remoteIpDetails": _remote(address),
        },
    }


def name_lookup(domain: str) -> dict[str, Any]:
    """A DNS question as a finding's action."""
    return {
        "actionType": "DNS_REQUEST",
        "dnsRequestAction": {"domain": domain, "protocol": "UDP", "blocked": False},
    }


def connection(address: str, port: int) -> dict[str, Any]:
    """An outbound connection as a finding's action."""
    return {
        "actionType": "NETWORK_CONNECTION",
        "networkConnectionAction": {
            "connectionDirection": "OUTBOUND",
            "blocked": False,
            "protocol": "TCP",
            "localPortDetails": {"port": 51234, "portName": "Unknown"},
            "remotePortDetails": {"port": port, "portName": "Unknown"},
            "localIpDetails": {"ipAddressV4": MINER_ADDRESS},
            "localNetworkInterface": "eni-0badc0ffee0badc0f",
            "remoteIpDetails": _remote(address),
        },
    }


def port_probe(address: str, port: int) -> dict[str, Any]:
    """A probe from outside as a finding's action."""
    return {
        "actionType": "PORT_PROBE",
        "portProbeAction": {
            "blocked": False,
            "portProbeDetails": [
                {
                    "localPortDetails": {"port": port, "portName": "SSH"},
                    "localIpDetails": {"ipAddressV4": "10.20.1.30"},
                    "remoteIpDetails": _remote(address),
                }
            ],
        },
    }


def _remote(address: str) -> dict[str, Any]:
    place = "Example City" if address != MINING_POOL else "Pool Town"
    return {
        "ipAddressV4": address,
        "country": {"countryCode": "XA", "countryName": "Exampleland"},
        "city": {"cityName": place},
        "geoLocation": {"lat": 51.4779, "lon": -0.0015},
        "organization": {
            "asn": "64496",
            "asnOrg": "EXAMPLE-AS",
            "isp": "Example",
            "org": "Example",
        },
    }
