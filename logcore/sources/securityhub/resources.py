"""What an ASFF finding is about: instances, users, packages and files.

Reference: https://docs.aws.amazon.com/securityhub/latest/userguide/asff-resources.html
"""

import re
from typing import Any

from logcore.shape import ip, listed, obj, text, unique

_SHA256 = re.compile(r"[0-9A-Fa-f]{64}")


def instance_of(resources: list[dict[str, Any]]) -> dict[str, Any]:
    """ECS ``cloud`` and ``host`` of the first instance; empty where there is none."""
    found = next((r for r in resources if text(r.get("Type")) == "AwsEc2Instance"), None)
    if found is None:
        return {"cloud": {}, "host": {}}
    details = obj(obj(found.get("Details")).get("AwsEc2Instance"))
    instance_id = (text(found.get("Id")) or "").rpartition("/")[2] or None
    machine = text(details.get("Type"))
    addresses = (*listed(details.get("IpV4Addresses")), *listed(details.get("IpV6Addresses")))
    return {
        "cloud": {
            "instance": {"id": instance_id, "name": text(obj(found.get("Tags")).get("Name"))},
            "machine": {"type": machine},
        },
        "host": {
            "id": instance_id,
            "type": machine,
            "ip": unique(*(ip(text(address)) for address in addresses)),
        },
    }


def user_of(resources: list[dict[str, Any]]) -> dict[str, str | None]:
    """The user of an access key, or the user that is the resource."""
    for resource in resources:
        details = obj(resource.get("Details"))
        key, user = obj(details.get("AwsIamAccessKey")), obj(details.get("AwsIamUser"))
        name = text(key.get("PrincipalName")) or text(key.get("UserName"))
        if name or text(user.get("UserName")):
            return {
                "name": name or text(user.get("UserName")),
                "id": text(key.get("PrincipalId")) or text(user.get("UserId")),
            }
    return {"name": None, "id": None}


def packages_of(finding: dict[str, Any]) -> dict[str, Any]:
    """ECS ``package`` of all vulnerable packages, a list for each field."""
    flaws = [obj(flaw) for flaw in listed(finding.get("Vulnerabilities"))]
    parts = [obj(part) for flaw in flaws for part in listed(flaw.get("VulnerablePackages"))]
    keys = {
        "name": "Name",
        "version": "Version",
        "architecture": "Architecture",
        "path": "FilePath",
        "type": "PackageManager",
    }
    return {name: unique(*(text(p.get(key)) for p in parts)) for name, key in keys.items()}


def files_of(finding: dict[str, Any]) -> dict[str, Any]:
    """ECS ``file`` of what threats and malware were found in."""
    threats = [obj(threat) for threat in listed(finding.get("Threats"))]
    found = [obj(file) for threat in threats for file in listed(threat.get("FilePaths"))]
    malware = (text(obj(part).get("Path")) for part in listed(finding.get("Malware")))
    hashes = (text(file.get("Hash")) for file in found)
    return {
        "path": unique(*(text(file.get("FilePath")) for file in found), *malware),
        "name": unique(*(text(file.get("FileName")) for file in found)),
        "hash": {"sha256": unique(*(h for h in hashes if h and _SHA256.fullmatch(h)))},
    }
