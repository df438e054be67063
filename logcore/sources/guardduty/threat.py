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


class Told(NamedTuple):
    """What threat lists know, of all of them together.

    Attributes:
        lists: Names of the lists.
        names: Names of the threats.
        hashes: SHA-256 of files.
    """

    lists: list[str]
    names: list[str]
    hashes: list[str]


NOTHING = Told([], [], [])


def told_of(service: dict[str, Any]) -> Told:
    """What threat lists say; older findings say it once, in ``additionalInfo``."""
    evidence = service.get("evidence")
    extra = obj(service.get("additionalInfo"))
    if not evidence and _TELLING.isdisjoint(extra):
        return NOTHING
    told = Told([], [], [])
    for detail in map(obj, listed(obj(evidence).get("threatIntelligenceDetails"))):
        _add(told.lists, detail.get("threatListName"))
        for name in listed(detail.get("threatNames")):
            _add(told.names, name)
        _add(told.hashes, detail.get("threatFileSha256"))
    _add(told.lists, extra.get("threatListName"))
    _add(told.names, extra.get("threatName"))
    return told


def threat_of(purpose: str | None, sequence: dict[str, Any], told: Told, action: Action) -> Json:
    """ECS ``threat``: a sequence names its tactics, any other finding's purpose may be one."""
    indicator = _indicator(told, action) if told.lists else None
    if not sequence:
        return _with(_threat_of_purpose(purpose), indicator)
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
            "indicator": indicator,
        }
    )


@lru_cache(maxsize=256)
def _threat_of_purpose(purpose: str | None) -> Json:
    tactic = PURPOSES.get(purpose or "")
    return _written({"framework": "MITRE ATT&CK", "tactic": _tactic([tactic])} if tactic else {})


def _with(threat: Json, indicator: dict[str, Any] | None) -> Json:
    """A threat that is written already, with an indicator."""
    if indicator is None:
        return threat
    known = f"{threat[:-1]}," if threat else "{"
    return Json(f'{known}"indicator":{dump_json(indicator).decode()}}}')


def _tactic(names: list[str]) -> dict[str, Any]:
    return {"name": names, "id": unique(*(TACTICS.get(name) for name in names))}


def _written(threat: dict[str, Any]) -> Json:
    kept = compact(threat)
    return Json(dump_json(kept).decode()) if kept else Json("")


_TELLING = frozenset({"threatListName", "threatName"})
_SCANS = frozenset({"ebsVolumeScanDetails", "malwareScanDetails"})


def threat_names_of(service: dict[str, Any], told: Told) -> list[str] | None:
    """Names of malware and of the threats that threat lists attach to an address."""
    if _SCANS.isdisjoint(service):
        return unique(*told.names) if told.names else None
    return unique(*told.names, *_scanned_names(service))


def signals_of(sequence: dict[str, Any]) -> list[str] | None:
    """Names of the signals that an attack sequence consists of."""
    signals = listed(sequence.get("signals")) if sequence else []
    return unique(*(text(obj(signal).get("name")) for signal in signals)) if signals else None


def _scanned_names(service: dict[str, Any]) -> Iterator[str | None]:
    for threat in _scanned(service):
        yield text(threat.get("name"))
    for threat in listed(obj(service.get("malwareScanDetails")).get("threats")):
        yield text(obj(threat).get("name"))


class Files(NamedTuple):
    """Malicious files: ECS ``file``, and their hashes for ``related.hash``."""

    file: dict[str, Any]
    hashes: list[str] | None


_WITH_FILES = _SCANS | {"runtimeDetails"}


def files_of(resource: dict[str, Any], service: dict[str, Any], told: Told) -> Files:
    """The malicious files that a scan or a threat list found."""
    if _WITH_FILES.isdisjoint(service) and "s3BucketDetails" not in resource:
        return Files({}, unique(*told.hashes) if told.hashes else None)
    context = obj(obj(service.get("runtimeDetails")).get("context"))
    process = obj(obj(service.get("runtimeDetails")).get("process"))
    found = list(_files(resource, service))
    hashes = [digest for _, _, digest in found]
    file = {
        "path": unique(*(path for path, _, _ in found), text(context.get("threatFilePath"))),
        "name": unique(*(name for _, name, _ in found)),
        "hash": {"sha256": unique(*hashes)},
    }
    of_process = text(process.get("executableSha256"))
    return Files(compact(file), unique(*hashes, *told.hashes, of_process))


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


def _indicator(told: Told, action: Action) -> dict[str, Any]:
    """What gave the threat away, when a threat list knew it: a domain, else the far address."""
    lists = unique(*told.lists)
    address, domain = obj(action.remote).get("ip"), action.domain
    if domain:
        return {"provider": lists, "type": "domain-name", "name": domain}
    if not address:
        return {"provider": lists}
    kind = "ipv6-addr" if ":" in address else "ipv4-addr"
    return {"provider": lists, "type": kind, "name": address, "ip": address}


def _add(texts: list[str], value: Any) -> None:  # noqa: ANN401  any JSON
    if value and isinstance(value, str):
        texts.append(value)


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
