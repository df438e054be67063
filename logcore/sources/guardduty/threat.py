"""What GuardDuty knows of the threat: tactics, indicators, names and malicious files.

Reference: https://attack.mitre.org/tactics/enterprise/
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from logcore.codec import dump_json
from logcore.mapping import Json
from logcore.shape import compact, listed, obj, text, unique
from logcore.sources.guardduty.action import Action

TACTICS = {
    "Reconnaissance": "TA0043",
    "Resource Development": "TA0042",
    "Initial Access": "TA0001",
    "Execution": "TA0002",
    "Persistence": "TA0003",
    "Privilege Escalation": "TA0004",
    "Defense Evasion": "TA0005",
    "Credential Access": "TA0006",
    "Discovery": "TA0007",
    "Lateral Movement": "TA0008",
    "Collection": "TA0009",
    "Exfiltration": "TA0010",
    "Command and Control": "TA0011",
    "Impact": "TA0040",
}
"""MITRE ATT&CK tactics and their ids."""

PURPOSES = {
    "Recon": "Reconnaissance",
    "InitialAccess": "Initial Access",
    "Execution": "Execution",
    "Persistence": "Persistence",
    "PrivilegeEscalation": "Privilege Escalation",
    "DefenseEvasion": "Defense Evasion",
    "CredentialAccess": "Credential Access",
    "Discovery": "Discovery",
    "Exfiltration": "Exfiltration",
    "Impact": "Impact",
}
"""The tactic behind a purpose, for those that mean one; ``Trojan`` or ``Policy`` mean none."""

_TECHNIQUE = re.compile(r"(T\d{4}(?:\.\d{3})?)(?: - (.+))?")


def threat_of(purpose: str | None, service: dict[str, Any], action: Action) -> Json:
    """ECS ``threat``: a sequence names its tactics, any other finding's purpose may be one."""
    if not _tells(service):
        return _threat_of_purpose(purpose)
    sequence = obj(obj(service.get("detection")).get("sequence"))
    tactics = unique(PURPOSES.get(purpose or ""), *_indicated(sequence, "ATTACK_TACTIC")) or []
    techniques = [_technique(value) for value in _indicated(sequence, "ATTACK_TECHNIQUE")]
    return _written(
        {
            "framework": "MITRE ATT&CK" if tactics or techniques else None,
            "tactic": _tactic(tactics),
            "technique": {
                "name": unique(*(name for _, name in techniques)),
                "id": unique(*(found for found, _ in techniques)),
            },
            "indicator": _indicator(service, action),
        }
    )


@lru_cache(maxsize=256)
def _threat_of_purpose(purpose: str | None) -> Json:
    tactic = PURPOSES.get(purpose or "")
    return _written({"framework": "MITRE ATT&CK", "tactic": _tactic([tactic])} if tactic else {})


def _tactic(names: list[str]) -> dict[str, Any]:
    return {"name": names, "id": unique(*(TACTICS.get(name) for name in names))}


def _written(threat: dict[str, Any]) -> Json:
    kept = compact(threat)
    return Json(dump_json(kept).decode()) if kept else Json("")


_TELLING = frozenset(
    {"evidence", "ebsVolumeScanDetails", "malwareScanDetails", "runtimeDetails", "detection"}
)
_TELLING_MORE = frozenset({"threatListName", "threatName"})


def _tells(service: dict[str, Any]) -> bool:
    """Whether there is a section that may name a threat, an indicator or a file; most have none."""
    if not _TELLING.isdisjoint(service):
        return True
    extra = service.get("additionalInfo")
    return isinstance(extra, dict) and not _TELLING_MORE.isdisjoint(extra)


def threat_names_of(service: dict[str, Any]) -> list[str] | None:
    """Names of malware and of the threats that threat lists attach to an address."""
    return unique(*_threat_names(service)) if _tells(service) else None


def signals_of(sequence: dict[str, Any]) -> list[str] | None:
    """Names of the signals that an attack sequence consists of."""
    signals = listed(sequence.get("signals")) if sequence else []
    return unique(*(text(obj(signal).get("name")) for signal in signals)) if signals else None


