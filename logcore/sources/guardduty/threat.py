"""What GuardDuty knows of the threat: tactics, indicators, names and malicious files.

Reference: https://attack.mitre.org/tactics/enterprise/
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from logcore.codec import Plain
from logcore.shape import compact, listed, obj, text, unique

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

    lists: list[str] | None
    names: list[str] | None
    hashes: list[str] | None


def told_of(evidence: dict[str, Any], list_name: str | None, threat_name: str | None) -> Told:
    """What threat lists say.

    Args:
        evidence: Where each says it.
        list_name: From ``additionalInfo``, where older findings say it once.
        threat_name: Likewise.
    """
    details = [obj(detail) for detail in listed(evidence.get("threatIntelligenceDetails"))]
    threats = [name for detail in details for name in listed(detail.get("threatNames"))]
    return Told(
        lists=unique(*(text(detail.get("threatListName")) for detail in details), list_name),
        names=unique(*map(text, threats), threat_name),
        hashes=unique(*(text(detail.get("threatFileSha256")) for detail in details)),
    )


class Aims(NamedTuple):
    """What somebody is after, in the words of MITRE ATT&CK.

    Attributes:
        framework: Its name, where there is anything.
        tactics: Names of tactics.
        tactic_ids: Their ids.
        techniques: Names of techniques.
        technique_ids: Their ids.
    """

    framework: str | None
    tactics: list[str] | None
    tactic_ids: list[str] | None
    techniques: list[str] | None
    technique_ids: list[str] | None


def aims_of(purpose: str | None, sequence: dict[str, Any]) -> Aims:
    """A sequence names its tactics, any other finding's purpose may be one."""
    tactics = unique(PURPOSES.get(purpose or ""), *_indicated(sequence, "ATTACK_TACTIC"))
    techniques = [_technique(value) for value in _indicated(sequence, "ATTACK_TECHNIQUE")]
    return Aims(
        framework="MITRE ATT&CK" if tactics or techniques else None,
        tactics=tactics,
        tactic_ids=unique(*map(TACTICS.get, tactics or ())),
        techniques=unique(*(name for _, name in techniques)),
        technique_ids=unique(*(found for found, _ in techniques)),
    )


class Indicator(NamedTuple):
    """What gave a threat away, as ECS ``threat.indicator``."""

    type: Plain | None
    name: str | None
    ip: Plain | None


@lru_cache(maxsize=4_096)
def indicator_of(address: Plain | None, domain: str | None) -> Indicator:
    """The domain that was looked up, else the far address."""
    if domain or not address:
        return Indicator(Plain("domain-name") if domain else None, domain, None)
    return Indicator(Plain("ipv6-addr" if ":" in address else "ipv4-addr"), address, address)


def signals_of(sequence: dict[str, Any]) -> list[str] | None:
    """Names of the signals that an attack sequence consists of."""
    return unique(*(text(obj(signal).get("name")) for signal in listed(sequence.get("signals"))))


def malware_of(volumes: dict[str, Any], scan: dict[str, Any]) -> list[str] | None:
    """Names of the malware that scans found."""
    if not volumes and not scan:
        return None
    threats = [*_scanned(volumes), *map(obj, listed(scan.get("threats")))]
    return unique(*(text(threat.get("name")) for threat in threats))


class Files(NamedTuple):
    """Malicious files: ECS ``file``, and their hashes for ``related.hash``."""

    file: dict[str, Any] | None = None
    hashes: list[str] | None = None


NO_FILES = Files()


def files_of(
    buckets: list[Any], volumes: dict[str, Any], scan: dict[str, Any], context: dict[str, Any]
) -> Files:
    """The malicious files that a scan found in volumes, objects or backups, or a process ran."""
    if not (buckets or volumes or scan or context):
        return NO_FILES
    found = list(_files(buckets, volumes, scan))
    hashes = unique(*(digest for _, _, digest in found))
    file = {
        "path": unique(*(path for path, _, _ in found), text(context.get("threatFilePath"))),
        "name": unique(*(name for _, name, _ in found)),
        "hash": {"sha256": hashes},
    }
    return Files(compact(file), hashes)


def _files(
    buckets: list[Any], volumes: dict[str, Any], scan: dict[str, Any]
) -> Iterator[tuple[str | None, str | None, str | None]]:
    """Path, name and SHA-256 of each file."""
    for threat in _scanned(volumes):
        for file in map(obj, listed(threat.get("filePaths"))):
            yield text(file.get("filePath")), text(file.get("fileName")), text(file.get("hash"))
    for threat in map(obj, listed(scan.get("threats"))):
        for item in map(obj, listed(threat.get("itemPaths"))):
            yield text(item.get("nestedItemPath")), None, text(item.get("hash"))
        for item in map(obj, listed(threat.get("itemDetails"))):
            yield text(item.get("itemPath")), None, text(item.get("hash"))
    for bucket in map(obj, buckets):
        for entry in map(obj, listed(bucket.get("s3ObjectDetails"))):
            yield text(entry.get("key")), None, text(entry.get("hash"))


def _scanned(volumes: dict[str, Any]) -> list[dict[str, Any]]:
    detections = obj(volumes.get("scanDetections"))
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
