"""What an OCSF finding saw: the first of its evidences, and its affected things, as ECS fields.

References:
https://schema.ocsf.io/1.6.0/objects/evidences
https://schema.ocsf.io/1.6.0/objects/resource_details
"""

from typing import Any

from logcore.formats import dns
from logcore.formats.place import geo_point
from logcore.formats.web import hosts, port, url
from logcore.shape import integer, ip, listed, obj, text, time, unique
from logcore.sources.securityhub.traffic import TRANSPORTS

DIRECTIONS = {"inbound": "inbound", "outbound": "outbound", "lateral": "internal"}
"""ECS ``network.direction`` by the word of a connection."""

_COUNTRY_CODE = 2  # letters; OCSF asks for the code, products write names too
_INSTANCE = "AWS::EC2::Instance"
_IDENTITIES = frozenset({"AWS::IAM::AccessKey", "AWS::IAM::User"})
_USER_KEYS = ("name", "uid")
_NAME_KEYS = ("domain", "hostname")


def evidence_of(finding: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """Root fields of the first evidence, and beside them the ``operation`` that was called.

    ``related`` takes the ends, users and hashes of all.
    """
    found = [obj(evidence) for evidence in listed(finding.get("evidences"))]
    first = found[0] if found else {}
    source = _end(obj(first.get("src_endpoint")), "src_endpoint", malformed)
    destination = _end(obj(first.get("dst_endpoint")), "dst_endpoint", malformed)
    ends = [obj(e.get(side)) for e in found for side in ("src_endpoint", "dst_endpoint")]
    user = obj(obj(first.get("actor")).get("user"))
    file, query = obj(first.get("file")), obj(first.get("query"))
    names = [text(obj(obj(e.get("actor")).get("user")).get(k)) for e in found for k in _USER_KEYS]
    queried = dns.host_name(query.get("hostname"))
    hashes = [
        text(obj(h).get("value")) for e in found for h in listed(obj(e.get("file")).get("hashes"))
    ]
    return {
        "operation": text(obj(first.get("api")).get("operation")),
        "source": source,
        "destination": destination,
        "network": _network(obj(first.get("connection_info")), queried),
        "dns": {"question": dns.question(queried, text(query.get("type")))},
        "url": _url(obj(first.get("url")), malformed),
        "process": _process(first, malformed),
        "file": {
            "name": text(file.get("name")),
            "path": text(file.get("path")),
            "hash": {"sha256": _sha256(file)},
        },
        "user": {"name": text(user.get("name")), "id": text(user.get("uid"))},
        "user_agent": {"original": text(obj(first.get("http_request")).get("user_agent"))},
        "related": {
            "ip": unique(*(ip(text(end.get("ip"))) for end in ends), *_observed(finding)),
            "hosts": hosts(*(text(end.get(k)) for end in ends for k in _NAME_KEYS), queried),
            "user": unique(*names),
            "hash": unique(*hashes),
        },
    }


def _observed(finding: dict[str, Any]) -> list[str | None]:
    """Addresses among the observables, which OCSF lists whatever they were found in."""
    return [ip(text(obj(seen).get("value"))) for seen in listed(finding.get("observables"))]


def resource_of(resources: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """ECS ``cloud`` and ``host`` of the first instance, ``user`` of the first identity."""
    instance = next((r for r in resources if text(r.get("type")) == _INSTANCE), {})
    identity = next((r for r in resources if text(r.get("type")) in _IDENTITIES), {})
    instance_id = (text(instance.get("uid")) or "").rpartition("/")[2] or None
    tags = [obj(tag) for tag in listed(instance.get("tags"))]
    named = next((tag for tag in tags if tag.get("name") == "Name"), {})
    details = obj(identity.get("data"))
    return {
        "cloud": {"instance": {"id": instance_id, "name": text(named.get("value"))}},
        "host": {"id": instance_id},
        "user": {
            "name": text(details.get("user_name")) or text(identity.get("name")),
            "id": text(details.get("principal_id")) or text(identity.get("uid")),
        },
    }


def packages_of(finding: dict[str, Any]) -> dict[str, Any]:
    """ECS ``package`` of all affected packages, a list for each field."""
    flaws = [obj(flaw) for flaw in listed(finding.get("vulnerabilities"))]
    parts = [obj(part) for flaw in flaws for part in listed(flaw.get("affected_packages"))]
    keys = {"type": "package_manager"}
    names = ("name", "version", "architecture", "path", "type")
    return {name: unique(*(text(p.get(keys.get(name, name))) for p in parts)) for name in names}


def _end(endpoint: dict[str, Any], name: str, malformed: list[str]) -> dict[str, Any]:
    place, owner = obj(endpoint.get("location")), obj(endpoint.get("autonomous_system"))
    address = text(endpoint.get("ip"))
    domain = text(endpoint.get("domain")) or text(endpoint.get("hostname"))
    mac, country = text(endpoint.get("mac")), text(place.get("country")) or ""
    return {
        "address": address or domain,
        "ip": ip(address),
        "domain": domain,
        "port": port(endpoint.get("port"), f"{name}.port", malformed),
        "mac": mac.upper().replace(":", "-") if mac and name == "src_endpoint" else None,
        "geo": {
            "city_name": text(place.get("city")),
            "country_iso_code": country if len(country) == _COUNTRY_CODE else None,
            "country_name": country if len(country) > _COUNTRY_CODE else None,
            "location": geo_point(place.get("lat"), place.get("long")),
        },
        "as": {
            "number": integer(owner.get("number"), f"{name}.autonomous_system", malformed),
            "organization": {"name": text(owner.get("name"))},
        },
    }


def _network(connection: dict[str, Any], queried: str | None) -> dict[str, str | None]:
    named = (text(connection.get("protocol_name")) or "").lower() or None
    return {
        "direction": DIRECTIONS.get((text(connection.get("direction")) or "").lower()),
        "protocol": "dns" if queried else named,
        "transport": named if named in TRANSPORTS else None,
    }


def _url(found: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    link = text(found.get("url_string"))
    return url(link, malformed) if link else {}


def _process(evidence: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """The evidence's process, else the one that acted."""
    found = obj(evidence.get("process")) or obj(obj(evidence.get("actor")).get("process"))
    parent = obj(found.get("parent_process"))
    return {
        "name": text(found.get("name")),
        "executable": text(found.get("path")) or text(obj(found.get("file")).get("path")),
        "command_line": text(found.get("cmd_line")),
        "pid": integer(found.get("pid"), "process.pid", malformed),
        "parent": {
            "name": text(parent.get("name")),
            "pid": integer(parent.get("pid"), "parent_process.pid", malformed),
        },
        "start": time(found.get("created_time_dt"), "process.created_time_dt", malformed),
        "end": time(found.get("terminated_time_dt"), "process.terminated_time_dt", malformed),
    }


def _sha256(file: dict[str, Any]) -> str | None:
    known = (obj(entry) for entry in listed(file.get("hashes")))
    return next((text(h.get("value")) for h in known if h.get("algorithm") == "SHA-256"), None)