def _threat_names(service: dict[str, Any]) -> Iterator[str | None]:
    for detail in _intelligence(service):
        yield from (text(name) for name in listed(detail.get("threatNames")))
    for threat in _scanned(service):
        yield text(threat.get("name"))
    for threat in listed(obj(service.get("malwareScanDetails")).get("threats")):
        yield text(obj(threat).get("name"))


class Files(NamedTuple):
    """Malicious files: ECS ``file``, and their hashes for ``related.hash``."""

    file: dict[str, Any]
    hashes: list[str] | None


def files_of(resource: dict[str, Any], service: dict[str, Any]) -> Files:
    """The malicious files that a scan or a threat list found."""
    if not _tells(service) and "s3BucketDetails" not in resource:
        return Files({}, None)
    context = obj(obj(service.get("runtimeDetails")).get("context"))
    process = obj(obj(service.get("runtimeDetails")).get("process"))
    found = list(_files(resource, service))
    hashes = [digest for _, _, digest in found]
    file = {
        "path": unique(*(path for path, _, _ in found), text(context.get("threatFilePath"))),
        "name": unique(*(name for _, name, _ in found)),
        "hash": {"sha256": unique(*hashes)},
    }
    of_lists = (text(detail.get("threatFileSha256")) for detail in _intelligence(service))
    of_process = text(process.get("executableSha256"))
    return Files(compact(file), unique(*hashes, *of_lists, of_process))


def _files(
    resource: dict[str, Any], service: dict[str, Any]
) -> Iterator[tuple[str | None, str | None, str | None]]:
    """Path, name and SHA-256 of each file, from volumes, objects and backups alike."""
    for threat in _scanned(service):
        for file in map(obj, listed(threat.get("filePaths"))):
            yield text(file.get("filePath")), text(file.get("fileName")), text(file.get("hash"))
    for threat in map(obj, listed(obj(service.get("malwareScanDetails")).get("threats"))):
        for item in map(obj, listed(threat.get("itemPaths"))):
            yield text(item.get("nestedItemPath")), None, text(item.get("hash"))
        for item in map(obj, listed(threat.get("itemDetails"))):
            yield text(item.get("itemPath")), None, text(item.get("hash"))
    for bucket in map(obj, listed(resource.get("s3BucketDetails"))):
        for entry in map(obj, listed(bucket.get("s3ObjectDetails"))):
            yield text(entry.get("key")), None, text(entry.get("hash"))


def _indicator(service: dict[str, Any], action: Action) -> dict[str, Any]:
    """What gave the threat away, when a threat list knew it: a domain, else the far address."""
    lists = unique(*(text(detail.get("threatListName")) for detail in _intelligence(service)))
    address, domain = obj(action.remote).get("ip"), action.domain
    if lists is None or not (address or domain):
        return {"provider": lists}
    of_address = "ipv6-addr" if address and ":" in address else "ipv4-addr"
    return {
        "provider": lists,
        "type": "domain-name" if domain else of_address,
        "name": domain or address,
        "ip": None if domain else address,
    }


def _intelligence(service: dict[str, Any]) -> list[dict[str, Any]]:
    """What threat lists said; older findings say it once, in ``additionalInfo``."""
    details = listed(obj(service.get("evidence")).get("threatIntelligenceDetails"))
    found = [obj(detail) for detail in details]
    extra = obj(service.get("additionalInfo"))
    if "threatListName" in extra or "threatName" in extra:
        older = extra.get("threatListName"), extra.get("threatName")
        found.append({"threatListName": older[0], "threatNames": [older[1]]})
    return found


def _scanned(service: dict[str, Any]) -> list[dict[str, Any]]:
    detections = obj(obj(service.get("ebsVolumeScanDetails")).get("scanDetections"))
    names = obj(detections.get("threatDetectedByName")).get("threatNames")
    return [obj(threat) for threat in listed(names)]


def _indicated(sequence: dict[str, Any], key: str) -> Iterator[str]:
    for indicator in map(obj, listed(sequence.get("sequenceIndicators"))):
        if indicator.get("key") == key:
            yield from filter(None, map(text, listed(indicator.get("values"))))


def _technique(value: str) -> tuple[str | None, str | None]:
    """Id and name of ``T1078.004 - Valid Accounts: Cloud Accounts``; the id may be missing."""
    found = _TECHNIQUE.fullmatch(value)
    return (found[1], found[2]) if found else (None, value)
