"""A finding in the AWS Security Finding Format.

Reference: https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
"""

from typing import Any
from urllib.parse import urlsplit

from logcore.record import Document
from logcore.shape import integer, ip, listed, obj, text, time, unique
from logcore.sources.securityhub.labels import OUTCOMES, category_of, kind_of, severity_of

ACTIONS = {
    "NetworkConnectionAction": "NETWORK_CONNECTION",
    "AwsApiCallAction": "AWS_API_CALL",
    "DnsRequestAction": "DNS_REQUEST",
    "PortProbeAction": "PORT_PROBE",
}
DIRECTIONS = {"IN": "inbound", "INBOUND": "inbound", "OUT": "outbound", "OUTBOUND": "outbound"}


def document_of(finding: dict[str, Any], malformed: list[str]) -> Document:
    """The ECS fields of a finding; may hold ``None``."""
    resources = [obj(resource) for resource in listed(finding.get("Resources"))]
    compliance = obj(finding.get("Compliance"))
    severity_part = obj(finding.get("Severity"))
    severity = severity_of(severity_part.get("Label"), severity_part.get("Normalized"), malformed)
    types = unique(*map(text, listed(finding.get("Types"))))
    updated = text(finding.get("UpdatedAt"))
    status, company = text(compliance.get("Status")), text(finding.get("CompanyName"))
    standards = unique(
        *(text(obj(s).get("StandardsId")) for s in listed(compliance.get("AssociatedStandards")))
    )
    source, destination, network = _traffic(finding, malformed)
    instance = next((r for r in resources if text(r.get("Type")) == "AwsEc2Instance"), {})
    instance_id = (text(instance.get("Id")) or "").rpartition("/")[2] or None
    title, described = text(finding.get("Title")), text(finding.get("Description"))
    remedy = obj(obj(finding.get("Remediation")).get("Recommendation"))
    user = _user(resources)
    return {
        "@timestamp": time(finding.get("UpdatedAt"), "UpdatedAt", malformed),
        "message": described or title,
        "event": {
            "id": "/".join(filter(None, (text(finding.get("Id")), updated))),
            "kind": kind_of(status),
            "category": [category_of(" ".join(types or ()))],
            "type": ["info"],
            "action": text(obj(finding.get("Action")).get("ActionType")),
            "provider": text(finding.get("ProductName")),
            "outcome": OUTCOMES.get(status or "", "unknown" if status else None),
            "created": time(finding.get("CreatedAt"), "CreatedAt", malformed),
            "start": time(finding.get("FirstObservedAt"), "FirstObservedAt", malformed),
            "end": time(finding.get("LastObservedAt"), "LastObservedAt", malformed),
            "severity": severity.score,
            "risk_score": severity.score,
            "reason": title,
            "url": text(finding.get("SourceUrl")),
        },
        "rule": {
            "id": text(finding.get("GeneratorId")),
            "name": title,
            "description": described,
            "category": types[0] if types else None,
            "ruleset": standards[0] if standards else None,
            "reference": text(remedy.get("Url")),
        },
        "cloud": {
            "account": {
                "id": text(finding.get("AwsAccountId")),
                "name": text(finding.get("AwsAccountName")),
            },
            "region": text(finding.get("Region"))
            or next((r for part in resources if (r := text(part.get("Region")))), None),
            "instance": {
                "id": instance_id,
                "name": text(obj(instance.get("Tags")).get("Name")),
            },
        },
        "host": {"id": instance_id},
        "observer": {"vendor": company},
        "organization": {"name": company},
        "source": source,
        "destination": destination,
        "network": network,
        "dns": {"question": {"name": _dns_name(finding)}},
        "url": _url(text(finding.get("SourceUrl"))),
        "process": _process(obj(finding.get("Process")), malformed),
        "threat": {"indicator": _indicator(finding, malformed)},
        "user": user,
        "vulnerability": _vulnerability(finding),
        "related": {
            "ip": unique(source["ip"], destination["ip"]),
            "hosts": unique(instance_id),
            "user": unique(user["name"], user["id"]),
        },
        "securityhub": {
            "format": "ASFF",
            "finding_id": text(finding.get("Id")),
            "product": text(finding.get("ProductName")),
            "severity_label": severity.label,
            "workflow_status": text(obj(finding.get("Workflow")).get("Status")),
            "record_state": text(finding.get("RecordState")),
            "compliance_status": status,
            "control": text(compliance.get("SecurityControlId")),
            "standards": standards,
            "types": types,
            "resources": unique(*(text(r.get("Id")) for r in resources)),
            "resource_types": unique(*(text(r.get("Type")) for r in resources)),
        },
    }


