"""GuardDuty findings as EventBridge carries them.

Reference: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html
"""

from typing import Any

from local.story.entry import BusEvent, Place
from local.story.organisation import LEAKED, MINER, MINER_ADDRESS, MINING_POOL, watched
from logcore.shape import utc


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
        "arn": f"arn:aws:guardduty:{place.region}:{place.account}:detector/d/finding/{finding_id}",
        "type": kind,
        "resource": resource,
        "service": {
            "serviceName": "guardduty",
            "detectorId": "d0c0ffee",
            "action": action or {},
            "resourceRole": "TARGET",
            "additionalInfo": {"value": "{}", "type": "default"},
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
    """A machine as a finding's resource."""
    return {
        "resourceType": "Instance",
        "instanceDetails": {
            "instanceId": instance_id,
            "instanceType": kind,
            "launchTime": "2026-11-01T08:00:00Z",
            "availabilityZone": "eu-west-1a",
            "networkInterfaces": [
                {
                    "networkInterfaceId": "eni-0badc0ffee0badc0f",
                    "privateIpAddress": address,
                    "publicIp": "198.51.100.200",
                    "subnetId": "subnet-0a1b2c3d",
                    "vpcId": "vpc-0a1b2c3d",
                    "securityGroups": [{"groupId": "sg-0a1b2c3d", "groupName": "default"}],
                }
            ],
            "tags": [{"key": "Name", "value": "batch"}],
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
        "country": {"countryName": "Exampleland"},
        "city": {"cityName": place},
        "geoLocation": {"lat": 0.0, "lon": 0.0},
        "organization": {
            "asn": "64496",
            "asnOrg": "EXAMPLE-AS",
            "isp": "Example",
            "org": "Example",
        },
    }