def _traffic(
    finding: dict[str, Any], malformed: list[str]
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """ECS ``source``, ``destination`` and ``network``, from the finding or from its action."""
    seen, action = obj(finding.get("Network")), obj(finding.get("Action"))
    found = next((obj(action.get(name)) for name in ACTIONS if obj(action.get(name))), {})
    probes = [obj(probe) for probe in listed(found.get("PortProbeDetails"))]
    details = probes[0] if probes else found
    direction = DIRECTIONS.get(
        (text(seen.get("Direction")) or text(found.get("ConnectionDirection")) or "").upper()
    )
    remote, local = _remote(details, malformed), _local(details, malformed)
    ends = (local, remote) if direction == "outbound" else (remote, local)
    protocol = text(seen.get("Protocol")) or text(found.get("Protocol"))
    return (
        _end(seen, "Source", malformed, ends[0]),
        _end(seen, "Destination", malformed, ends[1]),
        {"direction": direction, "protocol": protocol.lower() if protocol else None},
    )


def _end(
    seen: dict[str, Any], side: str, malformed: list[str], other: dict[str, Any]
) -> dict[str, Any]:
    address = text(seen.get(f"{side}IpV4")) or text(seen.get(f"{side}IpV6")) or other["address"]
    domain = text(seen.get(f"{side}Domain")) or other["domain"]
    port = integer(seen.get(f"{side}Port"), f"Network.{side}Port", malformed)
    return {
        **other,
        "address": address or domain,
        "ip": ip(address),
        "domain": domain,
        "port": other["port"] if port is None else port,
        "mac": text(seen.get("SourceMac")) if side == "Source" else None,
    }


def _remote(details: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    where = obj(details.get("RemoteIpDetails"))
    country, owner = obj(where.get("Country")), obj(where.get("Organization"))
    return {
        "address": text(where.get("IpAddressV4")),
        "domain": text(obj(details.get("DomainDetails")).get("Domain")),
        "port": _port(details, "RemotePortDetails", malformed),
        "geo": {
            "country_name": text(country.get("CountryName")),
            "country_iso_code": text(country.get("CountryCode")),
            "city_name": text(obj(where.get("City")).get("CityName")),
        },
        "as": {
            "number": integer(owner.get("Asn"), "Organization.Asn", malformed),
            "organization": {"name": text(owner.get("AsnOrg")) or text(owner.get("Org"))},
        },
    }


def _local(details: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    return {
        "address": text(obj(details.get("LocalIpDetails")).get("IpAddressV4")),
        "domain": None,
        "port": _port(details, "LocalPortDetails", malformed),
    }


def _port(details: dict[str, Any], section: str, malformed: list[str]) -> int | None:
    return integer(obj(details.get(section)).get("Port"), f"{section}.Port", malformed)


def _dns_name(finding: dict[str, Any]) -> str | None:
    return text(obj(obj(finding.get("Action")).get("DnsRequestAction")).get("Domain"))


def _process(details: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    return {
        "name": text(details.get("Name")),
        "executable": text(details.get("Path")),
        "pid": integer(details.get("Pid"), "Process.Pid", malformed),
        "parent": {"pid": integer(details.get("ParentPid"), "Process.ParentPid", malformed)},
        "start": time(details.get("LaunchedAt"), "Process.LaunchedAt", malformed),
        "end": time(details.get("TerminatedAt"), "Process.TerminatedAt", malformed),
    }


def _indicator(finding: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """The first indicator; the others are in the finding."""
    first = obj(next(iter(listed(finding.get("ThreatIntelIndicators"))), None))
    value = text(first.get("Value"))
    seen = time(first.get("LastObservedAt"), "ThreatIntelIndicators.LastObservedAt", malformed)
    return {
        "type": text(first.get("Type")),
        "name": value,
        "ip": ip(value),
        "last_seen": seen,
        "provider": text(first.get("Source")),
    }


def _vulnerability(finding: dict[str, Any]) -> dict[str, Any]:
    """Every id and link, and the first score that is one."""
    parts = [obj(part) for part in listed(finding.get("Vulnerabilities"))]
    scores = [obj(score) for part in parts for score in listed(part.get("Cvss"))]
    score = next((s for s in scores if type(s.get("BaseScore")) in (int, float)), {})
    links = (text(link) for part in parts for link in listed(part.get("ReferenceUrls")))
    vendor = next((v for part in parts if (v := text(obj(part.get("Vendor")).get("Name")))), None)
    base = score.get("BaseScore")
    return {
        "id": unique(*(text(part.get("Id")) for part in parts)),
        "reference": unique(*links),
        "scanner": {"vendor": (vendor or text(finding.get("ProductName"))) if parts else None},
        "score": {
            "base": base if base is not None and 0 <= base <= 10 else None,  # noqa: PLR2004  CVSS
            "version": text(score.get("Version")),
        },
    }


def _user(resources: list[dict[str, Any]]) -> dict[str, Any]:
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


def _url(link: str | None) -> dict[str, Any]:
    if link is None:
        return {}
    try:
        parts = urlsplit(link)
        domain = parts.hostname
    except ValueError:
        return {"original": link}
    return {
        "original": link,
        "full": link,
        "scheme": parts.scheme or None,
        "domain": domain,
        "path": parts.path or None,
    }
